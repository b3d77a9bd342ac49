"""Does triage decide as the table says, in every combination (T9), and does the page say the same?"""

from __future__ import annotations

from collections import Counter

import pytest

from mailbot.desk.authority import Authority, authority
from mailbot.desk.triage import triage
from mailbot.desk.verdict import Append, Hold, Ignore, Open, Verdict
from tests.desk import decisions as d
from tests.desk.decision_facts import facts


def said(verdict: Verdict) -> str:
    """A verdict in the table's words."""
    other = " other" if isinstance(verdict, Open | Append) and verdict.contract.id == 2 else ""
    match verdict:
        case Open(_, _, former):
            return f"follow{other}" if former else f"open{other}"
        case Append():
            return f"append{other}"
        case Hold():
            return f"hold {verdict.reason}"
        case Ignore(reason):
            return f"ignore {reason}"
    raise AssertionError(verdict)


def told(verdict: Verdict) -> str:
    """Who outside gets a letter, as `flows.holding` makes it of a verdict."""
    match verdict:
        case Open():
            return d.ACKNOWLEDGED
        case Hold(reason="ended", asker=asker) if asker is not None and asker.kind == "person":
            return d.TOLD_ENDED
        case Hold(reason="participant", asker=asker, incident=incident) if asker is not None and incident is not None:
            return d.ASKED_TO_ADMIT
    return d.NOBODY


@pytest.mark.parametrize("who", d.WHO)
def test_triage_decides_as_the_table_says(who: str) -> None:
    wrong = Counter()
    for case in d.cases():
        if case.who == who:
            expected, verdict = d.decided(case), triage(facts(case)).verdict
            if (said(verdict), told(verdict)) != (expected.then, expected.told):
                wrong[f"{said(verdict)}, {told(verdict)}; not {expected.then}, {expected.told}: {case}"] += 1
    assert list(wrong)[:5] == [], f"{len(wrong)} are decided otherwise"


def test_there_are_enough_and_every_line_is_needed() -> None:
    everything = list(d.cases())
    assert len(everything) >= 5_000
    assert {id(d.decided(case)) for case in everything} == {id(each) for each in d.TABLE}


def test_nobody_outside_hears_of_what_was_disowned() -> None:
    for case in d.cases():
        if case.trust == d.FORGED and case.released == d.NO and case.who != d.LIST:
            assert d.decided(case).told == d.NOBODY, case


def test_the_page_is_current() -> None:
    assert d.DOCUMENT.read_text(encoding="utf-8") == d.page(), "run: python -m tests.desk.decisions --write"


ORDERS = {
    (d.AUTHENTICATED, d.NO, False): Authority.FULL,
    (d.PLAUSIBLE, d.NO, False): Authority.ONCE_CONFIRMED,
    (d.PLAUSIBLE, d.NO, True): Authority.FULL,
    (d.FORGED, d.NO, False): Authority.NONE,
    (d.FORGED, d.NO, True): Authority.NONE,
    (d.PLAUSIBLE, d.AS_IT_IS, False): Authority.FULL,
    (d.FORGED, d.AS_IT_IS, False): Authority.FULL,
}


@pytest.mark.parametrize(("trust", "released", "confirmed"), ORDERS)
@pytest.mark.parametrize("reference", [d.NOTHING, d.TOKEN, d.LETTER])
def test_whose_word_changes_something(trust: str, released: str, confirmed: bool, reference: str) -> None:
    """A token of the incident does not confirm an order: it is in every letter that was ever forwarded."""
    case = d.Case(d.ASKER, trust, d.LAX, reference, d.IN_FORCE, released, "hold")
    assert authority(facts(case), confirmed=confirmed) is ORDERS[trust, released, confirmed]


def test_without_one_author_there_is_nobody_to_obey() -> None:
    case = d.Case(d.NO_AUTHOR, d.AUTHENTICATED, d.LAX, d.NOTHING, d.IN_FORCE, d.NO, "hold")
    assert authority(facts(case), confirmed=True) is Authority.NONE

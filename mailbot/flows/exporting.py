"""How would a contract be applied for that is as this one is? So that an export can be imported. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.desk.contract import Asker, AskerKind, Term
from mailbot.desk.senders import SenderRules
from mailbot.flows.application import Application
from mailbot.flows.equipment import shown
from mailbot.mail.address import written
from mailbot.mail.message import Mailbox
from mailbot.store.wholes import Whole

_ALTHOUGH = "it was registered so before"


def application_of(whole: Whole, senders: SenderRules) -> Application:
    """Write a contract down as somebody would who applies for it."""
    contract = whole.contract
    *earlier, last = contract.terms or (None,)
    menu = (last.menu if last else None) or contract.menu
    persons = [each for each in whole.askers if each.kind is AskerKind.PERSON]
    lists = [each for each in whole.askers if each.kind is AskerKind.LIST]
    first, more = next(iter(lists), None), lists[1:]
    return Application(
        where=contract.number,
        number=contract.number,
        customer=contract.customer,
        menu=menu,
        starts_on=str(last.starts_on) if last else "",
        ends_on=str(last.ends_on) if last else "",
        language=contract.language,
        cluster=contract.cluster,
        contacts=tuple(map(written, whole.contacts)),
        askers=tuple(map(_written, persons)),
        list=_written(first) if first else "",
        list_id=(first.list_id or "") if first else "",
        extra_askers=str(contract.extra_askers),
        mailing_list_option="yes" if contract.mailing_list_option else "no",
        more_lists=tuple(f"{_written(each)} {each.list_id or ''}".strip() for each in more),
        earlier_terms=tuple(_term(each, contract.menu, menu) for each in earlier if each),
        cancelled_at=contract.cancelled_at.isoformat() if contract.cancelled_at else "",
        trust=contract.trust or "",
        timezone=contract.timezone or "",
        equipment=tuple(map(shown, whole.equipment)),
        although_role_name=_ALTHOUGH if _roles(persons, senders) else "",
    )


def _written(asker: Asker) -> str:
    return written(Mailbox(asker.name, asker.address))


def _term(term: Term, contracted: str, menu: str) -> str:
    own = term.menu or contracted
    return f"{term.starts_on}/{term.ends_on}{f' {own}' if own != menu else ''}"


def _roles(persons: Sequence[Asker], senders: SenderRules) -> bool:
    return any(senders.role_in(each.name, each.address) for each in persons)

"""As which askers is a writer registered? (S5, S8)"""

from __future__ import annotations

import pytest

from mailbot.desk.contract import Asker, AskerKind
from mailbot.desk.facts import Writer

PERSON = Asker(1, 1, AskerKind.PERSON, "Taro", "taro@customer.example", None)
LIST = Asker(2, 1, AskerKind.LIST, "Team", "team@customer.example", "team.customer.example")
OLD_LIST = Asker(3, 1, AskerKind.LIST, "Team", "old@customer.example", None)


@pytest.mark.parametrize(
    ("writer", "expected"),
    [
        pytest.param(Writer("taro@customer.example", None, None), [PERSON], id="by himself"),
        pytest.param(Writer("who@customer.example", "team.customer.example", None), [LIST], id="through the list"),
        pytest.param(
            Writer("taro@customer.example", "team.customer.example", "team@customer.example"),
            [PERSON, LIST],
            id="a person through the list",
        ),
        pytest.param(
            Writer("who@customer.example", "other.customer.example", "team@customer.example"), [], id="another"
        ),
        pytest.param(Writer("who@customer.example", None, "old@customer.example"), [OLD_LIST], id="by its address"),
        pytest.param(Writer("team@customer.example", None, None), [], id="the list as author is not through the list"),
        pytest.param(Writer(None, None, None), [], id="nobody"),
    ],
)
def test_registered_as(writer: Writer, expected: list[Asker]) -> None:
    assert [asker for asker in (PERSON, LIST, OLD_LIST) if writer.is_registered_as(asker)] == expected

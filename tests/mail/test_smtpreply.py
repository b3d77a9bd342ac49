"""Enhanced status codes from what servers answer."""

import pytest

from mailbot.mail.smtpreply import status_in


@pytest.mark.parametrize(
    ("text", "delayed", "expected"),
    [
        pytest.param("smtp; 550 5.1.1 <x@a.jp>: no", False, "5.1.1", id="written"),
        pytest.param("Sendmail 5.61.1/1.3: 452 4.2.2 over quota", False, "4.2.2", id="behind the reply, not a version"),
        pytest.param("host 5.9.1.22 said: 550-5.7.1 refused", False, "5.7.1", id="not an address of a host"),
        pytest.param("Sorry, no mailbox here by that name. (#5.1.1)", False, "5.1.1", id="qmail"),
        pytest.param("550 user unknown", False, "5.1.1", id="user unknown"),
        pytest.param("450 mailbox full", False, "4.2.2", id="the class of the reply"),
        pytest.param("Mailbox is full", False, "5.2.2", id="no reply, given up"),
        pytest.param("Mailbox is full", True, "4.2.2", id="no reply, still trying"),
        pytest.param("554 message too large", False, "5.3.4", id="size"),
        pytest.param("Host or domain name not found", False, "5.1.2", id="domain"),
        pytest.param("554 rejected as spam", False, "5.7.1", id="policy"),
        pytest.param("connection timed out", True, "4.4.1", id="connection"),
        pytest.param("554 transaction failed", False, "5.0.0", id="a reply that says no more"),
        pytest.param("宛先が存在しません", False, "5.1.1", id="Japanese, unknown"),
        pytest.param("メールボックスの容量を超えています", False, "5.2.2", id="Japanese, full"),
        pytest.param("受信拒否されました", False, "5.7.1", id="Japanese, refused"),
        pytest.param("Good morning", False, "", id="nothing"),
    ],
)
def test_status_in(text: str, delayed: bool, expected: str) -> None:
    assert status_in(text, delayed=delayed) == expected

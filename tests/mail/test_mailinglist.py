"""Which list, by whom."""

import pytest

from mailbot.mail.message import Mailbox, MailingList
from mailbot.mail.reading import read

CASES = {
    "mailman": (
        "From: Taro <t@example.jp>\nList-Id: Team list <team.lists.example>\nList-Post: <mailto:team@lists.example>\n"
        "X-Mailman-Version: 2.1.39",
        MailingList("team.lists.example", "team@lists.example", "GNU Mailman 2.1.39", Mailbox("Taro", "t@example.jp")),
    ),
    "rewritten for DMARC": (
        "From: Taro via Team <team@lists.example>\nReply-To: Taro <t@example.jp>, team@lists.example\n"
        "List-Id: <Team.Lists.example>\nList-Post: <mailto:team@lists.example>",
        MailingList("team.lists.example", "team@lists.example", None, Mailbox("Taro", "t@example.jp")),
    ),
    "Mailman's way, behind the Reply-To that the writer had": (
        "From: Taro via Team <team@lists.example>\nReply-To: office@example.jp, Taro <t@example.jp>\n"
        "List-Id: <team.lists.example>\nList-Post: <mailto:team@lists.example>\nX-Mailman-Version: 3.3.10",
        MailingList("team.lists.example", "team@lists.example", "GNU Mailman 3.3.10", Mailbox("Taro", "t@example.jp")),
    ),
    "Mailman's way, in Cc, when answers go to the list": (
        "From: Taro via Team <team@lists.example>\nReply-To: Team <team@lists.example>\n"
        "Cc: support+token@desk.example, Boss <b@example.jp>, Taro <t@example.jp>\nList-Id: <team.lists.example>\n"
        "List-Post: <mailto:team@lists.example>",
        MailingList("team.lists.example", "team@lists.example", None, Mailbox("Taro", "t@example.jp")),
    ),
    "Mailman's way with a writer without a name": (
        "From: t--- via Team <team@lists.example>\nCc: t@example.jp, b@example.jp\nList-Id: <team.lists.example>\n"
        "List-Post: <mailto:team@lists.example>",
        MailingList("team.lists.example", "team@lists.example", None, Mailbox("t---", "t@example.jp")),
    ),
    "more than one List-Id": (
        "From: t@example.jp\nList-Id: <One.lists.example>\nList-Id: <two.lists.example>",
        MailingList("one.lists.example", None, None, Mailbox("", "t@example.jp"), ("two.lists.example",)),
    ),
    "google groups": (
        "From: 'Taro' via Team <team@groups.example>\nX-Original-From: Taro <t@example.jp>\nX-Google-Group-Id: 1\n"
        "List-ID: <team.groups.example>\nMailing-list: list team@groups.example; contact team+owners@groups.example",
        MailingList("team.groups.example", "team@groups.example", "Google Groups 1", Mailbox("Taro", "t@example.jp")),
    ),
    "fml": (
        "From: t@example.jp\nX-ML-Name: team\nX-MLServer: fml [fml 4.0]\nList-Post: <mailto:team@lists.example>",
        MailingList(None, "team@lists.example", "fml [fml 4.0]", Mailbox("", "t@example.jp")),
    ),
    "ezmlm": (
        "From: t@example.jp\nMailing-List: contact team-help@lists.example; run by ezmlm",
        MailingList(None, "team@lists.example", "ezmlm", Mailbox("", "t@example.jp")),
    ),
    "majordomo": (
        "From: t@example.jp\nTo: team@lists.example\nSender: owner-team@lists.example\nPrecedence: bulk",
        MailingList(None, "team@lists.example", None, Mailbox("", "t@example.jp")),
    ),
    "a person": ("From: t@example.jp\nTo: support@desk.example\nPrecedence: bulk", None),
    "sender of an assistant": ("From: t@example.jp\nSender: a@example.jp\nReply-To: a@example.jp", None),
}


@pytest.mark.parametrize(("header", "found"), CASES.values(), ids=CASES.keys())
def test_list(header: str, found: MailingList | None) -> None:
    assert read(f"{header}\n\nx\n".encode()).mailing_list == found

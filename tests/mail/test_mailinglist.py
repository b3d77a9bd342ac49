"""Which list, by which software, and who wrote."""

import pytest

from mailbot.mail.listauthor import author_of
from mailbot.mail.mailinglist import mailing_list_of
from mailbot.mail.message import Mailbox, MailingList
from mailbot.mail.reading import header_fields, read

TARO = Mailbox("Taro", "t@example.jp")
BARE = Mailbox("", "t@example.jp")
POST = "team@lists.example"

CASES = {
    "mailman 2": (
        "From: Taro <t@example.jp>\nList-Id: Team list <team.lists.example>\nList-Post: <mailto:team@lists.example>\n"
        "X-Mailman-Version: 2.1.39\nX-BeenThere: team@lists.example\nPrecedence: list",
        MailingList("team.lists.example", POST, "GNU Mailman 2.1.39", TARO),
    ),
    "mailman 3": (
        "From: Taro <t@example.jp>\nList-Id: \"Team <A> list\" <Team.Lists.example>\nX-Mailman-Version: 3.3.9\n"
        "List-Post: <mailto:team@lists.example>\nX-MailFrom: t@example.jp",
        MailingList("team.lists.example", POST, "GNU Mailman 3.3.9", TARO),
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
        "From: Taro <t@example.jp>\nX-Google-Group-Id: 1\nX-Original-Sender: x@other.example\n"
        "List-ID: <team.groups.example>\nMailing-list: list team@groups.example; contact team+owners@groups.example\n"
        "List-Post: <https://groups.example/group/team/post>, <mailto:team@groups.example>",
        MailingList("team.groups.example", "team@groups.example", "Google Groups", TARO),
    ),
    "sympa": (
        "From: t@example.jp\nX-Sympa-To: team@lists.example\nX-no-archive-sympa: yes\nPrecedence: list\n"
        "List-Id: <team.lists.example>\nList-Post: <mailto:team@lists.example>",
        MailingList("team.lists.example", POST, "Sympa", BARE),
    ),
    "sympa by its robot": (
        "From: t@example.jp\nList-Id: <team.lists.example>\nList-Post: <mailto:team@lists.example>\n"
        "List-Help: <mailto:sympa@lists.example?subject=help>",
        MailingList("team.lists.example", POST, "Sympa", BARE),
    ),
    "fml": (
        "From: t@example.jp\nX-ML-Name: team\nX-Mail-Count: 00012\nX-MLServer: fml [fml 4.0]\n"
        "List-Post: <mailto:team@lists.example>",
        MailingList(None, POST, "fml [fml 4.0]", BARE),
    ),
    "fml without List-Post": (
        "From: t@example.jp\nTo: team@lists.example\nReply-To: team@lists.example\nX-ML-Name: team\nX-Mail-Count: 12\n"
        "Sender: team-admin@lists.example\nPrecedence: bulk",
        MailingList(None, POST, None, BARE),
    ),
    "quickml": (
        "From: t@example.jp\nX-ML-Name: team\nX-Mail-Count: 3\nX-QuickML: true\nReply-To: team@lists.example\n"
        "List-Id: <team.lists.example>",
        MailingList("team.lists.example", None, "QuickML", BARE),
    ),
    "ezmlm": (
        "From: t@example.jp\nMailing-List: contact team-help@lists.example; run by ezmlm\nPrecedence: bulk",
        MailingList(None, POST, "ezmlm", BARE),
    ),
    "majordomo": (
        "From: t@example.jp\nTo: team@lists.example\nSender: owner-team@lists.example\nPrecedence: bulk",
        MailingList(None, POST, None, BARE),
    ),
    "majordomo with fields": (
        "From: t@example.jp\nX-Mailing-List: team@lists.example\nPrecedence: bulk\n"
        "List-Unsubscribe: <mailto:majordomo@lists.example?body=unsubscribe>",
        MailingList(None, POST, "Majordomo", BARE),
    ),
    "listserv": (
        "From: t@example.jp\nSender: Team <TEAM@lists.example>\nReply-To: Team <TEAM@lists.example>\n"
        "To: TEAM@lists.example\nPrecedence: list\nList-Help: <mailto:LISTSERV@lists.example?body=INFO>\n"
        "List-Subscribe: <mailto:TEAM-subscribe-request@lists.example>\n"
        "List-Unsubscribe: <mailto:TEAM-unsubscribe-request@lists.example>",
        MailingList(None, "TEAM@lists.example", "LISTSERV", BARE),
    ),
    "listproc": (
        "From: t@example.jp\nTo: team@lists.example\nSender: owner-team@lists.example\nPrecedence: bulk\n"
        "X-Listprocessor-Version: 8.2.07 -- ListProc(tm)",
        MailingList(None, POST, "ListProcessor 8.2.07 -- ListProc(tm)", BARE),
    ),
    "smartlist": (
        "From: t@example.jp\nX-Mailing-List: <team@lists.example> archive/latest/12\nX-Loop: team@lists.example\n"
        "Precedence: list\nResent-Sender: team-request@lists.example",
        MailingList(None, POST, None, BARE),
    ),
    "lyris": (
        "From: t@example.jp\nList-Unsubscribe: <mailto:leave-team-1234567X@lists.example>\nPrecedence: bulk",
        MailingList(None, POST, "Lyris", BARE),
    ),
    "yahoo groups": (
        "From: t@example.jp\nMailing-List: list team@yahoogroups.com; contact team-owner@yahoogroups.com\n"
        "Delivered-To: mailing list team@yahoogroups.com\nPrecedence: bulk",
        MailingList(None, "team@yahoogroups.com", "Yahoo Groups", BARE),
    ),
    "groups.io": (
        "From: t@example.jp\nList-Id: <team.groups.io>\n"
        "Mailing-List: list team@groups.io; contact team+owner@groups.io",
        MailingList("team.groups.io", "team@groups.io", "groups.io", BARE),
    ),
    "sourcehut": (
        "From: t@example.jp\nList-ID: ~team/devel <~team/devel.lists.sr.ht>\n"
        "List-Post: <mailto:~team/devel@lists.sr.ht>\nSender: ~team/devel <~team/devel@lists.sr.ht>",
        MailingList("~team/devel.lists.sr.ht", "~team/devel@lists.sr.ht", "sourcehut", BARE),
    ),
    "discourse": (
        "From: Taro via Forum <noreply@forum.example>\nList-ID: Forum | Help <help.forum.example>\n"
        "X-Discourse-Post-Id: 1\nReply-To: Forum <reply+1@forum.example>",
        MailingList("help.forum.example", None, "Discourse", None),
    ),
    "communigate": (
        "From: t@example.jp\nX-ListServer: CommuniGate Pro LIST 5.4\nList-Post: <mailto:team@lists.example>",
        MailingList(None, POST, "CommuniGate Pro LIST 5.4", BARE),
    ),
    "ecartis": (
        "From: t@example.jp\nX-ecartis-version: Ecartis v1.0.0\nX-list: team\nSender: team-bounce@lists.example\n"
        "Precedence: normal",
        MailingList(None, POST, "Ecartis v1.0.0", BARE),
    ),
    "mdaemon": (
        "From: t@example.jp\nX-MDMailing-List: team@lists.example",
        MailingList(None, POST, "MDaemon", BARE),
    ),
    "microsoft 365 group": (
        "From: t@example.jp\nX-MS-Exchange-UnifiedGroup-SubmittedViaGroupAddress: /o=ExchangeLabs/cn=team",
        MailingList(None, None, "Microsoft 365 Groups", BARE),
    ),
    "announcements": (
        "From: t@example.jp\nList-Id: <news.lists.example>\nList-Post: NO",
        MailingList("news.lists.example", None, None, BARE),
    ),
    "identifier without brackets": (
        "From: t@example.jp\nList-Id: Team list team.lists.example",
        MailingList("team.lists.example", None, None, BARE),
    ),
    "identifier unclosed": (
        "From: t@example.jp\nList-Id: Team <team.lists.example",
        MailingList("team.lists.example", None, None, BARE),
    ),
    "identifier folded": (
        "From: t@example.jp\nList-Id: =?utf-8?B?44OB44O844Og?=\n <team.\n lists.example>",
        MailingList("team.lists.example", None, None, BARE),
    ),
    "a person": ("From: t@example.jp\nTo: support@desk.example\nPrecedence: bulk", None),
    "an assistant": ("From: t@example.jp\nSender: a@example.jp\nReply-To: a@example.jp", None),
    "a newsletter": (
        "From: news@shop.example\nSender: news@shop.example\nReply-To: news@shop.example\nTo: t@example.jp\n"
        "Precedence: bulk\nList-Unsubscribe: <mailto:news-unsubscribe@shop.example>, <https://shop.example/u>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        None,
    ),
    "phplist": (
        "From: news@shop.example\nTo: t@example.jp\nX-phpList-version: 3.6\nX-MessageID: 1\nPrecedence: bulk\n"
        "List-Help: <https://shop.example/h>\nList-Unsubscribe: <https://shop.example/u>\n"
        "List-Subscribe: <https://shop.example/s>\nList-Owner: <mailto:admin@shop.example>",
        None,
    ),
    "a distribution list of Exchange": ("From: t@example.jp\nTo: team@corp.example\nX-MS-Has-Attach: yes", None),
}  # fmt: skip

LIST = "List-Id: <team.lists.example>\nList-Post: <mailto:team@lists.example>\n"
AUTHORS = {
    "mailman": ("From: Taro via Team <team@lists.example>\nReply-To: Taro <t@example.jp>, team@lists.example", TARO),
    "mailman, a colleague in Reply-To": (
        "From: Taro via Team <team@lists.example>\nReply-To: Boss <b@example.jp>, Taro <t@example.jp>", TARO),
    "mailman, answers to the list": (
        "From: Taro via Team <team@lists.example>\nReply-To: Team <team@lists.example>\n"
        "Cc: Hanako <h@example.jp>, Taro <t@example.jp>", TARO),
    "only others in Cc": (
        "From: Taro via Team <team@lists.example>\nReply-To: team@lists.example\nCc: Hanako <h@example.jp>", None),
    "mailman with the bounce address": (
        "From: Taro via Team <team-bounces@lists.example>\nReply-To: Taro <t@example.jp>", TARO),
    "google": ("From: 'Taro' via Team <team@lists.example>\nX-Original-From: Taro <t@example.jp>", TARO),
    "google without the name": ("From: 'Taro' via Team <team@lists.example>\nX-Original-Sender: t@example.jp", TARO),
    "standard": ("From: Team <team@lists.example>\nAuthor: Taro <t@example.jp>", TARO),
    "ja": ('From: "Taro (Team 経由)" <team@lists.example>\nReply-To: t@example.jp', TARO),
    "sympa": ('From: "Taro (via team Mailing List)" <team@lists.example>\nReply-To: t@example.jp', TARO),
    "groups.io": ("From: Taro via lists.example <t=example.jp@lists.example>\nReply-To: team@lists.example", TARO),
    "ietf": ("From: Taro <t=40example.jp@dmarc.lists.example>", TARO),
    "yahoo": ('From: "Taro t@example.jp [team]" <team@lists.example>', TARO),
    "listserv": ("From: Taro <000012ab-dmarc-request@lists.example>\nReply-To: t@example.jp", TARO),
    "listserv hides": ("From: Taro <000012ab-dmarc-request@lists.example>\nReply-To: team@lists.example", None),
    "no via, and one Reply-To": ("From: Team <team@lists.example>\nReply-To: Taro <t@example.jp>", TARO),
    "no trace": ("From: Team <team@lists.example>", None),
    "not rewritten, and a Reply-To that claims": ("From: Taro <t@example.jp>\nReply-To: Boss <b@example.jp>", TARO),
    "not rewritten, and a field that claims": ("From: Taro <t@example.jp>\nX-Original-From: Boss <b@example.jp>", TARO),
    "via in the name, at a host of his own": (
        "From: Taro via Team <t@example.jp>\nReply-To: Boss <b@example.jp>", Mailbox("Taro via Team", "t@example.jp")),
    "an equals sign at a host of his own": (
        "From: Taro <a=b.example@example.jp>\nReply-To: b@example.jp", Mailbox("Taro", "a=b.example@example.jp")),
    "a colleague of the list": ("From: Taro <t@lists.example>\nReply-To: b@example.jp",
                                Mailbox("Taro", "t@lists.example")),
    "no From": ("Reply-To: b@example.jp", None),
}  # fmt: skip


@pytest.mark.parametrize(("header", "found"), CASES.values(), ids=CASES.keys())
def test_list(header: str, found: MailingList | None) -> None:
    assert read(f"{header}\n\nx\n".encode()).mailing_list == found


@pytest.mark.parametrize(("header", "author"), AUTHORS.values(), ids=AUTHORS.keys())
def test_author(header: str, author: Mailbox | None) -> None:
    found = read(f"{LIST}{header}\n\nx\n".encode()).mailing_list
    assert found is not None
    assert found.author == author


@pytest.mark.parametrize(
    "inner",
    [
        "Content-Type: message/rfc822\n\nFrom: Taro <t@example.jp>\n\nhello\n",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\npreface\n--b\nContent-Type: message/rfc822\n\n"
        "From: Taro <t@example.jp>\n\nhello\n--b--\n",
    ],
    ids=["whole", "below a preface"],
)
def test_author_of_a_wrapped_mail(inner: str) -> None:
    found = read(f"From: Team <team@lists.example>\n{LIST}{inner}".encode()).mailing_list
    assert found is not None
    assert found.author == TARO


def test_person_who_forwards_to_a_list_stays_the_author() -> None:
    raw = f"From: Taro <t@example.jp>\n{LIST}Content-Type: message/rfc822\n\nFrom: Boss <b@example.jp>\n\nhello\n"
    found = read(raw.encode()).mailing_list
    assert found is not None
    assert found.author == TARO


def test_mail_attached_to_a_rewritten_one_is_not_the_authors() -> None:
    head = f"From: Taro via Team <team@lists.example>\nReply-To: Taro <t@example.jp>\n{LIST}"
    inner = "Content-Type: message/rfc822\n\nFrom: Boss <b@example.jp>\n\nhello\n"
    found = read(f"{head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\n{inner}--b--\n".encode())
    assert found.mailing_list is not None
    assert found.mailing_list.author == TARO


@pytest.mark.parametrize("value", [" " * 16_000, "via " * 4_000, "(" * 8_000, "a@" * 8_000, "x=" * 8_000, "a." * 8_000])
def test_hostile_names_are_cheap(value: str) -> None:
    fields = header_fields(f'From: "{value}" <team@lists.example>\n{LIST}Reply-To: {value}\n\n'.encode())
    found = mailing_list_of(fields)
    assert found is not None
    assert found.author == author_of(fields, list_id=found.list_id, post=found.post_address, wrapped=None)

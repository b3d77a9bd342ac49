"""New text, quotation, signature: the mail programs of the West, what is pasted, and what every split keeps to."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.mail.quote import split

CASES = {
    "nothing quoted": ("Hello\n\nIt works.\n", "Hello\n\nIt works."),
    "gmail": ("Thanks!\n\nOn Sun, Nov 22, 2026 at 10:00 AM Desk <desk@example.jp> wrote:\n> try this\n", "Thanks!"),
    "gmail, wrapped on two lines": (
        "Thanks!\n\nOn Sun, Nov 22, 2026 at 10:00 AM The Support Desk <\ndesk@example.jp> wrote:\n\n> try this\n",
        "Thanks!",
    ),
    "gmail, wrapped on three lines and not marked": (
        "Thanks!\n\nOn Sun, Nov 22, 2026 at 10:00 AM The Support Desk\n<desk@example.jp>\nwrote:\n\ntry this\n",
        "Thanks!",
    ),
    "gmail, address on its own lines": (
        "Thanks!\n\nOn Sun, 22 Nov 2026 at 10:00 Desk\n\n<\nmailto:Desk <desk@example.jp>\n> wrote:\n\ntry this\n",
        "Thanks!",
    ),
    "gmail, the bracket wrapped": (
        "Takk!\n\nsøn. 22. nov. 2026 kl. 10:00 skrev Desk <desk@example.jp\n>:\n\n> prøv\n",
        "Takk!",
    ),
    "a date that ends a line with a full stop": (
        "Danke!\n\nDesk <desk@example.jp> schrieb am So., 22.\nNov. 2026 um 10:00 Uhr:\n\n> bitte\n",
        "Danke!",
    ),
    "thanks above an address is not the attribution's": (
        'Thank you Bob\n"Desk" <desk@example.jp> wrote:\n> try\n',
        "Thank you Bob",
    ),
    "outlook": (
        "Done.\n\nFrom: Desk <desk@example.jp>\nSent: Sunday, November 22, 2026 10:00 AM\nTo: Taro\n"
        "Subject: RE: x\n\nold\n",
        "Done.",
    ),
    "outlook, bold and folded": (
        "Done.\n\n*From:* Desk [mailto:\ndesk@example.jp]\n*Sent:* Sunday, November 22, 2026 10:00 AM\n"
        "*To:* Taro\n\nold\n",
        "Done.",
    ),
    "outlook, blank lines between the fields": (
        "Done.\n\nFrom: Desk <desk@example.jp>\n\nSent: November 22, 2026 10:00 AM\n\nTo: Taro\n\n"
        "Subject: RE: x\n\nold\n",
        "Done.",
    ),
    "outlook for the mac, moved to the right": (
        '\ufeffOn 22/11/2026 10:00, "Desk" <desk@example.jp> wrote:\n\n    old\n\n    older\n',
        "",
    ),
    "original message": ("Done.\n\n-----Original Message-----\nFrom: desk@example.jp\nold\n", "Done."),
    "yahoo, header on the drawn line": (
        "Done.\n\n   ----- Forwarded Message ----- From: Desk <desk@example.jp>To: t@example.com"
        "Sent: Sunday, November 22, 2026, 10:00:00 AM GMT+1Subject: x\n old\n",
        "Done.",
    ),
    "one header line under a drawn line, answer below the marks": (
        "----- Original Message -----\nFrom: Desk <desk@example.jp>\n\n> Which version?\n\n4.5.2\n",
        "4.5.2",
    ),
    "outlook header with nothing above it, answers between marks": (
        "-----Original Message-----\nFrom: Desk <desk@example.jp>\nSent: November 22, 2026 10:00 AM\n"
        "To: T\nSubject: x\n\n\n"
        "Desk wrote:\n> Which version?\n\n4.5.2\n",
        "4.5.2",
    ),
    "android": ("Done.\n\n---- The Desk wrote ----\n\n> old\n", "Done."),
    "old gmail, no colon": ("Done.\n\n2026/11/22 The Desk <desk@example.jp>\n\n> old\n", "Done."),
    "russian": ("Готово.\n\nвс, 22 нояб. 2026 г. в 10:00, Desk <desk@example.jp>:\n\nстарое\n", "Готово."),
    "french": ("Merci.\n\nLe 22 nov. 2026 à 10:00, Desk <desk@example.jp> a écrit :\n\n> vieux\n", "Merci."),
    "polish header": (
        "Tak.\n\nOd: Desk <desk@example.jp>\nWysłano: 22 listopada 2026 10:00\nDo: T\nTemat: x\n\nold\n",
        "Tak.",
    ),
    "korean": ("네.\n\n2026년 11월 22일 (일) 오전 10:00, Desk <desk@example.jp>님이 작성:\n\n> 이전\n", "네."),
    "chinese": ("好的。\n\nDesk <desk@example.jp> 于2026年11月22日周日 10:00写道：\n\n> 旧\n", "好的。"),
    "polish, apple": ("Tak.\n\nWiadomość napisana przez Desk w dniu 22.11.2026, o godz. 10:00:\n\nold\n", "Tak."),
    "arabic, with marks of direction": (
        "نعم\n\n\u202bفي ٢٢ نوفمبر ٢٠٢٦، ١٠:٠٠ م Desk <desk@example.jp> كتب:\u202c\n\nold\n",
        "نعم",
    ),
    "an address and a verb, nothing more": ("Yes.\n\ndesk@example.jp wrote:\n\nold\n", "Yes."),
    "inline answers": ("> q 1\nYes.\n> q 2\nNo.\n", "Yes.\nNo."),
    "inline answers under an attribution": (
        "On 2026-11-22 10:00, Desk wrote:\n> Which version are you running on the first node?\nthe latest\n"
        "> How many?\n3\n",
        "the latest\n3",
    ),
    "answer below": ("On 2026-11-22 10:00, Desk wrote:\n> old\n\nNew at the end.\n", "New at the end."),
    "answers around": ("Top.\n\nOn 2026-11-22 10:00, Desk wrote:\n> old\n\nBottom.\n", "Top.\n\nBottom."),
    "a quoted line that was wrapped": (
        "OK.\n\nOn 2026-11-22 10:00, Desk wrote:\n"
        "> We have seen this on all of the machines that were set up with the old\n"
        "installer\n> and on no other.\n",
        "OK.",
    ),
    "pipes for marks": ("OK.\n\n2026/11/22 Desk <desk@example.jp>\n\n| old\n|\n| older\n\nBelow.\n", "OK.\n\nBelow."),
    "supercite": (
        "OK.\n\nOn Sun, 22 Nov 2026, Desk <desk@example.jp> said:\nDK> old\nDK> older\nAnswer.\n",
        "OK.\n\nAnswer.",
    ),
    "unmarked answer under an attribution with nothing above": (
        "On Sun, Nov 22, 2026 at 10:00 AM Desk <desk@example.jp> wrote:\n\nIt is 4.5.2.\n",
        "It is 4.5.2.",
    ),
    "another letter below a device's line": ("Fixed.\n\nSent from my iPhone\n\nDear Taro,\n\nplease try\n", "Fixed."),
    "apple forward, marked, words below": (
        "See below.\n\nBegin forwarded message:\n\n> From: A <a@example.com>\n> Subject: x\n> \n"
        "> broken\n\nPlease help.\n",
        "See below.\n\nPlease help.",
    ),
    "gmail forward takes all below": (
        "FYI\n\n---------- Forwarded message ---------\nFrom: A <a@example.com>\nDate: Sun, Nov 22, 2026 at 10:00 AM\n"
        "Subject: x\nTo: <t@example.jp>\n\n> inner\n\nbroken\n",
        "FYI",
    ),
}


@pytest.mark.parametrize(("text", "new"), CASES.values(), ids=CASES.keys())
def test_new_text(text: str, new: str) -> None:
    assert split(text).new_text == new


KEPT = {
    "log with a From line": "Log:\nFrom: node1\nERROR x\nmore",
    "pasted raw header": (
        "It bounced:\n\nReceived: from a by b\nFrom: a@example.com\nTo: b@example.com\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0900\n"
        "Message-ID: <1@example.com>\nSubject: x\n\nWhy?"
    ),
    "python prompt": "I ran\n\n>>> import app\n>>> app.start()\nTraceback (most recent call last):\nOSError: 28",
    "sql prompt": "SQL> select 1 from dual;\nmysql> show slave status;\npostgres=# \\dt\nall hang",
    "table": "| node | state |\n|------|-------|\n| a    | down  |\n\nWhich one is primary?",
    "diff": "the change is\n\n3c3\n< a = 1\n---\n> a = 2\n\nand it breaks",
    "shell": "$ ps aux | grep pool\nroot 1 0.0 pgpool\n# systemctl status\nfailed",
    "unified diff": "--- a/x.conf\n+++ b/x.conf\n@@ -1 +1 @@\n-port = 1\n+port = 2\n\nis that right?",
    "line that begins with On": "It failed twice.\nOn Tuesday at 10:00 the node said: full\nOn Friday again.",
    "drawn line without contact data": "Result:\n----------\n1 row",
    "titled section": "See\n\n---- ERROR LOG ----\nHost: a\nUser: app@db\nTime: 10:00\n\nthanks",
    "escaped From": "the mailbox says\n>From the beginning\nand stops",
    "times with a colon": "2026-11-22 10:00:01 app@db <postgres@node1>:\nFATAL\nwhy?",
    "comparison": "it must be\n>= 4.5.2\nto work",
    "answer that is a dash": "Do all nodes fail?\n\n-Yes",
    "a text that speaks of attachments": "This message may contain an attachment.\n\nCan you open it?",
    "an underlined heading over links": (
        "Two reports\n-----------\nhttps://a.example.com/\n"
        "The second says that it happens on all nodes after each update\n"
        "https://b.example.com/"
    ),
    "nothing but a footer": "To unsubscribe I did what the page says.\nIt fails.",
    "closing over more words": "Please check.\n\nRegards,\nBob\n\nPS. the disk of the second node is full, too.",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_is_pasted_stays(text: str) -> None:
    assert split(text).new_text == text


PASTED_IN_NEW_MAILS = {
    "marks": "We get this in the console:\n\n> start\n> stop\n\nWhat does it mean?",
    "r prompt": "> x <- 1\n> mean(x)\n[1] 1",
    "header lines": "This never came:\n\nFrom: a@example.com\nTo: b@example.com\nSubject: x\n"
    "Date: 2026-11-22 10:00\n\nWhy?",
    "somebody wrote": "On 22 Nov 2026 10:00, the monitor wrote:\n\ndisk full\n\nWhy?",
}


@pytest.mark.parametrize("text", PASTED_IN_NEW_MAILS.values(), ids=PASTED_IN_NEW_MAILS.keys())
def test_a_mail_that_answers_nothing_quotes_nothing_unintroduced(text: str) -> None:
    assert split(text, is_reply=False).new_text == text


@pytest.mark.parametrize("name", ["gmail", "original message", "apple forward, marked, words below"])
def test_a_changed_subject_does_not_hide_what_is_introduced(name: str) -> None:
    text, new = CASES[name]
    assert split(text, is_reply=False).new_text == new


SIGNED = {
    "delimiter": ("Hello\n-- \nTaro\nExample Inc.\n", "Hello", "-- \nTaro\nExample Inc."),
    "delimiter without its blank": ("Hello\n--\nTaro\n", "Hello", "--\nTaro"),
    "phone": ("Yes.\n\nSent from my iPhone\n", "Yes.", "Sent from my iPhone"),
    "phone, first of all": (
        "Sent from my iPhone\n\nHi,\n\n" + "text\n" * 20,
        "Hi,\n\n" + "text\n" * 19 + "text",
        "Sent from my iPhone",
    ),
    "phone, then the name": ("Yes.\n\nTaro\nSent from my iPad\n", "Yes.\n\nTaro", "Sent from my iPad"),
    "outlook for phones": (
        "Yes.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n",
        "Yes.",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
    ),
    "sent from, in prose": (
        "Yes.\n\nSent from my desk, which is easier.\n",
        "Yes.\n\nSent from my desk, which is easier.",
        "",
    ),
    "closing": (
        "It works.\n\nBest regards,\n\nTaro Yamada\nEngineer, Minato Inc.\n+81 3 1234 5678\n",
        "It works.",
        "Best regards,\n\nTaro Yamada\nEngineer, Minato Inc.\n+81 3 1234 5678",
    ),
    "closing in german": (
        "Es geht.\n\nMit freundlichen Grüßen\nHans Meier\n",
        "Es geht.",
        "Mit freundlichen Grüßen\nHans Meier",
    ),
    "thanks alone are the writer's words": ("It works.\n\nThanks,\nTaro\n", "It works.\n\nThanks,\nTaro", ""),
    "thanks over contact data": (
        "It works.\n\nThanks,\nTaro Yamada\nTel: 03-1234-5678\n",
        "It works.",
        "Thanks,\nTaro Yamada\nTel: 03-1234-5678",
    ),
    "dashed name": ("Which one?\n\n-Taro Yamada\n", "Which one?", "-Taro Yamada"),
    "mailing list": (
        "Which one?\n\n_______________________________________________\npool mailing list\npool@lists.example.org\n"
        "https://lists.example.org/pool\n",
        "Which one?",
        "_______________________________________________\npool mailing list\npool@lists.example.org\n"
        "https://lists.example.org/pool",
    ),
    "notification": (
        "Merged.\n\n—\nReply to this email directly, view it on GitHub, or unsubscribe.\n"
        "You are receiving this because you were mentioned.\n",
        "Merged.",
        "—\nReply to this email directly, view it on GitHub, or unsubscribe.\n"
        "You are receiving this because you were mentioned.",
    ),
    "notice of the company": (
        "Yes.\n\nThis e-mail and any attachments are confidential and intended for the addressee.\n"
        "Please delete it otherwise.\n",
        "Yes.",
        "This e-mail and any attachments are confidential and intended for the addressee.\nPlease delete it otherwise.",
    ),
    "above a marked quote": (
        "Yes.\n-- \nTaro\n\nOn 2026-11-22 10:00, Desk wrote:\n> old\n",
        "Yes.",
        "-- \nTaro",
    ),
}


@pytest.mark.parametrize(("text", "new", "signature"), SIGNED.values(), ids=SIGNED.keys())
def test_signature(text: str, new: str, signature: str) -> None:
    pieces = split(text)
    assert (pieces.new_text, pieces.signature) == (new, signature)


_LINES = st.lists(
    st.sampled_from(
        [
            *{line for text, *_ in (*CASES.values(), *SIGNED.values()) for line in text.split("\n")},
            *{line for text in KEPT.values() for line in text.split("\n")},
        ]
    )
    | st.text(alphabet="ab>|:-_ \t<@.", max_size=20),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(lines=_LINES, is_reply=st.booleans())
def test_every_line_stands_in_exactly_one_piece(lines: list[str], is_reply: bool) -> None:
    pieces = split("\n".join(lines), is_reply=is_reply)
    kept = "\n".join((pieces.new_text, pieces.quoted_text, pieces.signature)).split("\n")
    assert sorted(line.rstrip() for line in kept if line.strip()) == sorted(
        line.rstrip() for line in lines if line.strip()
    )


BOMBS = {
    "on": "On ",
    "dashes": "-",
    "marks": ">",
    "blanks": " ",
    "header lines": "From: a\n",
    "two header lines": "From: a@example.jp\nDate: 2026\n\n",
    "empty lines": "\n",
    "verbs": "a wrote:\n",
    "verbs over marks": "a wrote:\n> b\n",
    "answers between marks": "> question\nanswer\n",
    "open brackets": "On 1 Jan 2026 <\n",
    "signatures": "text\n\n-- \n> b\n",
    "rules": "text\n----------\nTEL 03-1234-5678\n",
    "devices": "Sent from my phone\n\n",
    "original messages": "-----Original Message-----\n> a\n",
    "cards": "text\n\nTaro Yamada\nTEL 03-1234-5678\ntaro@example.jp\n",
    "card without a blank": "Taro Yamada\nTEL 03-1234-5678\n",
    "ornaments": "*:ﾟ.ーo",
    "notices": "This e-mail may be\n",
    "marks of services": "## reply above this line ##\n> a\n",
    "headers under rules": "_____\nFrom: a\nSent: b\n",
    "long lines": "a" * 199 + ":\n",
}


def _seconds(text: str) -> float:
    began = time.process_time()
    split(text)
    return time.process_time() - began


@pytest.mark.parametrize("unit", BOMBS.values(), ids=BOMBS.keys())
def test_time_grows_with_the_length_and_not_faster(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    once = min(_seconds(text) for _ in range(3))
    twice = min(_seconds(text * 2) for _ in range(3))
    assert twice < 3 * once + 0.01

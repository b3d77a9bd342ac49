"""Composing: the finished letter reads as it was meant, whatever the names, subject and text hold (T14)."""

import email
import email.policy
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.mail.compose import Draft, Enclosed, compose, references_of_reply
from mailbot.mail.fields import one_line
from mailbot.mail.header import unfold, words
from mailbot.mail.message import Mailbox
from mailbot.mail.outgoing import Expected, faults_of

EXAMPLES = int(os.environ.get("MAILBOT_EXAMPLES", "500"))  # 100,000 before a release (T14)
JST = timezone(timedelta(hours=9))
DRAFT = Draft(
    audience="customer",
    sender=Mailbox("サポート窓口", "support@example.jp"),
    recipient=Mailbox("山田 太郎", "taro@example.co.jp"),
    reply_to=Mailbox("", "support+abc@example.jp"),
    subject="Re: [INC-2026-000123] フェイルオーバーしません",
    text="お問い合わせありがとうございます。\n",
    html=None,
    message_id="abc.def@example.jp",
    date=datetime(2026, 11, 22, 10, 0, tzinfo=JST),
    in_reply_to="parent@example.co.jp",
    references=("first@example.co.jp", "parent@example.co.jp"),
    auto_submitted="auto-replied",
    language="ja",
)


def read(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def faults(draft: Draft, raw: bytes) -> tuple[str, ...]:
    expected = Expected(
        draft.audience,
        draft.sender.address,
        draft.recipient.address,
        draft.subject,
        draft.message_id,
        ("boss@staff.test",),
    )
    return faults_of(raw, expected)


def lines(raw: bytes, name: str) -> list[str]:
    header = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n")
    found = re.search(rf"^{name}:.*(?:\n[ \t].*)*", header, re.MULTILINE)
    return found[0].split("\n") if found else []


def test_an_acknowledgement_in_full() -> None:
    raw = compose(DRAFT)
    assert raw.decode("ascii") == (
        "From: =?utf-8?b?44K144Od44O844OI56qT5Y+j?= <support@example.jp>\r\n"
        "To: =?utf-8?b?5bGx55SwIOWkqumDjg==?= <taro@example.co.jp>\r\n"
        "Reply-To: support+abc@example.jp\r\n"
        "Subject: Re: [INC-2026-000123] =?utf-8?b?44OV44Kn44Kk44Or44Kq44O844OQ44O8?=\r\n"
        " =?utf-8?b?44GX44G+44Gb44KT?=\r\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n"
        "Message-ID: <abc.def@example.jp>\r\n"
        "In-Reply-To: <parent@example.co.jp>\r\n"
        "References: <first@example.co.jp>\r\n"
        " <parent@example.co.jp>\r\n"
        "Auto-Submitted: auto-replied\r\n"
        "X-Auto-Response-Suppress: All\r\n"
        "Content-Language: ja\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "\r\n"
        "44GK5ZWP44GE5ZCI44KP44Gb44GC44KK44GM44Go44GG44GU44GW44GE44G+44GZ44CCDQo=\r\n"
    )
    assert faults(DRAFT, raw) == ()


# All that an attacker, a bad decoder or a strange keyboard may put into a value.
hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('\r\n\t\0\x0b\x0c\x1b\x7f\x85\u2028\u2029\u202e\u2066\u200f\ufeff\ud800 <>"\\,;:@()[]=?_'),
        st.sampled_from("あ漢①㈱髙ｶﾞ　😀👨e\u0301"),
    ),
    max_size=120,
) | st.lists(
    st.sampled_from(
        [
            "Bcc: victim@example.org",
            "\r\n",
            "\n",
            "\r\n\r\n",
            "=?utf-8?q?a=0AEvil:_1?=",
            "=?utf-8?b?AAAA?=",
            "=?x?y?z?=",
            "<x@evil.example>",
            "a" * 70,
            "b" * 1200,
            "漢" * 300,
            " ",
            '"',
            "\\",
            "\u3000",
            "Re: [INC-2026-000123]",
            "From ",
            "\r\n.\r\n",
            "--=_",
        ]
    ),
    max_size=8,
).map("".join)

locals_ = st.from_regex(r"\A[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,20}\Z") | st.from_regex(r'\A"[ !#-\[\]-~]{1,20}"\Z')
addresses = st.builds(
    "{}@{}".format, locals_, st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]{2,6}){1,2}\Z")
)
drafts = st.builds(
    Draft,
    audience=st.sampled_from(["customer", "list", "staff"]),
    sender=st.builds(Mailbox, hostile, st.just("support@example.jp")),
    recipient=st.builds(Mailbox, hostile, addresses),
    reply_to=st.none() | st.builds(Mailbox, hostile, addresses),
    subject=hostile,
    text=hostile,
    html=st.none() | hostile,
    message_id=st.just("abc.def@example.jp"),
    date=st.datetimes(timezones=st.sampled_from([UTC, JST])),
    in_reply_to=st.none() | hostile,
    references=st.lists(hostile | st.just("ok@example.jp"), max_size=30).map(tuple),
    auto_submitted=st.sampled_from([None, "auto-replied", "auto-generated"]),
    language=st.sampled_from(["ja", "en"]),
    extra=st.just(()),
)


def plain_address(address: str) -> bool:
    """Python's own reader drops quotes and dots that it thinks needless; those addresses are compared by the check."""
    return re.fullmatch(r"[a-z0-9+_-]+@[a-z0-9.-]+", address) is not None


@settings(max_examples=EXAMPLES, deadline=None)
@given(drafts)
def test_hostile_values_change_nothing_but_themselves(draft: Draft) -> None:
    raw = compose(draft)
    assert faults(draft, raw) == ()
    parsed = email.message_from_bytes(raw)
    unfolded = str(parsed["Subject"]).replace("\r\n", "")
    assert "".join(p if isinstance(p, str) else p.decode(c or "ascii") for p, c in decode_header(unfolded)).strip(
        " "
    ) == one_line(draft.subject)
    assert words(unfold(str(parsed["Subject"]))) == one_line(draft.subject)  # our own reader
    assert "Bcc" not in parsed
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(drafts.filter(lambda draft: plain_address(draft.recipient.address)))
def test_another_reader_sees_the_same_names_and_text(draft: Draft) -> None:
    parsed = read(compose(draft))
    (to,) = parsed["To"].addresses
    assert to.addr_spec == draft.recipient.address
    raw_name = str(email.message_from_bytes(compose(draft))["To"]).replace("\r\n", "").rpartition("<")[0].strip(" ")
    if raw_name.startswith("=?"):
        assert str(make_header(decode_header(raw_name))) == one_line(draft.recipient.name)
    elif raw_name:
        assert to.display_name == one_line(draft.recipient.name)
    body = parsed.get_body(("plain",))
    assert body is not None
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", draft.text)
    kept = re.sub("\r\n|[\r\n\x85\u2028\u2029]", "\n", kept)
    assert re.sub("\r\n|\r", "\n", body.get_content()).rstrip("\n") == kept.rstrip("\n")


@given(hostile)
def test_one_line_is_one_line_and_stays_so(value: str) -> None:
    line = one_line(value)
    assert line == one_line(line)
    assert len(line.splitlines()) <= 1
    assert line.encode("utf-8") is not None


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        ("", ["Subject:"]),
        ("plain", ["Subject: plain"]),
        ("a\r\nBcc: x@y", ["Subject: a Bcc: x@y"]),
        ("=?utf-8?q?a?=", ["Subject: =?utf-8?b?PT91dGYtOD9xP2E/PQ==?="]),
        ("word " * 20, ["Subject: " + " ".join(["word"] * 14), " word word word word word word"]),
        ("Re: あ い", ["Subject: Re: =?utf-8?b?44GCIOOBhA==?="]),
    ],
    ids=["empty", "plain", "injection", "looks encoded", "long", "Japanese"],
)
def test_subject_as_written(subject: str, written: list[str]) -> None:
    assert lines(compose(replace(DRAFT, subject=subject)), "Subject") == written


def test_encoded_words_are_short_and_hold_whole_characters() -> None:
    written = lines(compose(replace(DRAFT, subject="😀漢a" * 60)), "Subject")
    assert len(written) > 5
    for line in written:
        assert len(line) <= 76  # RFC 2047 §2
        for word in re.findall(r"=\?\S+\?=", line):
            assert "\ufffd" not in str(make_header(decode_header(word)))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", "To: taro@example.co.jp"),
        ("Taro Yamada", "To: Taro Yamada <taro@example.co.jp>"),
        ("Yamada, Taro", 'To: "Yamada, Taro" <taro@example.co.jp>'),
        ('say "hi" \\', 'To: "say \\"hi\\" \\\\" <taro@example.co.jp>'),
        ("x@evil.example", 'To: "x@evil.example" <taro@example.co.jp>'),
        ("a\nBcc: b", 'To: "a Bcc: b" <taro@example.co.jp>'),
    ],
)
def test_names_as_written(name: str, written: str) -> None:
    draft = replace(DRAFT, recipient=Mailbox(name, "taro@example.co.jp"))
    assert lines(compose(draft), "To") == [written]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b@c",
        "a b@example.jp",
        "a@example.jp\r\nBcc: x@example.jp",
        "a@example.jp\n",
        "a@example.jp,b@example.jp",
        "<a@example.jp>",
        "あ@example.jp",
        "a@例え.jp",
        "a" * 65 + "@example.jp",
        "a@" + "b." * 130 + "jp",
    ],
)
@pytest.mark.parametrize("role", ["sender", "recipient", "reply_to"])
def test_addresses_are_never_mended(role: str, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        compose(replace(DRAFT, **{role: Mailbox("x", address)}))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", "abc.@docomo.ne.jp", '"a b"@example.jp', "a+b=c@[192.0.2.1]"])
def test_strange_but_real_addresses_pass(address: str) -> None:
    draft = replace(DRAFT, recipient=Mailbox("山田", address))
    assert faults(draft, compose(draft)) == ()


def test_long_chains_keep_the_first_and_the_last_twenty_ids_one_a_line() -> None:
    chain = tuple(f"{number}{'x' * 90}@example.jp" for number in range(50))
    written = lines(compose(replace(DRAFT, references=chain, in_reply_to=chain[-1])), "References")
    assert written == ["References:", *(f" <{an_id}>" for an_id in (chain[0], *chain[-20:]))]


@pytest.mark.parametrize("bad", ["", "a b@c", "a>b", "a\r\nBcc:@x", "あ@b", "x" * 501])
def test_ids_that_cannot_be_written_are_left_out(bad: str) -> None:
    raw = compose(replace(DRAFT, in_reply_to=bad, references=(bad, "good@example.jp")))
    assert lines(raw, "In-Reply-To") == []
    assert lines(raw, "References") == ["References: <good@example.jp>"]


@pytest.mark.parametrize(
    ("references", "in_reply_to", "chain"),
    [
        (["a", "b"], ["b"], ("a", "b", "m")),
        ([], ["b"], ("b", "m")),
        ([], ["b", "c"], ("m",)),
        (["a", "m"], [], ("a", "m")),
        ([], [], ("m",)),
    ],
)
def test_references_of_reply(references: list[str], in_reply_to: list[str], chain: tuple[str, ...]) -> None:
    assert references_of_reply(references, in_reply_to, "m") == chain


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain\n", "7bit"),
        ("long " * 30, "quoted-printable"),
        ("-- \nsignature", "quoted-printable"),
        ("mostly English, a café and nothing else", "quoted-printable"),
        ("ほとんど日本語", "base64"),
        ("From here on\n", "base64"),
        ("a\n.\nb\n", "7bit"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    raw = compose(replace(DRAFT, text=text))
    parsed = read(raw)
    assert parsed["Content-Transfer-Encoding"] == encoding
    assert parsed.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))


def test_html_is_an_alternative_after_the_text() -> None:
    raw = compose(replace(DRAFT, html="<p>ありがとうございます</p>"))
    assert faults(DRAFT, raw) == ()
    parsed = read(raw)
    assert [part.get_content_type() for part in parsed.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert raw == compose(replace(DRAFT, html="<p>ありがとうございます</p>"))


def test_fields_beside_the_usual_ones_come_from_a_closed_list() -> None:
    raw = compose(replace(DRAFT, extra=(("List-Id", "News <news.example.jp>"),), auto_submitted=None))
    assert lines(raw, "List-Id") == ["List-Id: News <news.example.jp>"]
    assert lines(raw, "Auto-Submitted") == lines(raw, "X-Auto-Response-Suppress") == []
    for name, value in [("Bcc", "x"), ("list-id", "x"), ("List-Id", "a\r\nBcc: x"), ("List-Id", "あ")]:
        with pytest.raises(ValueError, match=r"field|hold"):
            compose(replace(DRAFT, extra=((name, value),)))


def test_a_date_needs_a_zone_and_an_id_must_be_one() -> None:
    with pytest.raises(ValueError, match="zone"):
        compose(replace(DRAFT, date=datetime(2026, 11, 22, 10, 0)))  # noqa: DTZ001
    with pytest.raises(ValueError, match="Message-ID"):
        compose(replace(DRAFT, message_id="a b@c"))


PAGE = Enclosed("report-2026-10.html", "text/html", "<p>ご報告</p>\n".encode())
TABLE = Enclosed("report-2026-10.csv", "text/csv", '\ufeff"件名"\r\n"From here\n.\n"\r\n'.encode())


@pytest.mark.parametrize("html", [None, "<p>ご報告</p>"])
def test_files_arrive_to_the_octet_beside_the_text(html: str | None) -> None:
    draft = replace(DRAFT, html=html, enclosed=(PAGE, TABLE))
    raw = compose(draft)
    assert faults(draft, raw) == ()
    parsed = read(raw)
    assert parsed.get_content_type() == "multipart/mixed"
    words = parsed.get_body(("plain",))
    assert words is not None
    assert words.get_content().splitlines() == draft.text.splitlines()
    files = list(parsed.iter_attachments())
    assert [(each.get_filename(), each.get_content_type()) for each in files] == [
        ("report-2026-10.html", "text/html"),
        ("report-2026-10.csv", "text/csv"),
    ]
    assert [each.get_payload(decode=True) for each in files] == [PAGE.content, TABLE.content]
    assert not any(part.defects for part in parsed.walk())


def test_the_parts_of_a_letter_have_dividing_lines_of_their_own() -> None:
    parsed = read(compose(replace(DRAFT, html="<p>x</p>", enclosed=(PAGE,))))
    boundaries = [part.get_boundary() for part in parsed.walk() if part.is_multipart()]
    assert len(boundaries) == len(set(boundaries)) == 2


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("", "text/csv"),
        (".csv", "text/csv"),
        ("a b.csv", "text/csv"),
        ("表.csv", "text/csv"),
        ('a".csv', "text/csv"),
        ("a.csv\r\nBcc: x@example.org", "text/csv"),
        ("../a.csv", "text/csv"),
        ("a" * 101, "text/csv"),
        ("a.svg", "image/svg+xml"),
        ("a.exe", "application/octet-stream"),
    ],
)
def test_other_files_do_not_go_with_a_letter(name: str, content_type: str) -> None:
    with pytest.raises(ValueError, match="cannot go with a letter"):
        compose(replace(DRAFT, enclosed=(Enclosed(name, content_type, b"x"),)))

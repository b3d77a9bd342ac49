"""Which text a mail has: alternatives, pieces, stand-ins, formats, letters labelled as files."""

import time

import pytest

from mailbot.mail.message import Message
from mailbot.mail.reading import read


def _part(kind: str, text: str, *fields: str) -> str:
    return "\n".join([f"Content-Type: {kind}", *fields, "", text])


def _multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    divided = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{divided}--{boundary}--\n"


def _read(mail: str) -> Message:
    return read(b"MIME-Version: 1.0\n" + mail.encode())


PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
LETTER = "<p>The whole letter, as it was written.</p>"
LONG = "<p>" + "The node went down at noon and did not come up again. " * 60 + "</p>"

HONEST = {
    "a short answer": ("Thanks!", "<p>Thanks!</p>"),
    "code of the customer's": ("body {color: red}", "<p></p>"),
    "a question about HTML that is long": ("Why does your HTML version differ? " * 20, LETTER),
    "a variable in both": ("What is {{node}}?", "<p>What is {{node}}?</p>"),
}


@pytest.mark.parametrize(("plain", "html"), HONEST.values(), ids=HONEST.keys())
def test_honest_plain_text_is_taken(plain: str, html: str) -> None:
    assert _read(_multipart("alternative", _part(PLAIN, plain), _part(HTML, html))).text.strip() == plain.strip()


STAND_INS = {
    "nothing": "",
    "blanks": " \n\t\n",
    "excuse": "Your mail client does not support HTML.",
    "excuse in Japanese": "このメールはHTML形式です。表示されない場合はブラウザでご覧ください。",
    "excuse in German": "Diese Nachricht können Sie im Browser ansehen.",
    "link to a page": "View this email in your browser: https://e.example/1",
    "HTML": "<html><body><p>The whole letter",
    "style sheet": "@media only screen { p {color:red} }\n.x {margin:0}\n",
    "template": "Dear {{first_name}}, see our news.",
}


@pytest.mark.parametrize("plain", STAND_INS.values(), ids=STAND_INS.keys())
def test_stand_ins_give_way_to_html(plain: str) -> None:
    message = _read(_multipart("alternative", _part(PLAIN, plain), _part(HTML, LETTER)))
    assert message.text.strip() == "The whole letter, as it was written."
    assert message.attachments == ()


def test_preview_gives_way_to_the_letter() -> None:
    message = _read(_multipart("alternative", _part(PLAIN, "The node went down"), _part(HTML, LONG)))
    assert message.text.count("The node") == 60


def test_pieces_stand_in_order() -> None:
    """As Apple Mail writes text around images, in one of two alternatives."""
    image = _part("image/png", "AAAA", "Content-Disposition: inline; filename=a.png")
    plain = _part(PLAIN, "One\n\nTwo")
    rich = _multipart("mixed", _part(HTML, "<p>One</p>"), image, _part(HTML, "<p>Two</p>"), boundary="c")
    assert _read(_multipart("alternative", plain, rich)).text.split() == ["One", "Two"]
    assert _read(_multipart("alternative", _part(PLAIN, ""), rich)).text.split() == ["One", "Two"]
    assert [each.filename for each in _read(_multipart("alternative", plain, rich)).attachments] == ["a.png"]


def test_nested_alternatives() -> None:
    related = _multipart("related", _multipart("alternative", _part(PLAIN, "plain"), _part(HTML, LETTER), boundary="d"))
    message = _read(
        _multipart(
            "mixed", related, _part(PLAIN, "log", "Content-Disposition: attachment; filename=l.txt"), boundary="c"
        )
    )
    assert message.text.strip() == "plain"
    assert [each.filename for each in message.attachments] == ["l.txt"]


def test_other_alternatives_are_no_files() -> None:
    amp, calendar = _part("text/x-amp-html", "<html amp></html>"), _part("text/calendar", "BEGIN:VCALENDAR")
    message = _read(_multipart("alternative", _part(PLAIN, "plain"), amp, _part(HTML, LETTER), calendar))
    assert message.text.strip() == "plain"
    assert [each.content_type for each in message.attachments] == ["text/calendar"]


def test_images_of_a_page_are_named_by_their_place() -> None:
    image = _part("image/png", "AAAA", "Content-Location: https://e.example/img/fig1.png?x=/1")
    message = _read(_multipart("related", _part(HTML, LETTER), image))
    assert [each.filename for each in message.attachments] == ["fig1.png"]


def test_an_attached_mail_that_cannot_be_written_again() -> None:
    """The standard library refuses to write a line within a field that looks like a field."""
    inner = "Received: from a\n by b\x1cReceived: from c\nFrom: x\n\ny"
    message = _read(_multipart("mixed", _part("message/rfc822", inner)))
    assert [each.content_type for each in message.attachments] == ["message/rfc822"]


def test_answers_are_told_by_subject_or_parent() -> None:
    letter = _part(HTML, "<p>Yes.</p><blockquote>Is it up?</blockquote>")
    assert "> Is it up?" not in _read(letter).text
    assert "> Is it up?" in _read(f"Subject: Re: x\n{letter}").text
    assert "> Is it up?" in _read(f"In-Reply-To: <a@b>\n{letter}").text


AS_TEXT = {
    "HTML labelled as plain": (_part(PLAIN, "<!DOCTYPE html><html><body><p>Hello</p></body></html>"), "Hello"),
    "a fragment of HTML somebody asks about": (_part(PLAIN, "<div>why?</div>"), "<div>why?</div>"),
    "enriched": (_part("text/enriched", "<bold>Hello</bold>\nthere\n\n<<x>\n"), "Hello there\n<x>"),
    "enriched quotation": (_part("text/enriched", "a<excerpt>b</excerpt>c"), "a\n> b\nc"),
    "enriched parameter": (_part("text/enriched", "<color><param>red</param>a</color>"), "a"),
    "markdown": (_part("text/markdown", "# Hello"), "# Hello"),
    "unknown kind of text": (_part("text/x-note", "Hello"), "Hello"),
    "one file that is the letter": (_part(PLAIN, "本文", "Content-Disposition: attachment"), "本文"),
    "the letter as a file in a multipart": (
        _multipart("mixed", _part(PLAIN, "本文", "Content-Disposition: attachment; filename=body.txt")),
        "本文",
    ),
    "parts that cannot be told apart": ("Content-Type: multipart/mixed\n\nHello\n", "Hello"),
    "table": (_part("text/csv", "a,b"), ""),
    "a log beside an image": (
        _multipart(
            "mixed", _part("image/png", "AAAA"), _part(PLAIN, "x", "Content-Disposition: attachment; filename=l.log")
        ),
        "",
    ),
}


@pytest.mark.parametrize(("mail", "text"), AS_TEXT.values(), ids=AS_TEXT.keys())
def test_what_counts_as_text(mail: str, text: str) -> None:
    assert _read(mail).text.strip() == text


FLOWED = {
    "joined": ("This goes \non here.\n", "no", "This goes on here.\n"),
    "quotation": ("> quoted \n> too\n>> deeper \n> back\n", "no", "> quoted too\n>> deeper \n> back\n"),
    "signature": ("a \n-- \nTaro\n", "no", "a \n-- \nTaro\n"),
    "stuffed": (" From here\n >no quote\n", "no", "From here\n>no quote\n"),
    "without the blank": ("日本 \n語です。\n", "yes", "日本語です。\n"),
}


@pytest.mark.parametrize(("text", "delsp", "joined"), FLOWED.values(), ids=FLOWED.keys())
def test_flowed(text: str, delsp: str, joined: str) -> None:
    assert _read(_part(f"{PLAIN}; format=flowed; delsp={delsp}", text)).text == joined


BOMBS = {
    "excerpts": _part("text/enriched", "<excerpt>a\n" * 80_000),
    "parts of HTML": _multipart("mixed", *[_part(HTML, "<table>" + "<tr><td>x<td>y" * 15_000)] * 20),
    "previews": _multipart(
        "mixed", *[_multipart("alternative", _part(PLAIN, "x"), _part(HTML, LONG), boundary="c")] * 90
    ),
    "armour": _part(PLAIN, "-----BEGIN PGP SIGNED MESSAGE-----\n\n" * 30_000),
    "forwarded, nothing": "Subject: Fw: x\n" + _part(PLAIN, "---- Forwarded message ----\n" * 30_000),
    "forwarded, one line": "Subject: Fw: x\n" + _part(PLAIN, "---- Forwarded message ---- " + "From: a@b To:" * 5_000),
    "labels": "Subject: Fw: x\n" + _part(PLAIN, "From: a\nTo: b:\n" * 30_000),
    "digits": "Subject: Fw: x\n" + _part(PLAIN, ("1" * 290 + " wrote:\n") * 900),
}


@pytest.mark.parametrize("mail", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_bounded(mail: str) -> None:
    began = time.process_time()
    _read(mail)
    assert time.process_time() - began < 2

"""HTML as a person reads it: layout, links, hidden text, quotations."""

import time

import pytest

from mailbot.mail.html import text_of
from mailbot.mail.quote import split

LAID_OUT = {
    "paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "lists": ("<ul><li>a<li>b</ul><ol><li>c<li>d</ol>", "  * a\n  * b\n 1. c\n 2. d"),
    "preformatted": ("<pre>ERROR\n  at line 3</pre>", "ERROR\n  at line 3"),
    "white-space: pre": ("<div style='white-space: pre-wrap'>a\n  b</div>", "a\n  b"),
    "table of data": ("<table><tr><th>node<th>state<tr><td>0<td>down</table>", "node  state\n0     down"),
    "table for layout": (f"<table><tr><td>{'x' * 300}<td>y<tr><td>a<td>b</table>", f"{'x' * 300}\ny\na\nb"),
    "link": ('<a href="https://e.example/x">the manual</a>', "the manual <https://e.example/x>"),
    "link that shows its target": ('<a href="https://e.example/">https://e.example</a>', "https://e.example"),
    "mail link": ('<a href="mailto:taro@e.example?subject=x">山田</a>', "山田 <taro@e.example>"),
    "image with words": ('<img src="cid:1" alt="構成図">', "[image: 構成図]"),
    "image that is an emoji": ('OK <img alt="\N{GRINNING FACE}">', "OK \N{GRINNING FACE}"),
    "image named by its file": ('a<img alt="image001.png"><img alt="Logo">', "a"),
    "blanks that do not collapse": ("<div>a</div><div>&nbsp;&nbsp;b</div>", "a\n  b"),
    "lines of Outlook": (
        "<p class=MsoNormal>Hi,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Done.</p>",
        "Hi,\n\nDone.",
    ),
    "processing instruction of an old Outlook": ("<p>a<?xml:namespace prefix = o />b</p>", "ab"),
    "conditional comment": ("<!--[if mso]><p>for Word</p><![endif]--><p>a</p>", "a"),
    "declaration": ('<?xml version="1.0" encoding="utf-8"?><html><body>日本</body></html>', "日本"),
}


@pytest.mark.parametrize(("html", "text"), LAID_OUT.values(), ids=LAID_OUT.keys())
def test_laid_out(html: str, text: str) -> None:
    assert text_of(html).strip("\n").rstrip() == text


HIDDEN = {
    "display": '<div style="display:none">x</div>',
    "display, shouting": '<div style="DISPLAY: none !important">x</div>',
    "visibility": '<span style="visibility:hidden">x</span>',
    "attribute": "<div hidden>x</div>",
    "size": '<span style="font-size:0px">x</span>',
    "one pixel": '<div style="font-size:1px;line-height:1px">x</div>',
    "height": '<div style="max-height:0;overflow:hidden">x</div>',
    "opacity": '<div style="opacity:0">x</div>',
    "for Word only": '<span style="mso-hide:all">x</span>',
    "white on white": '<td style="color:#FFFFFF;background-color:white">x</td>',
    "black on black": '<div style="color:rgb(0, 0, 0);background:#000">x</div>',
    "script": "<script>x</script>",
    "style sheet": "<style>x</style>",
    "comment": "<!-- x -->",
    "title": "<head><title>x</title></head>",
}


@pytest.mark.parametrize("html", HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden(html: str) -> None:
    assert text_of(f"<html><body><p>before</p>{html}<p>after</p></body></html>").split() == ["before", "after"]


SHOWN = {
    "text in a box without size": '<td style="font-size:0"><div style="font-size:14px">x</div></td>',
    "white on blue in a box": '<td bgcolor="#fff" style="color:#fff"><span style="color:#000">x</span></td>',
    "after what is hidden": '<span style="display:none">no</span>x',
    "in a box whose text size is near one": '<p style="font-size:1.0em">x</p>',
}


@pytest.mark.parametrize("html", SHOWN.values(), ids=SHOWN.keys())
def test_not_hidden(html: str) -> None:
    assert text_of(f"<p>a</p>{html}").split() == ["a", "x"]


def test_hidden_text_is_better_than_none() -> None:
    assert text_of('<div style="display:none">the whole letter</div>').strip() == "the whole letter"


REPLIES = {
    "gmail": (
        '<div>New</div><div class="gmail_quote"><div class="gmail_attr">2026年11月22日(日) 10:00 山田 &lt;'
        '<a href="mailto:t@e.jp">t@e.jp</a>&gt;:<br></div><blockquote class="gmail_quote">old</blockquote></div>',
        "New",
    ),
    "answers between quotations": (
        '<div>On Sun, Nov 22, 2026 at 10:00 AM T &lt;t@e.jp&gt; wrote:</div><blockquote type="cite">q1</blockquote>'
        '<div>A1</div><blockquote type="cite">q2<blockquote type="cite">older</blockquote></blockquote><div>A2</div>',
        "A1\nA2",
    ),
    "outlook": (
        "<p class=MsoNormal>New</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal>"
        "<b>差出人:</b> S &lt;s@e.jp&gt;<br><b>送信日時:</b> 2026年11月22日<br><b>宛先:</b> T<br>"
        "<b>件名:</b> x</p></div>"
        "<p class=MsoNormal>old</p>",
        "New",
    ),
    "outlook in the browser": (
        "<div>New</div><hr tabindex=-1 style='display:inline-block;width:98%'><div id=divRplyFwdMsg><b>From:</b> S<br>"
        "<b>Sent:</b> Sunday<br><b>To:</b> T<br><b>Subject:</b> x</div><div>old</div>",
        "New",
    ),
    "outlook in an unknown tongue": (
        "<div>New</div><div id=divRplyFwdMsg><b>Sendandi:</b> S<br><b>Sent:</b> x</div><div>old</div>",
        "New",
    ),
    "thunderbird": (
        '<p>New</p><div class="moz-cite-prefix">On 2026/11/22 10:00, T wrote:<br></div>'
        '<blockquote type="cite" cite="mid:a@b"><p>old</p></blockquote>',
        "New",
    ),
    "plain blockquote under an attribution": (
        "<p>New</p><p>On 2026-11-22 10:00, T &lt;t@e.jp&gt; wrote:</p><blockquote>old</blockquote><p>More</p>",
        "New\n\nMore",
    ),
    "box with a line at its left": (
        '<p>New</p><div name="quote" style="border-left:2px solid #C3D9E5">old</div>',
        "New",
    ),
    "the writer's own indentation": (
        '<p>New</p><blockquote style="margin:0 0 0 40px;border:none">own words</blockquote><p>More</p>',
        "New\n\nown words\n\nMore",
    ),
}


@pytest.mark.parametrize(("html", "new"), REPLIES.values(), ids=REPLIES.keys())
def test_quotations_are_seen(html: str, new: str) -> None:
    assert split(text_of(html)).new_text.split() == new.split()


@pytest.mark.parametrize(("html", "new"), REPLIES.values(), ids=REPLIES.keys())
def test_no_mark_is_left(html: str, new: str) -> None:
    assert not any("\ufdd0" <= character <= "\ufdef" for character in text_of(html))


def test_a_bare_blockquote_quotes_in_an_answer_only() -> None:
    html = "<p>Yes.</p><blockquote>Is it up?</blockquote><p>It is.</p>"
    assert split(text_of(html)).new_text.split() == ["Yes.", "Is", "it", "up?", "It", "is."]
    assert split(text_of(html, is_answer=True)).new_text.split() == ["Yes.", "It", "is."]


def test_indentation_is_the_writers_in_an_answer_too() -> None:
    html = '<p>Yes.</p><blockquote style="margin:0 0 0 40px;border:none">node 0 is up</blockquote>'
    assert "node 0 is up" in split(text_of(html, is_answer=True)).new_text


def test_marks_in_the_mail_count_for_nothing() -> None:
    assert text_of("<p>a\ufdd0b\ufdd3c\ufdd1</p>").strip() == "abc"


def test_large_html_is_stripped_but_still_quotes() -> None:
    text = text_of("<p>new</p><blockquote type='cite'>" + "<p>old</p>" * 60_000 + "</blockquote><!-- <p>gone</p> -->")
    assert text.startswith("new\n\n> old\n>\n> old\n")
    assert "gone" not in text


def test_images_within_the_html_do_not_make_it_large() -> None:
    assert text_of(f'<ul><li>a</ul><img src="data:image/png;base64,{"A" * 900_000}">').strip() == "* a"


BOMBS = {
    "blocks": "<div>", "layout tables": "<table><tr><td>", "quotations": "<blockquote type=cite>a",
    "rows": "<tr><td>x<td>y", "closed quotations": "a:<blockquote>b</blockquote>", "lists": "<ol><li>x",
    "hidden": '<span style="font-size:0">a', "links": '<a href="http://e.example">b', "comments": "<!--",
    "rules": "<hr>", "borders": '<div style="border-top:1px">x', "less": "<", "ampersands": "&", "entities": "&nbsp;",
    "styles": '<p style="color:red;display:none">x</p>', "images": '<img alt="x y">', "open quote": '<p title="',
}  # fmt: skip


@pytest.mark.parametrize("piece", BOMBS.values(), ids=BOMBS.keys())
def test_linear(piece: str) -> None:
    """Twice as much takes about twice as long, below the limit of the layout and above."""
    for size in (120_000, 500_000):
        half, whole = (_seconds(piece * (length // len(piece))) for length in (size // 2, size))
        assert whole < max(5 * half, 0.6)
        assert whole < 1.5


def _seconds(html: str) -> float:
    began = time.process_time()
    text_of(html)
    return time.process_time() - began

"""Parameters and file names as they come."""

import pytest

from mailbot.mail.parameter import display_name, parameters

CASES = {
    "token": ('text/plain; charset=utf-8; name="a b.txt"', {"charset": "utf-8", "name": "a b.txt"}),
    "rfc2231": ("attachment; filename*=utf-8''%E6%97%A5.txt", {"filename": "日.txt"}),
    "continued": ('a/b; name*0="ab"; name*1="cd"', {"name": "abcd"}),
    "continued and coded": ("a/b; name*0*=utf-8''%E6%97; name*1*=%A5.txt", {"name": "日.txt"}),
    "2047 inside": ('a/b; name="=?utf-8?b?5pelLnR4dA==?="', {"name": "日.txt"}),
    "raw jis": ('a/b; name="\x1b$BF|\x1b(B.txt"', {"name": "日.txt"}),
    "escaped quote": (r'a/b; name="a\"b"', {"name": 'a"b'}),
    "first counts": ("a/b; x=1; x=2", {"x": "1"}),
    "none": ("text/plain", {}),
    "open quote": ('a/b; name="abc', {"name": "abc"}),
}


@pytest.mark.parametrize(("value", "found"), CASES.values(), ids=CASES.keys())
def test_parameters(value: str, found: dict[str, str]) -> None:
    assert parameters(value) == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("../../e\u202efdp.exe\x00", "efdp.exe"),
        ("a" * 300 + ".txt", "a" * 116 + ".txt"),
        ("a." + "x" * 300, "a" + "." + "x" * 10),
        ("報告書.pdf", "報告書.pdf"),
        ("..", ""),
        ('a:b*"c".txt', "a_b__c_.txt"),
    ],
)
def test_display_name(name: str, shown: str) -> None:
    assert display_name(name) == shown

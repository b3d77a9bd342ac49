"""One comparing rule, and what may be registered."""

import pytest

from mailbot.mail.address import normalise, registrable
from mailbot.mail.message import Mailbox

SAME = {
    "case": ("Taro@Example.JP", "taro@example.jp"),
    "quoted for nothing": ('"taro"@example.jp', "taro@example.jp"),
    "quoted pair": (r'"ta\ro"@example.jp', "taro@example.jp"),
    "u-label": ("a@日本語.jp", "a@xn--wgv71a119e.jp"),
    "a-label": ("a@XN--WGV71A119E.jp", "a@xn--wgv71a119e.jp"),
    "carrier dots": ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
    "blanks around": (" a@b.jp ", "a@b.jp"),
    "nfc": ("か\u3099@b.jp", "が@b.jp"),
    "only ascii is folded": ("É@b.jp", "É@b.jp"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_normalise(one: str, other: str) -> None:
    assert normalise(one) == other
    assert normalise(normalise(one)) == other


@pytest.mark.parametrize(
    "wrong", ["", "a", "@b.jp", "a@", "a@b..jp", "a b@c.jp", "a@-b.jp", "a@b c", "a\r\n@b.jp", "a@[1.2.3.4]"]
)
def test_no_address(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        normalise(wrong)


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("山田 太郎 <taro@customer.example>", Mailbox("山田 太郎", "taro@customer.example")),
        ("taro@customer.test", Mailbox("", "taro@customer.test")),
        ("D <a..b.@docomo.ne.jp>", Mailbox("D", "a..b.@docomo.ne.jp")),
        ('"Sato, Ken" <ken@example.jp>', Mailbox("Sato, Ken", "ken@example.jp")),
    ],
)
def test_registrable(text: str, mailbox: Mailbox) -> None:
    assert registrable(text) == mailbox


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "Taro",
        "a@b.jp, c@d.jp",
        "admin@ex\u0430mple.jp",
        "\uff41@example.jp",
        "a@\uff45xample.jp",
        "a@nodot",
        "a b <a b@c.jp>",
    ],
)
def test_not_registrable(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        registrable(wrong)

"""S/MIME and PGP: named, never mistaken for files or text."""

import time
from base64 import encodebytes

import pytest

from mailbot.mail.message import Message
from mailbot.mail.protection import unsealed
from mailbot.mail.reading import read

SIGNED_DATA = bytes.fromhex("308006092a864886f70d010702a080")
ENVELOPED = bytes.fromhex("308006092a864886f70d010703a080")
AUTH_ENVELOPED = bytes.fromhex("3080060b2a864886f70d0109100117a080")
COMPRESSED = bytes.fromhex("3080060b2a864886f70d0109100109a080")


def _multipart(kind: str, *parts: str) -> Message:
    divided = "".join(f"--b\n{part}\n" for part in parts)
    return read(f"Subject: x\nContent-Type: multipart/{kind}; boundary=b\n\n{divided}--b--\n".encode())


LETTER = "Content-Type: text/plain\n\nHello\n"
P7S = "Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment\n\nAAAA"
ASC = "Content-Type: application/pgp-signature; name=signature.asc\n\nAAAA"
CONTROL = "Content-Type: application/pgp-encrypted\n\nVersion: 1"
CIPHERTEXT = "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----"


def test_detached_signatures() -> None:
    for protocol, part, name in (("pkcs7", P7S, "smime-signed"), ("pgp", ASC, "pgp-signed")):
        message = _multipart(f'signed; protocol="application/{protocol}-signature"', LETTER, part)
        assert message.protection == (name,)
        assert message.text.strip() == "Hello"
        assert [each.inline for each in message.attachments] == [True]
        assert message.warnings == ()


def test_a_signed_file_without_a_letter_is_nothing_to_warn_of() -> None:
    assert _multipart("signed", "Content-Type: image/png\n\nAAAA", P7S).warnings == ()


def test_protocol_that_is_not_named() -> None:
    assert _multipart("signed", LETTER, ASC).protection == ("pgp-signed",)


def test_a_list_has_put_a_footer_under_the_envelope() -> None:
    assert _multipart("mixed", LETTER, ASC).protection == ("pgp-signed",)


@pytest.mark.parametrize("kind", ["encrypted; protocol=application/pgp-encrypted", "mixed"])
def test_pgp_encrypted(kind: str) -> None:
    message = _multipart(kind, CONTROL, CIPHERTEXT)
    assert message.protection == ("pgp-encrypted",)
    assert message.text == ""
    assert message.warnings == ("the text is encrypted (PGP): it cannot be read here",)


SMIME = {
    "by its bytes": ("application/pkcs7-mime", SIGNED_DATA, "smime-signed"),
    "bytes count more than the parameter": (
        "application/pkcs7-mime; smime-type=enveloped-data",
        SIGNED_DATA,
        "smime-signed",
    ),
    "by the parameter": ("application/x-pkcs7-mime; smime-type=signed-data", b"?", "smime-signed"),
    "enveloped": ("application/pkcs7-mime", ENVELOPED, "smime-encrypted"),
    "enveloped, new": ("application/pkcs7-mime; smime-type=authEnveloped-data", AUTH_ENVELOPED, "smime-encrypted"),
    "compressed": ("application/pkcs7-mime", COMPRESSED, "smime-compressed"),
    "without its type": ("application/octet-stream; name=smime.p7m", ENVELOPED, "smime-encrypted"),
    "unknown": ("application/pkcs7-mime; name=smime.p7m", b"?", "smime-encrypted"),
}


@pytest.mark.parametrize(("kind", "data", "name"), SMIME.values(), ids=SMIME.keys())
def test_smime(kind: str, data: bytes, name: str) -> None:
    message = read(f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n".encode() + encodebytes(data))
    assert message.protection == (name,)
    assert message.text == ""
    assert len(message.warnings) == 1
    assert "S/MIME" in message.warnings[0]
    assert len(message.attachments) == 1


def test_certificates_are_no_envelope() -> None:
    message = read(b"Content-Type: application/pkcs7-mime; smime-type=certs-only; name=a.p7c\n\nAAAA")
    assert message.protection == ()


ARMOURED = """\
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

落ちました。
- --\x20
Taro
- -----BEGIN what I typed
-----BEGIN PGP SIGNATURE-----
Version: GnuPG v2

iQEzBAEBCAAdFiEE
=abcd
-----END PGP SIGNATURE-----
"""
SEALED = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n-----END PGP MESSAGE-----\n"
INLINE = {
    "signed": (ARMOURED, "落ちました。\n-- \nTaro\n-----BEGIN what I typed\n", ("pgp-inline-signed",)),
    "signed, with a footer of the list": (
        f"{ARMOURED}___\nlist\n",
        "落ちました。\n-- \nTaro\n-----BEGIN what I typed\n___\nlist\n",
        ("pgp-inline-signed",),
    ),
    "encrypted": (SEALED, "", ("pgp-inline-encrypted",)),
    "encrypted, with a word before": (f"Secret:\n{SEALED}", "Secret:\n", ("pgp-inline-encrypted",)),
    "torn off": ("-----BEGIN PGP MESSAGE-----\n\nhQEMA\nabc", "", ("pgp-inline-encrypted",)),
    "quoted": ("> -----BEGIN PGP MESSAGE-----\n> x\n", "> -----BEGIN PGP MESSAGE-----\n> x\n", ()),
    "key": ("-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n", "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n", ()),
    "talk about it": ("-----BEGIN PGP is what I see", "-----BEGIN PGP is what I see", ()),
}


@pytest.mark.parametrize(("text", "bare", "kinds"), INLINE.values(), ids=INLINE.keys())
def test_inline(text: str, bare: str, kinds: tuple[str, ...]) -> None:
    found = unsealed(text)
    assert found.text == bare
    assert found.kinds == kinds


def test_inline_in_a_mail() -> None:
    message = read(f"Content-Type: text/plain; charset=utf-8\n\n{ARMOURED}".encode())
    assert message.protection == ("pgp-inline-signed",)
    assert message.new_text.startswith("落ちました。")
    assert message.warnings == ()
    assert read(SEALED.encode()).text == ""


def test_outermost_first() -> None:
    inner = f"Content-Type: multipart/encrypted; boundary=c\n\n--c\n{CONTROL}\n--c\n{CIPHERTEXT}\n--c--\n"
    assert _multipart("signed", inner, P7S).protection == ("smime-signed", "pgp-encrypted")


@pytest.mark.parametrize(
    "line",
    ["-----BEGIN PGP MESSAGE-----\n", "-----BEGIN PGP SIGNED MESSAGE-----\n", "-----BEGIN PGP MESSAGE-----\nA: b\nx\n"],
)
def test_linear(line: str) -> None:
    began = time.process_time()
    unsealed(line * (250_000 // len(line)))
    assert time.process_time() - began < 0.5

"""The same mail by another way has the same fingerprint; another mail has not."""

from mailbot.mail.fingerprint import fingerprint, first_message_id

MAIL = b"Received: x\r\nMessage-ID: <a@b>\r\nFrom: a@b\r\nDate: d\r\nSubject: a\r\n b\r\n\r\nbody\r\n"


def test_ways_do_not_count() -> None:
    other = b"Return-Path: <q>\nmessage-id:  <a@b>\nDKIM-Signature: z\nDate: d\nSUBJECT: a b\nFrom: a@b\n\nbody\n\n\n"
    assert fingerprint(MAIL) == fingerprint(other)


def test_content_counts() -> None:
    for old, new in ((b"<a@b>", b"<a@c>"), (b"body", b"Body"), (b"Date: d", b"Date: e"), (b" b\r\n", b" c\r\n")):
        assert fingerprint(MAIL) != fingerprint(MAIL.replace(old, new, 1))


def test_a_list_s_copy_is_a_mail_of_its_own() -> None:
    """One mail to a list and to us: the copy that came directly must not keep out the one that has a right (S8)."""
    copies = [MAIL, *(f"List-{field}: <{n}.example>\r\n".encode() + MAIL for n in "ab" for field in ("Id", "Post"))]
    assert len({fingerprint(raw) for raw in copies}) == len(copies) - 2  # Id and Post of one list say the same
    assert fingerprint(copies[1]) == fingerprint(b"Received: again\r\n" + copies[1])


def test_first_occurrence() -> None:
    assert fingerprint(MAIL) == fingerprint(MAIL.replace(b"\r\n\r\n", b"\r\nSubject: c\r\n\r\n", 1))
    assert fingerprint(b"") != fingerprint(MAIL)


def test_first_message_id() -> None:
    assert first_message_id(MAIL) == "a@b"
    assert first_message_id(b"Message-Id:\r\n <x\x00y@z>\r\n\r\n") == "xy@z"
    assert first_message_id(b"Subject: x\n\nMessage-ID: <a@b>\n") is None
    assert first_message_id(b"") is None


def test_what_stands_behind_a_giant_header_or_in_no_field_at_all_counts() -> None:
    padding = b"X: y\n" * 60_000
    mails = [b"", b"\0" * 100, b"no mail", padding + b"Subject: a\n\nbody", padding + b"Subject: b\n\nbody"]
    assert len({fingerprint(raw) for raw in mails}) == len(mails)
    assert fingerprint(mails[3]) == fingerprint(mails[3].replace(b"\n", b"\r\n"))

"""Which sentence does the peer hear? Every reply of the door, with its enhanced status code (RFC 3463). Pure.

Nothing that a peer or an exception said is ever repeated. 4yz is for whatever is our fault or may pass; 5yz only for
what a second try cannot cure (RFC 5321 §4.2.1).
"""

from __future__ import annotations

import re

from mailbot.errors import StoreFullError

NO_TLS = "454 4.7.0 TLS is not available"
GO_SECURE = "220 2.0.0 Ready to start TLS"
GO_AHEAD = "354 End data with <CR><LF>.<CR><LF>"
KEPT = "250 2.0.0 Kept"
OK = "250 2.0.0 Ok"
SENDER_OK = "250 2.1.0 Sender ok"
RECIPIENT_OK = "250 2.1.5 Recipient ok"

OUR_FAULT = "451 4.3.0 Temporary failure here, please try again later"
NO_ROOM = "452 4.3.1 No room for more mail at the moment, please try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients, send the rest in another transaction"

UNKNOWN_RECIPIENT = "550 5.1.1 No such address here"
TOO_LARGE = "552 5.3.4 Message too large"
IN_A_LOOP = "554 5.4.6 Too many Received fields, this mail is in a loop"
NO_RECIPIENTS = "503 5.5.1 No valid recipients"
NOT_NOW = "503 5.5.1 Not at this point"
NOT_IMPLEMENTED = "502 5.5.1 Not implemented"
NOT_UNDERSTOOD = "500 5.5.1 Not understood"
BAD_ARGUMENT = "501 5.5.4 Wrong argument"

CANNOT_VERIFY = "252 2.5.0 Send the mail and see"
HELP = "214 2.0.0 See RFC 5321"

TOO_MANY_CONNECTIONS = "421 4.7.0 Too many connections, please try again later"
TOO_MANY_ERRORS = "421 4.7.0 Too many errors, goodbye"
TOO_MUCH_JUNK = "421 4.7.0 Too many commands without a mail, goodbye"
TOO_SLOW = "421 4.4.2 Too slow, goodbye"
SESSION_OVER = "421 4.4.2 This session has lasted long enough, please connect again"
LOST_TRACK = "421 4.3.0 Temporary failure here, goodbye"
CLOSING = "421 4.3.2 Closing down, please try again later"

_ENHANCED = re.compile(r"[245]\d\d [245]\.\d{1,3}\.\d{1,3} ")
_IN_OUR_WORDS = {
    "221": "221 2.0.0 Bye",
    "250": OK,
    "500": "500 5.5.2 Not understood",
    "501": BAD_ARGUMENT,
    "502": NOT_IMPLEMENTED,
    "503": NOT_NOW,
    "504": "504 5.5.4 Parameter not implemented",
    "530": "530 5.7.0 Start TLS first",
    "552": TOO_LARGE,
    "553": "553 5.1.3 Address not understood",
    "554": "554 5.7.0 Not without a good TLS session",
    "555": "555 5.5.4 Parameter not known",
}


def in_our_words(status: str) -> str:
    """The reply for one of the protocol library: it repeats what the peer said and mostly has no enhanced code."""
    return status if _ENHANCED.match(status) else _IN_OUR_WORDS.get(status[:3], OUR_FAULT)


def after_keeping(error: BaseException | None) -> str:
    """What keeping a mail came to: RFC 5321 §4.2.5, the 250 makes it ours."""
    match error:
        case None:
            return KEPT
        case StoreFullError():
            return NO_ROOM
        case _:
            return OUR_FAULT

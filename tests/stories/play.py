"""Plays a story: a correspondence as readable text, over the real flows, with a clock that the story moves.

    contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル     number, menu, language, term, customer
    asker C-001 山田 太郎 <yamada@customer.example>
    list C-001 DB team <db@lists.customer.example> db.lists.customer.example          … and its List-Id
    staff en Sato <sato@desk.example>
    partner ja 夜間窓口 <night@partner.example>
    sold C-001 premium ja 2026-04-01..2027-03-31 株式会社サンプル       registered now, so its people are guided (S22);
        asker 山田 太郎 <yamada@customer.example>                    those above have been customers for long
        contact 佐藤 <sato@customer.example>
        list DB team <db@lists.customer.example> db.lists.customer.example
    joins C-001 鈴木 <suzuki@customer.example>                       one more asker, registered now
    renewed C-001 2027-04-01..2028-03-31
    cancelled C-001

    at 2026-04-01 18:05 +0900         the clock; `at +31m`, `at +2h`, `at +3d` move it
    > question                        a mail comes in, under a name of ours; its fields and text stand indented
        From: 山田 太郎 <yamada@customer.example>
        Subject: …

        The text.
    = open                            what was decided: the verdict, and its reason or what tied the mail
    < ack                             a mail must go out; the next one that fits. Under it, indented:
        to …                          the recipient; `subject …` and `says …` must occur, `not …` must not
        answers question              In-Reply-To and References name that mail
        by second                     the relay that took it
        replies to …                  where its Reply-To leads
    nothing                           nothing (more) went out

Whatever goes out must stand in the story: before the next mail, the next move of the clock and the end, nothing may be
left over. More pseudo-fields of a mail: `Answers: ack` (answers that letter or mail: its ids, subject and Reply-To),
`Envelope-From:`, `Envelope-To:`, `Charset:`, and any other field as it shall stand. `{id ack}` becomes the Message-ID
of that letter or mail. More lines:

    contact C-001 Name <addr>         a contract contact
    machine C-001 db1 | RHEL 9.4 | pgpool-II 4.5.2         a registered machine
    zone C-001 Europe/Berlin          in which its people are told the time
    registered C-001 a@x and b@y and db1                   the askers, contacts and machines that are registered now
    approve CHG-1 | decline CHG-1 reason                   staff decide about a change
    > again question                  the very same mail once more
    close INC-2026-000001             staff close it
    seats C-001 2                     so many askers it may have (10 where nothing is said)
    replace C-001 yamada@customer.example 鈴木 花子 <suzuki@customer.example>      an asker's seat goes to another one
    renew C-001 2027-12-31 premium    the next term, to that day, under that menu
    cancel C-001                      it is not renewed
    relay works | defers | refuses | hangs up              (hangs up: takes the mail and dies before it says so)
    relay takes alarms alone          as if these left by another
    relay refuses connections                              it is down: no letter gets there
    second relay works | …                                 there is a second one from now on, and what it says
    < ack again                       the same letter once more, byte for byte
    template breaks on WORD | template mended | retry question
    sells business | answer_minutes = 540 | update_minutes = 1080       more that this menu promises
    answered | wait | resume INC-2026-000001 sato@desk.example          as `mailbot incident` does it
    closes business 2026-08-13 from now: reason            a closed day, known from this moment on;
    closes business 2026-08-13: reason                     or naively, as if it had always been known
    explain INC-2026-000001           what `sla explain` tells now; `says …` must occur under it, `not …` must not
    clock jumps -1h                   the clock on the wall is set (+365d, +40s …), and no time passes
    clock sleeps 3h                   time passes, and the daemon stands still
    clock restarts 10m                … it does not run; `clock reboots 2d`: nor does the machine
    clock accepted                    a person believes the clock
    incidents 1                       so many there are
    incident INC-2026-000001 acknowledged 2                its status, and how many mails it holds
    late INC-2026-000001              its acknowledgement left behind its due time, which is written down
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.header import Header
from pathlib import Path

from sqlalchemy import update

from mailbot import rules, templates
from mailbot.cli.proofs import proof_lines
from mailbot.config import bundled
from mailbot.desk.contract import Language, Role
from mailbot.desk.incident import Happening
from mailbot.errors import RelayError
from mailbot.flows import askers, changes, editing, pulse, retry, terms
from mailbot.flows.application import Application
from mailbot.flows.proving import first_response_of
from mailbot.mail.mailboxes import mailboxes
from mailbot.store import journal
from mailbot.store.outbox import Claimed
from mailbot.store.schema import contract
from tests.flows.office import SUPPORT, Letter, Office, selling
from tests.flows.registering import OFFER


@dataclass(frozen=True)
class Line:
    """A line of the story that begins at the margin, with what is indented under it."""

    number: int
    word: str
    rest: str
    under: tuple[str, ...]


@dataclass(frozen=True)
class Mail:
    """A mail that came in, so that others can answer it, or come again."""

    id: str
    subject: str
    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    inbound_id: int | None


def lines_of(story: str) -> Iterator[Line]:
    """Cut a story into its lines; comments begin with `#`."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(story.split("\n"), 1):
        if found and (line.startswith("    ") or not line.strip()):
            found[-1][2].append(line[4:])
        elif line.strip() and not line.startswith("#"):
            found.append((number, line, []))
    for number, line, under in found:
        word, _, rest = line.partition(" ")
        yield Line(number, word, rest.strip(), tuple("\n".join(under).rstrip().split("\n")) if any(under) else ())


@dataclass
class Play:
    """One performance."""

    office: Office
    folder: Path
    contracts: dict[str, int] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    unread: list[Letter] = field(default_factory=list)
    last: str = ""

    def perform(self, story: str) -> None:
        for line in lines_of(story):
            try:
                self._do(line)
            except Exception as error:
                error.add_note(f"line {line.number}: {line.word} {line.rest}")
                raise
        self._nothing(Line(0, "nothing", "", ()))

    def _do(self, line: Line) -> None:
        actions: dict[str, Callable[[Line], None]] = {
            "contract": self._contract,
            "asker": self._asker,
            "list": self._list,
            "contact": self._contact,
            "machine": self._machine,
            "registered": self._registered,
            "zone": self._zone,
            "approve": lambda each: self._decide(each, approved=True),
            "decline": lambda each: self._decide(each, approved=False),
            "staff": self._staff,
            "partner": lambda each: self._staff(each, role=Role.PARTNER),
            "sold": self._sold,
            "joins": self._joins,
            "renewed": self._renewed,
            "cancelled": lambda each: self.office.cancel(self.contracts[each.rest]),
            "at": self._at,
            "clock": self._clock,
            ">": self._mail,
            "<": self._letter,
            "=": self._decided,
            "nothing": self._nothing,
            "close": lambda each: self.office.close_incident(each.rest),
            "sells": self._sells,
            "answered": lambda each: self._step(each, Happening.ANSWERED),
            "wait": lambda each: self._step(each, Happening.WAITS),
            "resume": lambda each: self._step(each, Happening.RESUMED),
            "seats": self._seats,
            "replace": self._replace,
            "renew": self._renew,
            "cancel": self._cancel,
            "relay": self._relay,
            "second": self._second_relay,
            "template": self._template,
            "retry": self._retry,
            "closes": self._closes,
            "explain": self._explain,
            "incidents": self._incidents,
            "incident": self._incident,
            "late": self._late,
        }
        actions[line.word](line)

    def _contract(self, line: Line) -> None:
        number, menu, language, term, *customer = line.rest.split()
        starts_on, ends_on = map(date.fromisoformat, term.split(".."))
        self.contracts[number] = self.office.contract(
            number,
            menu=menu,
            language=_language(language),
            customer=" ".join(customer),
            starts_on=starts_on,
            ends_on=ends_on,
        )

    def _sold(self, line: Line) -> None:
        number, menu, language, days, *customer = line.rest.split()
        starts_on, ends_on = days.split("..")
        people = [each.strip().partition(" ") for each in line.under if each]
        askers = tuple(rest for word, _, rest in people if word == "asker")
        through, _, list_id = next((rest for word, _, rest in people if word == "list"), "").rpartition(" ")
        self.contracts[number] = self.office.sell(
            Application(
                where="story",
                number=number,
                customer=" ".join(customer),
                menu=menu,
                starts_on=starts_on,
                ends_on=ends_on,
                language=language,
                contacts=tuple(rest for word, _, rest in people if word == "contact"),
                askers=askers,
                list=through,
                list_id=list_id,
                extra_askers="9",
                mailing_list_option="yes" if through else "no",
                welcome="yes",
            )
        )
        self._work()

    def _joins(self, line: Line) -> None:
        number, _, rest = line.rest.partition(" ")
        self.office.register(number, rest)
        self._work()

    def _renewed(self, line: Line) -> None:
        number, days = line.rest.split()
        starts_on, ends_on = map(date.fromisoformat, days.split(".."))
        self.office.renew(self.contracts[number], starts_on, ends_on)
        self._work()

    def _asker(self, line: Line) -> None:
        number, _, rest = line.rest.partition(" ")
        (person,) = mailboxes(rest)
        self.office.asker(self.contracts[number], person.name, person.address)

    def _list(self, line: Line) -> None:
        number, _, rest = line.rest.partition(" ")
        whom, _, list_id = rest.rpartition(" ")
        (address,) = mailboxes(whom)
        self.office.asker(self.contracts[number], address.name, address.address, list_id=list_id)

    def _contact(self, line: Line) -> None:
        number, _, rest = line.rest.partition(" ")
        (person,) = mailboxes(rest)
        self.office.contact(self.contracts[number], person.name, person.address)

    def _machine(self, line: Line) -> None:
        number, _, rest = line.rest.partition(" ")
        host, os, versions = (each.strip() for each in rest.split("|"))
        self.office.machine(self.contracts[number], host, os, versions)

    def _registered(self, line: Line) -> None:
        number, _, rest = line.rest.partition(" ")
        found = self.office.registered(self.contracts[number])
        assert sorted(found) == sorted(filter(None, map(str.strip, rest.split(" and ")))), found

    def _decide(self, line: Line, *, approved: bool) -> None:
        self._nothing(line)
        number, _, reason = line.rest.partition(" ")
        change_id = int(number.removeprefix("CHG-"))
        changes.decide_by_hand(
            self.office.context, change_id, approved=approved, by="Sato", reason=reason, now=self.office.now
        )
        self._work()

    def _zone(self, line: Line) -> None:
        number, zone = line.rest.split()
        now, context = self.office.now, self.office.context
        editing.edit(context.store, number, editing.Wanted(timezone=zone), OFFER, context.day(now), now)

    def _replace(self, line: Line) -> None:
        number, old, written = line.rest.split(maxsplit=2)
        askers.replace_asker(self.office.context.store, number, old, written, OFFER, self.office.now)

    def _renew(self, line: Line) -> None:
        number, until, menu = line.rest.split()
        now, context = self.office.now, self.office.context
        terms.renew(context.store, number, OFFER, context.day(now), now, until=until, menu=menu)

    def _cancel(self, line: Line) -> None:
        now, context = self.office.now, self.office.context
        terms.cancel(context.store, line.rest, context.day(now), now)

    def _staff(self, line: Line, *, role: Role = Role.STAFF) -> None:
        language, _, rest = line.rest.partition(" ")
        (person,) = mailboxes(rest)
        self.office.staff(person.name, person.address, language=_language(language), role=role)

    def _at(self, line: Line) -> None:
        self._nothing(line)
        if line.rest.startswith("+"):
            self.office.passes(_time(line.rest))
        else:
            self.office.now = datetime.strptime(line.rest, "%Y-%m-%d %H:%M %z")
        self._work()

    def _clock(self, line: Line) -> None:
        self._nothing(line)
        what, _, rest = line.rest.partition(" ")
        match what:
            case "jumps":
                self.office.jumps(_time(rest))
            case "sleeps":
                self.office.sleeps(_time(rest))
            case "restarts":
                self.office.is_down(_time(rest))
            case "reboots":
                self.office.is_down(_time(rest), reboots=True)
            case "accepted":
                pulse.accept(self.office.context.store, "Sato", self.office.now)
            case _:
                raise AssertionError(f"a clock does not {what!r}")
        self._work()

    def _work(self) -> None:
        self.unread += self.office.work()

    def _mail(self, line: Line) -> None:
        self._nothing(line)
        kind, _, name = line.rest.partition(" ")
        mail = self.mails[name] if kind == "again" else self._written(line)
        inbound_id = self.office.take_in(mail.raw, sender=mail.sender, recipients=mail.recipients)
        self.last = name if kind == "again" else line.rest
        if kind == "again":
            assert inbound_id is None, "the same mail was kept twice"
        self.mails[self.last] = replace(mail, inbound_id=inbound_id or mail.inbound_id)
        self._work()

    def _written(self, line: Line) -> Mail:
        head, _, text = re.sub(r"\{id ([^{}]+)\}", self._id, "\n".join(line.under)).partition("\n\n")
        fields = [(name, value.strip()) for name, _, value in (each.partition(":") for each in head.split("\n"))]
        given = {name.lower(): value for name, value in fields}
        from_ = mailboxes(given["from"])[0].address if mailboxes(given["from"]) else "nobody@customer.example"
        slug = "-".join(re.findall(r"\w+", line.rest))
        own_id = given.get("message-id", f"<{slug}@{from_.rpartition('@')[2]}>")
        answers = given.get("answers")
        extra = self._answering(answers, given) if answers else {}
        charset = given.get("charset", "utf-8")
        defaults = {"to": SUPPORT, "subject": "", "message-id": own_id} | extra
        added = [(name, value) for name, value in defaults.items() if name not in given]
        written = [(name, value) for name, value in (*fields, *added) if name.lower() not in _PSEUDO]
        written.append(("Date", self.office.now.strftime("%a, %d %b %Y %H:%M:%S %z")))
        written.append(("MIME-Version", "1.0"))
        if "content-type" not in given:
            written.append(("Content-Type", f"text/plain; charset={charset}"))
        raw = "".join(f"{name}: {_encoded(value, charset)}\r\n" for name, value in written).encode("ascii")
        subject = given.get("subject", extra.get("subject", ""))
        to = given.get("envelope-to") or mailboxes(given.get("to", extra.get("to", SUPPORT)))[0].address
        return Mail(
            own_id,
            subject,
            raw + b"\r\n" + text.replace("\n", "\r\n").encode(charset) + b"\r\n",
            given.get("envelope-from", from_).strip("<>"),
            tuple(to.split()),
            None,
        )

    def _id(self, match: re.Match[str]) -> str:
        name = match.group(1)
        return self.mails[name].id if name in self.mails else self.letters[name].message_id

    def _answering(self, name: str, given: dict[str, str]) -> dict[str, str]:
        """The fields of a good mail program's answer (RFC 5322 §3.6.4)."""
        if name in self.mails:
            return {"in-reply-to": self.mails[name].id, "references": self.mails[name].id} | {
                "subject": f"Re: {self.mails[name].subject}"
            }
        letter = self.letters[name]
        references = f"{letter.message.get('References', '')} {letter.message_id}".strip()
        subject = letter.subject if letter.subject.startswith("Re:") else f"Re: {letter.subject}"
        reply_to = letter.message.get("Reply-To")
        return {
            "in-reply-to": letter.message_id,
            "references": references,
            "subject": subject,
            "to": mailboxes(str(reply_to))[0].address if reply_to else SUPPORT,
        }

    def _letter(self, line: Line) -> None:
        again = line.rest.endswith(" again")
        name = line.rest.removesuffix(" again")
        checks = [(word, rest) for word, _, rest in (each.strip().partition(" ") for each in line.under) if word]
        to = next((rest for word, rest in checks if word == "to"), None)
        found = next((each for each in self.unread if to is None or each.recipient == to), None)
        assert found is not None, f"nothing went out to {to or 'anybody'}; {_shown(self.unread)}"
        self.unread.remove(found)
        if again:
            assert found.raw == self.letters[name].raw, "it is another letter"
        self.letters[name] = found
        shown = _one_line(f"{found.subject}\n{found.text}")
        for word, rest in checks:
            match word:
                case "to":
                    pass
                case "subject":
                    _require(rest in found.subject, f"{found.subject!r} does not hold {rest!r}")
                case "says":
                    _require(_one_line(rest) in shown, f"{rest!r} is not said in\n{found.subject}\n\n{found.text}")
                case "not":
                    _require(_one_line(rest) not in shown, f"{rest!r} is said in\n{found.subject}\n\n{found.text}")
                case "replies":
                    reply_to = mailboxes(str(found.message["Reply-To"]))[0].address
                    _require(f"to {reply_to}" == rest, f"replies to it go to {reply_to}")
                case "answers":
                    wanted = self.mails[rest].id
                    _require(found.message["In-Reply-To"] == wanted, f"it answers {found.message['In-Reply-To']}")
                    _require(str(found.message["References"]).split()[-1] == wanted, "its References end elsewhere")
                case "by":
                    _require(rest == found.by, f"the {found.by} relay took it")
                case _:
                    raise AssertionError(f"a letter has no {word!r}")

    def _decided(self, line: Line) -> None:
        (row,) = self.office.inbound(self.mails[self.last].inbound_id)
        signal = ""
        if row["verdict"] == "append":
            signal = next((saw.split()[0] for check, saw in row["evidence"] if check == "reply"), "participant")
        said = " ".join(filter(None, (row["verdict"] or row["state"], row["reason"] or signal)))
        assert said == line.rest, f"{said}: {row['evidence']} {row['error']}"

    def _nothing(self, line: Line) -> None:
        assert not self.unread, f"more went out: {_shown(self.unread)}"

    def _sells(self, line: Line) -> None:
        menu, *lines = (each.strip() for each in line.rest.split("|"))
        self.office.context = replace(self.office.context, rules=selling(menu, "\n".join(lines)))

    def _step(self, line: Line, happening: Happening) -> None:
        self._nothing(line)
        number, by = line.rest.split()
        self.office.step(number, happening, by)
        self._work()

    def _seats(self, line: Line) -> None:
        number, seats = line.rest.split()
        with self.office.context.store.begin() as connection:
            wanted = contract.c.id == self.contracts[number]
            connection.execute(update(contract).where(wanted).values(extra_askers=int(seats) - 1))

    def _relay(self, line: Line) -> None:
        self.office.relay = _RELAYS[line.rest]
        if line.rest == "works":
            self._work()

    def _second_relay(self, line: Line) -> None:
        self.office.get_second_relay(_RELAYS[line.rest.removeprefix("relay ")])

    def _template(self, line: Line) -> None:
        """A template that staff changed, and that cannot be rendered for certain mails."""
        source = bundled("templates")
        if line.rest.startswith("breaks on "):
            word = line.rest.removeprefix("breaks on ")
            source = self.folder / "templates"
            _copy(bundled("templates"), source)
            for file in source.glob("*/asker-acknowledged.txt"):
                file.write_text(f"{file.read_text()}{{% if '{word}' in subject %}}{{{{ 1 / 0 }}}}{{% endif %}}\n")
        loaded = templates.load(source, languages=("ja", "en"))
        self.office.context = replace(self.office.context, templates=loaded)

    def _retry(self, line: Line) -> None:
        self._nothing(line)
        inbound_id = self.mails[line.rest].inbound_id
        assert inbound_id is not None
        retry.retry_inbound(self.office.context.store, inbound_id, self.office.now)
        self.last = line.rest
        self._work()

    def _closes(self, line: Line) -> None:
        match = re.fullmatch(r"(\S+) (\S+)( from now)?: (.+)", line.rest)
        assert match, line.rest
        calendar, days, from_now, reason = match.groups()
        folder = self.folder / "rules"
        if not folder.exists():
            _copy(bundled("rules"), folder)
        known = f"valid_from = {self.office.now.isoformat()}\n" if from_now else ""
        with (folder / "calendar.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[[calendars.{calendar}.closed]]\ndays = "{days}"\nreason = "{reason}"\n{known}')
        self.office.context = replace(self.office.context, rules=rules.load(folder))

    def _explain(self, line: Line) -> None:
        context, now = self.office.context, self.office.now
        with context.store.read() as connection:
            proven = first_response_of(connection, context.rules, line.rest, zone=context.desk.zone, now=now)
        told = "\n".join(proof_lines(proven, context.desk.zone))
        for word, _, rest in (each.strip().partition(" ") for each in line.under):
            assert word in ("says", "not"), word
            _require((_one_line(rest) in _one_line(told)) is (word == "says"), f"{word} {rest}:\n{told}")

    def _incidents(self, line: Line) -> None:
        assert len(self.office.incidents()) == int(line.rest)

    def _incident(self, line: Line) -> None:
        number, status, messages = line.rest.split()
        row = next(each for each in self.office.incidents() if each["number"] == number)
        assert (row["status"], row["messages"]) == (status, int(messages))

    def _late(self, line: Line) -> None:
        row = next(each for each in self.office.incidents() if each["number"] == line.rest)
        assert row["acknowledged_at"] > row["due_at"]
        with self.office.context.store.read() as connection:
            written = journal.about(connection, f"incident:{row['id']}")
        assert "acknowledged-late" in [each["what"] for each in written]


def _works(letter: Claimed) -> str:
    return "250 2.0.0 taken"


def _defers(letter: Claimed) -> RelayError:
    return RelayError("450 4.2.0 try again later")


def _refuses(letter: Claimed) -> str | RelayError:
    return "250 ok" if letter.audience == "staff" else RelayError("550 5.1.1 no such user", permanent=True)


def _takes_alarms_alone(letter: Claimed) -> str | RelayError:
    """As if these left by another relay."""
    return _works(letter) if letter.kind == "alarm" else _defers(letter)


def _refuses_connections(letter: Claimed) -> RelayError:
    return RelayError("smtp://mx.desk.example: connection refused", of_relay=True)


def _hangs_up(letter: Claimed) -> RelayError:
    return RelayError("the line went dead after the final dot", in_doubt=True)


_RELAYS: dict[str, Callable[[Claimed], str | RelayError]] = {
    "works": _works,
    "defers": _defers,
    "refuses": _refuses,
    "refuses connections": _refuses_connections,
    "hangs up": _hangs_up,
    "takes alarms alone": _takes_alarms_alone,
}
_PSEUDO = frozenset({"answers", "envelope-from", "envelope-to", "charset"})


def _encoded(value: str, charset: str) -> str:
    """What is not ASCII as encoded-words; an address behind it stays as it is (RFC 2047 §5)."""
    if value.isascii():
        return value
    name, angle, address = value.rpartition(" <") if value.endswith(">") else (value, "", "")
    return Header(name, charset, maxlinelen=70).encode(linesep="\r\n") + angle + address


def _require(fulfilled: bool, otherwise: str) -> None:
    """An assertion without pytest's comparison, which takes seconds for a letter."""
    if not fulfilled:
        raise AssertionError(otherwise)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shown(letters: list[Letter]) -> str:
    return "; ".join(f"{each.kind} to {each.recipient}: {each.subject}\n{each.text}" for each in letters) or "nothing"


def _time(written: str) -> timedelta:
    found = re.fullmatch(r"([+-]?\d+)([smhd])", written)
    assert found is not None, f"{written!r} is no time, such as 3h or -40s"
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[found.group(2)]
    return timedelta(**{unit: int(found.group(1))})


def _language(word: str) -> Language:
    assert word in ("ja", "en")
    return "ja" if word == "ja" else "en"


def _copy(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file():
            (target / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / file.relative_to(source)).write_bytes(file.read_bytes())

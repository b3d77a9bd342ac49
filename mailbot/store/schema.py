"""Which tables are there, and which rules hold in the database rather than in code?

All times are UTC. Whatever belongs to a contract carries it, and foreign keys are composite (id, contract), so that a
link from one contract to another cannot be stored (S26).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A moment: aware in the program, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive datetimes, which nobody could place in time."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive datetime must not reach the database")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

WAITING_TO_LEAVE = "state IN ('ready', 'claimed', 'in_doubt')"
CLAIMED = "state = 'claimed'"
GUIDE_WAITS = "state = 'waiting'"
PAGE_WAITS = "state IN ('ready', 'claimed')"
UNACKNOWLEDGED = "acknowledged_at IS NULL AND page_at IS NOT NULL"
CLOSING = "(closed_on IS NULL OR closed_on <> ends_on)"
"""Conditions of partial indexes: a query must say them in these very words, or SQLite reads all mails ever sent."""

# SQLite numbers rows by itself only for INTEGER; PostgreSQL should not run out at 2^31.
Id = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


contract = Table(
    "contract",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(64), nullable=False, unique=True),
    Column("customer", Text, nullable=False),
    Column("menu", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("cluster", Text, nullable=False),
    Column("extra_askers", Integer, nullable=False),
    Column("mailing_list_option", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("cancelled_at", Instant),  # told that it is not renewed; access goes on to the end of the term (S24)
    Column("trust", String(16)),  # what must be known of a writer; None: as [policy] says
    Column("timezone", String(64)),  # in which its people are told the time; None: the desk's
    CheckConstraint("extra_askers >= 0", name="extra_askers"),
    _one_of("language", "ja", "en"),
    _one_of("trust", "plausible", "authenticated"),
)

# Triggers hold, in both databases, what no constraint can (store/versions/steps): terms of a contract do not overlap,
# its askers are no more than its seats (S9), a list is an asker only with the mailing-list option (S8), a message is no
# letter of another contract's, and a letter about an incident names its contract (S26).
term = Table(
    "term",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contract_id", Id, ForeignKey("contract.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("menu", String(64)),  # None: the contract's; else one that ends with the term, for the next was sold another
    # The last day as it was when all had been done that follows from it (S24); a last day that is put off counts anew.
    Column("closed_on", Date),
    CheckConstraint("ends_on >= starts_on", name="order"),
    UniqueConstraint("contract_id", "starts_on"),
    Index(
        "ix_term_closing",
        "ends_on",
        sqlite_where=text(CLOSING),
        postgresql_where=text(CLOSING),
    ),
)

asker = Table(
    "asker",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contract_id", Id, ForeignKey("contract.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("list_id", Text),
    Column("registered_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("domain", Text),  # of the address: which customer may an unknown writer belong to?
    _one_of("kind", "person", "list"),
    UniqueConstraint("id", "contract_id"),
    Index(
        "uq_asker_registered",
        "contract_id",
        "address",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
    Index("ix_asker_address", "address"),
    Index("ix_asker_list_id", "list_id"),
    Index("ix_asker_domain", "domain"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contract_id", Id, ForeignKey("contract.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("domain", Text),
    UniqueConstraint("contract_id", "address"),
    Index("ix_contact_address", "address"),
    Index("ix_contact_domain", "domain"),
)

# Once ever for a person and contract (S22), whatever becomes of the mail.
welcome = Table(
    "welcome",
    metadata,
    Column("contract_id", Id, ForeignKey("contract.id"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("settled_at", Instant),
    _one_of("state", "waiting", "sent", "waived"),
    Index(
        "ix_welcome_waiting",
        "contract_id",
        "address",
        sqlite_where=text(GUIDE_WAITS),
        postgresql_where=text(GUIDE_WAITS),
    ),
)

equipment = Table(
    "equipment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contract_id", Id, ForeignKey("contract.id"), nullable=False),
    Column("host", Text, nullable=False),
    Column("os", Text, nullable=False),
    Column("versions", Text, nullable=False),  # products and their versions, in words
    Column("registered_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index(
        "uq_equipment_registered",
        "contract_id",
        "host",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False, unique=True),
    Column("language", String(2), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("removed_at", Instant),  # the row stays: signed addresses name a person by its id for ever
    Column("role", String(8), nullable=False, server_default=text("'staff'")),  # a partner sees only what S27 gives
    _one_of("language", "ja", "en"),
    _one_of("role", "staff", "partner"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipients", Text, nullable=False),  # one a line, in order
    Column("envelope", JSON, nullable=False),
    Column("size", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("message_id", Text),
    Column("from_address", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("verdict", String(32)),
    Column("reason", String(32)),
    Column("evidence", JSON),
    Column("error", Text),
    Column("told_staff_at", Instant),
    Column("raw", LargeBinary, nullable=False),  # last: SQLite reads a row from the left
    # Attack row 17: the same mail by another door, or twice by one, is one row; another body is another mail.
    UniqueConstraint("fingerprint", "recipients"),
    _one_of("state", "new", "done", "held", "failed", "dropped"),
    _one_of("channel", "smtp", "lmtp", "pipe", "imap"),
    Index("ix_inbound_state", "state", "id"),
    Index("ix_inbound_message_id", "message_id"),
    Index(
        "ix_inbound_told_staff_at",
        "told_staff_at",
        sqlite_where=text("told_staff_at IS NOT NULL"),
        postgresql_where=text("told_staff_at IS NOT NULL"),
    ),
)

hold = Table(
    "hold",
    metadata,
    Column("inbound_id", Id, ForeignKey("inbound.id"), primary_key=True),
    Column("held_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # when the first response would be due, if it is a question
    Column("alarm_at", Instant),  # the next alarm: at 50 and 80 per cent of that window, then at its end; None: no more
    Column("alarmed_at", Instant),
    Column("alarmed", Integer, nullable=False, server_default=text("0")),  # per cent of the window at the last alarm
    Column("neutral_at", Instant),  # when its writer, if an asker, is told that it is here; None: not, or no more
    Column("menu", String(64)),  # whose window this is: its contract's, or the shortest one
    Column("urgent", Boolean),  # whether its words count as urgent
    Column("proven", Boolean),  # whether the writer's domain vouched for it
    Column("released_at", Instant),  # a person has looked at it and lets it go its way
    Column("released_by", Text),
    Column("contract_id", Id, ForeignKey("contract.id")),  # that it likely means, or in whose name it was released
    Column("asker_id", Id),  # in whose name, where that person said so
    Column("incident_id", Id),  # that a participant wants to join
    Column("author_name", Text, nullable=False),
    Column("excerpt", Text, nullable=False),  # the first lines of its new text, for those who decide
    ForeignKeyConstraint(["asker_id", "contract_id"], ["asker.id", "asker.contract_id"]),
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    Index(
        "ix_hold_alarm",
        "alarm_at",
        sqlite_where=text("alarm_at IS NOT NULL"),
        postgresql_where=text("alarm_at IS NOT NULL"),
    ),
    Index("ix_hold_incident", "incident_id"),
    Index(
        "ix_hold_neutral",
        "neutral_at",
        sqlite_where=text("neutral_at IS NOT NULL"),
        postgresql_where=text("neutral_at IS NOT NULL"),
    ),
)

ignored_sender = Table(
    "ignored_sender",
    metadata,
    Column("address", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("by", Text, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contract_id", Id, ForeignKey("contract.id"), nullable=False),
    Column("inbound_id", Id, ForeignKey("inbound.id")),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("wanted", JSON, nullable=False),  # store.changes: the steps in order, and how it was asked for
    Column("state", String(10), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    _one_of("state", "waiting", "approved", "rejected"),
    Index(
        "ix_change_waiting",
        "contract_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# What a calendar was when due times were counted by it, whole: what is changed later changes no past verdict.
calendar_edition = Table(
    "calendar_edition",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("calendar", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    Column("first_used_at", Instant, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    Column("contract_id", Id, ForeignKey("contract.id"), nullable=False),
    Column("asker_id", Id, nullable=False),
    Column("status", String(16), nullable=False),
    Column("urgency", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("subject", Text, nullable=False),
    Column("base_subject", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("products", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("acknowledged_at", Instant),
    Column("assignee_id", Id, ForeignKey("staff.id")),
    Column("former_id", Id),
    Column("inbound_id", Id, ForeignKey("inbound.id"), nullable=False, unique=True),
    # How its clock was set; None in incidents that are older than these columns.
    Column("menu", String(64)),
    Column("edition", String(64), ForeignKey("calendar_edition.fingerprint")),
    Column("response_minutes", Integer),  # covered minutes
    Column("starts_at", Instant),  # when the covered time began to count
    Column("page_at", Instant),  # the next page about a missing acknowledgement; None: no more
    Column("paged", Integer, nullable=False, server_default=text("0")),  # per cent of the window at the last page
    Column("paged_at", Instant),
    Column("urgency_by", Text),  # the person who said so; None: the rules
    Column("taken_at", Instant),
    Column(
        "answers", JSON(none_as_null=True)
    ),  # store.answers: what was promised of answers when it came; None: nothing
    Column("answered_at", Instant),  # the first answer of a person
    Column("answer_due_at", Instant),  # the next answer or update that was sold; None: none, or the customer's turn
    Column("remind_at", Instant),  # when staff are next reminded of it
    UniqueConstraint("id", "contract_id"),
    ForeignKeyConstraint(["asker_id", "contract_id"], ["asker.id", "asker.contract_id"]),
    ForeignKeyConstraint(["former_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    _one_of("urgency", "normal", "doubtful", "urgent"),
    Index("ix_incident_page", "page_at", sqlite_where=text(UNACKNOWLEDGED), postgresql_where=text(UNACKNOWLEDGED)),
    Index(
        "ix_incident_paged_at",
        "paged_at",
        sqlite_where=text("paged_at IS NOT NULL"),
        postgresql_where=text("paged_at IS NOT NULL"),
    ),
    Index(
        "ix_incident_remind",
        "remind_at",
        sqlite_where=text("remind_at IS NOT NULL"),
        postgresql_where=text("remind_at IS NOT NULL"),
    ),
    Index("ix_incident_former", "former_id"),
    Index("ix_incident_contract", "contract_id"),
    Index("ix_incident_base_subject", "asker_id", "base_subject", "received_at"),
    Index(
        "ix_incident_unacknowledged",
        "due_at",
        sqlite_where=text("acknowledged_at IS NULL"),
        postgresql_where=text("acknowledged_at IS NULL"),
    ),
)

# What people did to an incident, for its clocks; mails that came and went stand in `message` and `outbox`.
incident_event = Table(
    "incident_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident_id", Id, nullable=False),
    Column("contract_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("what", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("detail", Text, nullable=False),
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    Index("ix_incident_event_incident", "incident_id"),
)

# Who is called for an urgent incident until somebody takes it (S21, S27).
escalation = Table(
    "escalation",
    metadata,
    Column("incident_id", Id, primary_key=True, autoincrement=False),
    Column("contract_id", Id, nullable=False),
    Column("ladder", String(64), nullable=False),  # of rules/oncall.toml
    Column("rung", Integer, nullable=False),  # the last one that was called, from 0
    Column("started_at", Instant, nullable=False),
    Column("next_at", Instant),  # when the next rung is called; None: nobody any more
    Column("claimed_at", Instant),
    Column("claimed_by", Id, ForeignKey("staff.id")),
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    Index(
        "ix_escalation_next",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", String(24), nullable=False),
    Column("audience", String(10), nullable=False),
    Column("contract_id", Id, ForeignKey("contract.id")),
    Column("incident_id", Id),
    Column("inbound_id", Id, ForeignKey("inbound.id")),
    Column("message_id", Text, nullable=False, unique=True),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("state", String(10), nullable=False),
    Column("resend", Boolean, nullable=False),  # may it go out again when it is in doubt? (invariant 5)
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", Instant),
    Column("fence", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("answer", Text),  # the relay's last word
    Column("raw", LargeBinary, nullable=False),
    Column("way", String(8), nullable=False, server_default=text("'first'")),  # by which relay it leaves
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    _one_of("state", "ready", "claimed", "in_doubt", "sent", "failed", "held", "dropped"),
    _one_of("way", "first", "second"),
    _one_of("audience", "customer", "list", "staff", "stranger"),
    Index(
        "ix_outbox_due",
        "way",
        "priority",
        "next_attempt_at",
        sqlite_where=text(WAITING_TO_LEAVE),
        postgresql_where=text(WAITING_TO_LEAVE),
    ),
    Index("ix_outbox_claimed", "lease_until", sqlite_where=text(CLAIMED), postgresql_where=text(CLAIMED)),
    Index("ix_outbox_incident", "incident_id"),
    Index("ix_outbox_inbound", "inbound_id"),
)

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident_id", Id, nullable=False),
    Column("contract_id", Id, nullable=False),
    Column("inbound_id", Id, ForeignKey("inbound.id"), unique=True),
    Column("outbox_id", Id, ForeignKey("outbox.id"), unique=True),
    Column("direction", String(4), nullable=False),
    Column("at", Instant, nullable=False),
    Column("written_at", Instant),  # as its Date says (RFC 5322 §3.6.1), which may be wrong or missing
    Column("author_name", Text, nullable=False),
    Column("author_address", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("new_text", Text, nullable=False),
    Column("signal", String(24), nullable=False),  # what tied it to this incident
    UniqueConstraint("id", "contract_id"),
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    _one_of("direction", "in", "out", "note"),
    Index("ix_message_incident", "incident_id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, nullable=False),
    Column("contract_id", Id, nullable=False),
    Column("part", Integer, nullable=False),  # where it stands in the kept raw mail
    Column("filename", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("inline", Boolean, nullable=False),
    ForeignKeyConstraint(["message_id", "contract_id"], ["message.id", "message.contract_id"]),
    Index("ix_attachment_message", "message_id"),
)

reference = Table(
    "reference",
    metadata,
    # One contract cannot claim another's Message-IDs, so an id is unique within its contract, not in the world.
    Column("message_id", Text, primary_key=True),
    Column("contract_id", Id, primary_key=True),
    Column("incident_id", Id, nullable=False),
    Column("ghost", Boolean, nullable=False),  # named by others, never seen itself
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    Index("ix_reference_incident", "incident_id"),
)

participant = Table(
    "participant",
    metadata,
    Column("id", Id, primary_key=True),
    Column("incident_id", Id, nullable=False),
    Column("contract_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),  # in To or Cc of a mail of this incident
    Column("admitted_at", Instant),
    Column("admitted_by", Text),
    ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"]),
    UniqueConstraint("incident_id", "address"),
    Index("ix_participant_address", "address"),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("subject", String(64), nullable=False),  # e.g. inbound:12, incident:7, contract:3
    Column("what", String(32), nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_journal_subject", "subject"),
)

# What must reach a person although the mail does not: by the operator's own command, or by a webhook.
page = Table(
    "page",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("route", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("answer", Text),
    Column("sent_at", Instant),
    _one_of("route", "command", "webhook"),
    _one_of("state", "ready", "claimed", "sent", "failed"),
    Index("ix_page_due", "next_attempt_at", sqlite_where=text(PAGE_WAITS), postgresql_where=text(PAGE_WAITS)),
)

# How each way out fares.
route = Table(
    "route",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("last_ok_at", Instant),
    Column("failing_since", Instant),
    Column("failed_at", Instant),  # the newest failure that was needed to call it an outage
    Column("error", Text),
    Column("told_at", Instant),  # that staff were paged about this failure
)

# When each daemon last lived, by both of its clocks (promises, invariant 9).
pulse = Table(
    "pulse",
    metadata,
    Column("daemon", String(255), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("since_boot", Float, nullable=False),  # seconds, sleep included
    Column("boot", String(64), nullable=False),
    Column("ahead", Float, nullable=False),  # seconds from the clock that was believed last; 0: it is believed
    Column("suspended_at", Instant),  # since then letters that a day causes are held: the clock is in doubt
    Column("why", Text),
)

"""Who may write: equipment, participants, held mail, changes; seats, lists and terms are held by the database."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)
_DOMAIN = {"sqlite": "substr(address, instr(address, '@') + 1)", "postgresql": "split_part(address, '@', 2)"}


def upgrade() -> None:
    # In words of SQL: Alembic would write the whole table anew on SQLite, which the tables that point to it forbid.
    op.execute(
        "ALTER TABLE contract ADD COLUMN trust VARCHAR(16) "
        "CONSTRAINT ck_contract_trust CHECK (trust IN ('plausible', 'authenticated'))"
    )
    op.add_column("contract", sa.Column("cancelled_at", _AT))
    op.add_column("term", sa.Column("menu", sa.String(length=64)))
    op.add_column("staff", sa.Column("removed_at", _AT))
    for table in ("asker", "contact"):
        op.add_column(table, sa.Column("domain", sa.Text()))
        op.execute(f"UPDATE {table} SET domain = {_DOMAIN[op.get_bind().dialect.name]}")  # noqa: S608 - our words
        op.create_index(f"ix_{table}_domain", table, ["domain"])
    op.create_index("ix_contact_address", "contact", ["address"])
    op.create_index("ix_incident_contract", "incident", ["contract_id"])
    _closing()
    _welcome()
    _equipment()
    _hold()
    _ignored_sender()
    _change()
    _participant()
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _closing() -> None:
    """What ended before the desk could tell of it is no news."""
    op.add_column("term", sa.Column("closed_on", sa.Date()))
    op.execute("UPDATE term SET closed_on = ends_on WHERE ends_on < CURRENT_DATE")
    op.create_index(
        "ix_term_closing",
        "term",
        ["ends_on"],
        sqlite_where=sa.text("(closed_on IS NULL OR closed_on <> ends_on)"),
        postgresql_where=sa.text("(closed_on IS NULL OR closed_on <> ends_on)"),
    )


def _welcome() -> None:
    """Empty: nobody who is registered already is greeted as new."""
    op.create_table(
        "welcome",
        sa.Column("contract_id", _ID, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("settled_at", _AT),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'waived')", name=op.f("ck_welcome_state")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_welcome_contract_id")),
        sa.PrimaryKeyConstraint("contract_id", "address", name=op.f("pk_welcome")),
    )
    op.create_index(
        "ix_welcome_waiting",
        "welcome",
        ["contract_id", "address"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _equipment() -> None:
    op.create_table(
        "equipment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("contract_id", _ID, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("os", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("registered_at", _AT, nullable=False),
        sa.Column("removed_at", _AT),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_equipment_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
    )
    op.create_index(
        "uq_equipment_registered",
        "equipment",
        ["contract_id", "host"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("inbound_id", _ID, nullable=False),
        sa.Column("held_at", _AT, nullable=False),
        sa.Column("due_at", _AT, nullable=False),
        sa.Column("alarm_at", _AT),
        sa.Column("alarmed_at", _AT),
        sa.Column("released_at", _AT),
        sa.Column("released_by", sa.Text()),
        sa.Column("contract_id", _ID),
        sa.Column("asker_id", _ID),
        sa.Column("incident_id", _ID),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_hold_contract_id")),
        sa.ForeignKeyConstraint(
            ["asker_id", "contract_id"], ["asker.id", "asker.contract_id"], name=op.f("fk_hold_asker_id_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id", "contract_id"],
            ["incident.id", "incident.contract_id"],
            name=op.f("fk_hold_incident_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_hold_inbound_id")),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_hold")),
    )
    op.create_index(
        "ix_hold_alarm",
        "hold",
        ["alarm_at"],
        sqlite_where=sa.text("alarm_at IS NOT NULL"),
        postgresql_where=sa.text("alarm_at IS NOT NULL"),
    )
    op.create_index("ix_hold_incident", "hold", ["incident_id"])


def _ignored_sender() -> None:
    op.create_table(
        "ignored_sender",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_ignored_sender")),
    )


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", _ID, nullable=False),
        sa.Column("contract_id", _ID, nullable=False),
        sa.Column("inbound_id", _ID),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", _AT),
        sa.Column("decided_by", sa.Text()),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'rejected')", name=op.f("ck_change_state")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_change_contract_id")),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_change_inbound_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(
        "ix_change_waiting",
        "change",
        ["contract_id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("contract_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.Column("admitted_at", _AT),
        sa.Column("admitted_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["incident_id", "contract_id"],
            ["incident.id", "incident.contract_id"],
            name=op.f("fk_participant_incident_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("incident_id", "address", name=op.f("uq_participant_incident_id_address")),
    )
    op.create_index("ix_participant_address", "participant", ["address"])


# The same three rules twice. The words that they fail with are what `store.contracts` knows them by.
_TAKEN = "SELECT count(*) FROM asker WHERE contract_id = {owner} AND removed_at IS NULL"
_OVERLAP = (
    "EXISTS (SELECT 1 FROM term AS other WHERE other.contract_id = NEW.contract_id AND other.id <> NEW.id "
    "AND other.starts_on <= NEW.ends_on AND NEW.starts_on <= other.ends_on)"
)
_SEATS = "SELECT 1 + extra_askers FROM contract WHERE contract.id = NEW.contract_id"
_MORE_THAN_SEATS = f"({_TAKEN.format(owner='NEW.contract_id')}) > ({_SEATS})"
_LIST_WITHOUT_OPTION = (
    "NEW.kind = 'list' AND NOT (SELECT mailing_list_option FROM contract WHERE contract.id = NEW.contract_id)"
)
_FEWER_THAN_TAKEN = f"({_TAKEN.format(owner='NEW.id')}) > 1 + NEW.extra_askers"
_OPTION_IN_USE = (
    "NOT NEW.mailing_list_option AND EXISTS (SELECT 1 FROM asker WHERE asker.contract_id = NEW.id "
    "AND asker.kind = 'list' AND asker.removed_at IS NULL)"
)

# S26: what a composite key of step 0001 lets through where one of its columns may be NULL, or has none.
_LETTER_OF_ANOTHER = (
    "NEW.outbox_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.id = NEW.outbox_id "
    "AND outbox.contract_id = NEW.contract_id)"
)
_INCIDENT_WITHOUT_CONTRACT = "NEW.incident_id IS NOT NULL AND NEW.contract_id IS NULL"
_MESSAGE_OF_ANOTHER = (
    "EXISTS (SELECT 1 FROM message WHERE message.outbox_id = NEW.id "
    "AND message.contract_id <> coalesce(NEW.contract_id, 0))"
)


def _on_sqlite(table: str, event: str, name: str, broken: str) -> str:
    when = f"NEW.removed_at IS NULL AND ({broken})" if table == "asker" else broken
    return (
        f"CREATE TRIGGER {table}_{name}_{event[:6].lower()} AFTER {event} ON {table} "
        f"WHEN {when} BEGIN SELECT RAISE(ABORT, 'mailbot: {name}'); END"
    )


_SQLITE = [
    _on_sqlite("term", "INSERT", "overlap", _OVERLAP),
    _on_sqlite("term", "UPDATE", "overlap", _OVERLAP),
    _on_sqlite("asker", "INSERT", "seats", _MORE_THAN_SEATS),
    _on_sqlite("asker", "UPDATE", "seats", _MORE_THAN_SEATS),
    _on_sqlite("asker", "INSERT", "list_option", _LIST_WITHOUT_OPTION),
    _on_sqlite("asker", "UPDATE", "list_option", _LIST_WITHOUT_OPTION),
    _on_sqlite("contract", "UPDATE OF extra_askers", "seats", _FEWER_THAN_TAKEN),
    _on_sqlite("contract", "UPDATE OF mailing_list_option", "list_option", _OPTION_IN_USE),
    _on_sqlite("message", "INSERT", "isolation", _LETTER_OF_ANOTHER),
    _on_sqlite("message", "UPDATE OF outbox_id, contract_id", "isolation", _LETTER_OF_ANOTHER),
    _on_sqlite("outbox", "INSERT", "isolation", _INCIDENT_WITHOUT_CONTRACT),
    _on_sqlite(
        "outbox",
        "UPDATE OF incident_id, contract_id",
        "isolation",
        f"({_INCIDENT_WITHOUT_CONTRACT}) OR {_MESSAGE_OF_ANOTHER}",
    ),
]


def _function(table: str, checks: dict[str, str], *, lock: bool) -> str:
    # The lock makes two who register at once see each other; foreign keys do not wait for it.
    locked = "PERFORM 1 FROM contract WHERE id = NEW.contract_id FOR NO KEY UPDATE;" if lock else ""
    raised = " ".join(
        f"IF {broken} THEN RAISE EXCEPTION 'mailbot: {name}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        for name, broken in checks.items()
    )
    body = f"IF NEW.removed_at IS NULL THEN {raised} END IF;" if table == "asker" else raised
    return (
        f"CREATE FUNCTION {table}_rules() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {locked} {body} RETURN NULL; END $$"
    )


_POSTGRESQL = [
    _function("term", {"overlap": _OVERLAP}, lock=True),
    "CREATE TRIGGER term_rules AFTER INSERT OR UPDATE ON term FOR EACH ROW EXECUTE FUNCTION term_rules()",
    _function("asker", {"seats": _MORE_THAN_SEATS, "list_option": _LIST_WITHOUT_OPTION}, lock=True),
    "CREATE TRIGGER asker_rules AFTER INSERT OR UPDATE ON asker FOR EACH ROW EXECUTE FUNCTION asker_rules()",
    _function("contract", {"seats": _FEWER_THAN_TAKEN, "list_option": _OPTION_IN_USE}, lock=False),
    "CREATE TRIGGER contract_rules AFTER UPDATE OF extra_askers, mailing_list_option ON contract "
    "FOR EACH ROW EXECUTE FUNCTION contract_rules()",
    _function("message", {"isolation": _LETTER_OF_ANOTHER}, lock=False),
    "CREATE TRIGGER message_rules AFTER INSERT OR UPDATE OF outbox_id, contract_id ON message "
    "FOR EACH ROW WHEN (NEW.outbox_id IS NOT NULL) EXECUTE FUNCTION message_rules()",
    _function("outbox", {"isolation": f"({_INCIDENT_WITHOUT_CONTRACT}) OR {_MESSAGE_OF_ANOTHER}"}, lock=False),
    "CREATE TRIGGER outbox_is_new AFTER INSERT ON outbox "
    f"FOR EACH ROW WHEN ({_INCIDENT_WITHOUT_CONTRACT}) EXECUTE FUNCTION outbox_rules()",
    "CREATE TRIGGER outbox_rules AFTER UPDATE OF incident_id, contract_id ON outbox "
    "FOR EACH ROW EXECUTE FUNCTION outbox_rules()",
]

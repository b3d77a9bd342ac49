"""The clock: by which calendar a due time was counted, who is called, which way out works, and when we last lived."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)
_WAITING_TO_LEAVE = "state IN ('ready', 'claimed', 'in_doubt')"


def upgrade() -> None:
    # In words of SQL: Alembic would write the whole table anew on SQLite, which the tables that point to it forbid.
    op.add_column("contract", sa.Column("timezone", sa.String(length=64)))
    _with_check("staff", "role", "VARCHAR(8) NOT NULL DEFAULT 'staff'", "'staff', 'partner'")
    _with_check("outbox", "way", "VARCHAR(8) NOT NULL DEFAULT 'first'", "'first', 'second'")
    op.execute("UPDATE outbox SET priority = priority + 1")  # urgent mail came before all others
    op.drop_index("ix_outbox_due", "outbox")
    _partial("ix_outbox_due", "outbox", ["way", "priority", "next_attempt_at"], _WAITING_TO_LEAVE)
    _calendar_edition()
    _incident()
    _hold()
    _incident_event()
    _escalation()
    _ways_out()


def _with_check(table: str, column: str, kind: str, values: str) -> None:
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({values}))"
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _calendar_edition() -> None:
    op.create_table(
        "calendar_edition",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("calendar", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("first_used_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_calendar_edition")),
    )


def _incident() -> None:
    op.execute(
        "ALTER TABLE incident ADD COLUMN edition VARCHAR(64) "
        "CONSTRAINT fk_incident_edition REFERENCES calendar_edition (fingerprint)"
    )
    op.execute("ALTER TABLE incident ADD COLUMN paged INTEGER NOT NULL DEFAULT 0")
    op.add_column("incident", sa.Column("menu", sa.String(length=64)))
    op.add_column("incident", sa.Column("response_minutes", sa.Integer()))
    op.add_column("incident", sa.Column("urgency_by", sa.Text()))
    op.add_column("incident", sa.Column("answers", sa.JSON()))
    for name in ("starts_at", "page_at", "paged_at", "taken_at", "answered_at", "answer_due_at", "remind_at"):
        op.add_column("incident", sa.Column(name, _AT))
    op.execute("UPDATE incident SET page_at = due_at WHERE acknowledged_at IS NULL")
    _partial("ix_incident_page", "incident", ["page_at"], "acknowledged_at IS NULL AND page_at IS NOT NULL")
    _partial("ix_incident_paged_at", "incident", ["paged_at"], "paged_at IS NOT NULL")
    _partial("ix_incident_remind", "incident", ["remind_at"], "remind_at IS NOT NULL")


def _hold() -> None:
    op.execute("ALTER TABLE hold ADD COLUMN alarmed INTEGER NOT NULL DEFAULT 0")
    op.execute("UPDATE hold SET alarmed = 50 WHERE alarmed_at IS NOT NULL")
    op.add_column("hold", sa.Column("neutral_at", _AT))
    op.add_column("hold", sa.Column("menu", sa.String(length=64)))
    op.add_column("hold", sa.Column("urgent", sa.Boolean()))
    op.add_column("hold", sa.Column("proven", sa.Boolean()))
    _partial("ix_hold_neutral", "hold", ["neutral_at"], "neutral_at IS NOT NULL")


def _of_incident(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_incident_id_contract_id")
    return sa.ForeignKeyConstraint(["incident_id", "contract_id"], ["incident.id", "incident.contract_id"], name=name)


def _incident_event() -> None:
    op.create_table(
        "incident_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("contract_id", _ID, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        _of_incident("incident_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_event")),
    )
    op.create_index("ix_incident_event_incident", "incident_event", ["incident_id"])


def _escalation() -> None:
    op.create_table(
        "escalation",
        sa.Column("incident_id", _ID, nullable=False, autoincrement=False),
        sa.Column("contract_id", _ID, nullable=False),
        sa.Column("ladder", sa.String(length=64), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("started_at", _AT, nullable=False),
        sa.Column("next_at", _AT),
        sa.Column("claimed_at", _AT),
        sa.Column("claimed_by", _ID),
        _of_incident("escalation"),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff.id"], name=op.f("fk_escalation_claimed_by")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_escalation")),
    )
    _partial("ix_escalation_next", "escalation", ["next_at"], "next_at IS NOT NULL")


def _ways_out() -> None:
    op.create_table(
        "page",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", _AT, nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("sent_at", _AT),
        sa.CheckConstraint("route IN ('command', 'webhook')", name=op.f("ck_page_route")),
        sa.CheckConstraint("state IN ('ready', 'claimed', 'sent', 'failed')", name=op.f("ck_page_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("key", name=op.f("uq_page_key")),
    )
    _partial("ix_page_due", "page", ["next_attempt_at"], "state IN ('ready', 'claimed')")
    op.create_table(
        "route",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last_ok_at", _AT),
        sa.Column("failing_since", _AT),
        sa.Column("failed_at", _AT),
        sa.Column("error", sa.Text()),
        sa.Column("told_at", _AT),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_route")),
    )
    op.create_table(
        "pulse",
        sa.Column("daemon", sa.String(length=255), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("since_boot", sa.Float(), nullable=False),
        sa.Column("boot", sa.String(length=64), nullable=False),
        sa.Column("ahead", sa.Float(), nullable=False),
        sa.Column("suspended_at", _AT),
        sa.Column("why", sa.Text()),
        sa.PrimaryKeyConstraint("daemon", name=op.f("pk_pulse")),
    )

"""Which version does the database have, and how does it get to ours?"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from mailbot.errors import StoreUnavailableError

_UPGRADE_LOCK = 0x6D696772
_FOLDER = Path(__file__).parent / "versions"


def upgrade(engine: Engine) -> None:
    """Bring the database to the current schema in one transaction; safe to repeat, and by two programs at once."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """Name the newest schema version."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def version(connection: Connection) -> str | None:
    """Name the database's schema version; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(connection: Connection) -> None:
    """Raise StoreUnavailableError unless the database has our schema."""
    require_not_newer(connection)
    found = version(connection)
    if found != head():
        raise StoreUnavailableError(
            f"the database has schema {found or 'none'}, this program needs {head()}: run 'mailbot db upgrade'"
        )


def require_not_newer(connection: Connection) -> None:
    """Raise StoreUnavailableError when a newer program has been at this database."""
    found = version(connection)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StoreUnavailableError(
            f"the database has schema {found}, which this program does not know: run the newer program"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("version_locations", str(_FOLDER / "steps"))
    config.set_main_option("path_separator", "os")
    return config

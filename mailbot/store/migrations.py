"""Which version does the database have, and how does it get to ours?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text

from mailbot.errors import StoreUnavailableError

if TYPE_CHECKING:
    from alembic.config import Config  # loading Alembic takes 0.1 s, too long for a pipe that finds all well

HEAD = "0003"
"""The newest schema version: that of the last of versions/steps."""

_UPGRADE_LOCK = 0x6D696772
_FOLDER = Path(__file__).parent / "versions"


def upgrade(engine: Engine) -> None:
    """Bring the database to the current schema in one transaction; safe to repeat, and by two programs at once."""
    from alembic import command

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def version(connection: Connection) -> str | None:
    """Name the database's schema version; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def require_current(connection: Connection) -> None:
    """Raise StoreUnavailableError unless the database has our schema."""
    found = version(connection)
    if found == HEAD:
        return
    require_not_newer(connection)
    raise StoreUnavailableError(
        f"the database has schema {found or 'none'}, this program needs {HEAD}: run 'mailbot db upgrade'"
    )


def require_not_newer(connection: Connection) -> None:
    """Raise StoreUnavailableError when a newer program has been at this database."""
    found = version(connection)
    if found is not None and found != HEAD and found not in steps():
        raise StoreUnavailableError(
            f"the database has schema {found}, which this program does not know: run the newer program"
        )


def steps() -> tuple[str, ...]:
    """Name every schema version that there was, newest first."""
    from alembic.script import ScriptDirectory

    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("version_locations", str(_FOLDER / "steps"))
    config.set_main_option("path_separator", "os")
    return config

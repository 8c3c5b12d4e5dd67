"""Bring a database to the schema of `bot/store/tables/`.

After a change there: `python -m bot.store.migrate "what changed"` writes the migration, and HEAD names it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.store import tombstones
from bot.store.tables import metadata
from bot.store.tables.columns import share_conditions

if TYPE_CHECKING:
    from alembic.config import Config

    from bot.store.database import Database

HEAD = "0009"
"""The newest migration; a start on a new database or a current one need not load Alembic (a test compares)."""

FOLDER = Path(__file__).parent / "migrations"


async def prepare(database: Database) -> None:
    """Bring a database up to date, before anything else is asked of it.

    Raises:
        PeopleKeyChangedError: the configuration has another key for people than the database was used with.
    """
    await database.write(upgrade)
    await database.write(tombstones.know_key)


def upgrade(conn: Connection) -> None:
    """Apply what is missing, inside the caller's transaction; an empty database gets the newest schema at once."""
    if not inspect(conn).has_table("alembic_version"):
        if conn.dialect.name == "postgresql":
            share_conditions(metadata)
        metadata.create_all(conn)
        conn.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        conn.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    elif conn.scalar(text("SELECT version_num FROM alembic_version")) != HEAD:
        migrate(conn)


def migrate(conn: Connection) -> None:
    """Apply the migrations that are missing, one by one."""
    from alembic import command

    command.upgrade(alembic_config(conn), "head")


def alembic_config(conn: Connection) -> Config:
    """Alembic's configuration over a connection of ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = conn
    return config


def write_revision(message: str) -> None:
    """Compare a fresh database at HEAD with the tables and write the difference as a migration."""
    from alembic import command
    from sqlalchemy import create_engine

    with create_engine("sqlite://").begin() as conn:
        migrate(conn)
        config = alembic_config(conn)
        number = f"{int(HEAD) + 1:04}" if any((FOLDER / "versions").glob("0*.py")) else HEAD
        command.revision(config, message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    write_revision(sys.argv[1])

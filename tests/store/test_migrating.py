"""A database that was in use before the newest release keeps its rows."""

from __future__ import annotations

from typing import Any

from alembic import command
from sqlalchemy import Connection, inspect, text

from bot.store.database import open_database
from bot.store.migrate import alembic_config
from bot.store.tables import metadata

BEFORE = "0004"

ROWS = (
    """INSERT INTO touches (person_id, planned_id, at, state, kind, item, weight)
       VALUES (1, 2, 3, 'sent', '科普', 'i', 300)""",
    """INSERT INTO sends (key, touchpoint, calendar, entry, at, by_at, userid, item, people, pools, state, made_at,
       look_at) VALUES ('k', '群', 'dec', 'e', 1, 2, 'guide', 'i', 1, '["wr"]', 'waiting', 1, 5)""",
)


def brought_up(conn: Connection) -> list[Any]:
    """As it was before, some rows, and forward."""
    command.upgrade(alembic_config(conn), BEFORE)
    for row in ROWS:
        conn.execute(text(row))
    command.upgrade(alembic_config(conn), "head")
    assert set(metadata.tables) <= set(inspect(conn).get_table_names())
    touch = conn.execute(text("SELECT person_id, state, weight, planned_as FROM touches")).one()
    send = conn.execute(text("SELECT key, look_at, state, tell_at, hear_at FROM sends")).one()
    return [tuple(touch), tuple(send)]


async def test_what_was_there_stays(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    try:
        touch, send = await database.write(brought_up)
    finally:
        await database.close()
    assert touch == (1, "sent", 300, None) and send == ("k", 5, "waiting", None, None)

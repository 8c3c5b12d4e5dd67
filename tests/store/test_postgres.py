"""What a server that goes away and comes back costs."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store import postgres
from bot.store.database import Database, open_database

BACKENDS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"


async def cut_all(database_url: str) -> None:
    """As a restart of the server does."""
    admin = await asyncpg.connect(database_url)
    await admin.execute(f"{BACKENDS} AND pid <> pg_backend_pid()")
    await admin.close()


async def ask(database: Database) -> int:
    return await database.look_up(lambda conn: int(conn.scalar(text("SELECT 1")) or 0))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_rested_is_looked_at_before_it_is_used(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody notices that the server was away meanwhile."""
    monkeypatch.setattr(postgres, "IDLE_SECONDS", 0)
    database = open_database(database_url)
    assert await asyncio.gather(*(ask(database) for _ in range(5))) == [1] * 5
    await cut_all(database_url)
    assert await asyncio.gather(*(ask(database) for _ in range(5))) == [1] * 5
    await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_broke_in_use_takes_no_other_job_with_it(database_url: str) -> None:
    """Its own job fails; the next has a new connection."""
    database = open_database(database_url)
    assert await asyncio.gather(*(ask(database) for _ in range(5))) == [1] * 5
    await cut_all(database_url)
    with pytest.raises(DBAPIError):
        await ask(database)
    assert [await ask(database) for _ in range(5)] == [1] * 5
    await database.close()

"""The write gate and the two databases behind one port."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.util import await_only
from sqlmodel import SQLModel

from bot.store import migrate
from bot.store.database import UNHURRIED_NICE, AlreadyRunningError, Database, SqliteDatabase, open_database
from bot.store.tables import metadata


def insert(conn: Connection, name: str) -> None:
    conn.execute(text("INSERT INTO members (userid, seen_at) VALUES (:name, 0)"), {"name": name})


def count(conn: Connection) -> int:
    return int(conn.scalar(text("SELECT count(*) FROM members")) or 0)


async def test_a_failing_job_takes_nobody_with_it(database: Database) -> None:
    """Jobs that share a commit are kept apart; the one that failed hears of it."""

    def fail(conn: Connection) -> None:
        insert(conn, "lost")
        raise RuntimeError("on purpose")

    jobs = [database.write(partial(insert, name=f"m{i}")) for i in range(20)]
    results = await asyncio.gather(*jobs, database.write(fail), return_exceptions=True)
    assert [type(r) for r in results if r is not None] == [RuntimeError]
    assert await database.read(count) == 20


async def test_a_read_is_of_one_state_whatever_is_written_meanwhile(database: Database) -> None:
    """A board of several statements would else be of a world that never was."""
    loop = asyncio.get_running_loop()

    def twice(conn: Connection) -> tuple[int, int]:
        before, late = count(conn), database.write(partial(insert, name="late"))
        if conn.dialect.name == "sqlite":
            asyncio.run_coroutine_threadsafe(late, loop).result()
        else:
            await_only(late)
        return before, count(conn)

    assert await database.read(twice) == (0, 0)
    assert await database.read(count) == 1


async def test_who_waits_for_the_loop_goes_between_two_look_ups(database: Database) -> None:
    """A callback need not wait for everything that a decision asks."""
    order = []

    def look(conn: Connection) -> None:
        count(conn)
        order.append("look")

    for _ in range(2):
        asyncio.get_running_loop().call_soon(order.append, "callback")
        await database.look_up(look)
    assert order == ["callback", "look"] * 2


async def test_only_what_nobody_waits_for_gives_way(database: Database) -> None:
    """An audience that is judged shares the cores with those who are to be greeted."""

    def niceness(conn: Connection) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    ours = niceness(None)  # type: ignore[arg-type]
    in_turn = [await database.read(niceness, unhurried=unhurried) for unhurried in (False, True, False)]
    gives_way = sys.platform == "linux" and isinstance(database, SqliteDatabase)
    assert in_turn == [ours, min(ours + UNHURRIED_NICE, 19) if gives_way else ours, ours]
    assert niceness(None) == ours  # type: ignore[arg-type]


async def test_only_one_process_moves_a_database(database_url: str) -> None:
    """The second is refused, until the first is gone."""
    first, second = open_database(database_url), open_database(database_url)
    await first.claim_leadership()
    with pytest.raises(AlreadyRunningError):
        await second.claim_leadership()
    await first.close()
    await second.claim_leadership()
    await second.close()


async def test_a_leader_notices_that_it_is_one_no_more(database_url: str) -> None:
    """The lock goes with its connection: cut off, a process must not go on."""
    leader = open_database(database_url)
    assert not await leader.leads()
    await leader.claim_leadership()
    assert await leader.leads()
    if database_url.startswith("postgresql"):
        cut = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        await leader.write(lambda conn: conn.execute(cut).fetchall())
        assert not await leader.leads()
    await leader.close()


@pytest.mark.parametrize("make", [migrate.migrate, migrate.upgrade])
async def test_the_migrations_make_the_tables(empty_database_url: str, make: Callable[[Connection], None]) -> None:
    """Migrated step by step or at once, a database is what the tables say; and HEAD is the newest migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    def differences(conn: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(conn), metadata))

    database = open_database(empty_database_url)
    await database.write(make)
    assert await database.read(differences) == []
    await database.write(migrate.upgrade)
    await database.close()
    with create_engine("sqlite://").connect() as conn:
        assert ScriptDirectory.from_config(migrate.alembic_config(conn)).get_heads() == [migrate.HEAD]


def test_every_column_says_whether_it_is_personal() -> None:
    """An unclassed column could be logged, kept or exported by mistake."""
    unclassed = [str(c) for t in metadata.tables.values() for c in t.columns if "personal" not in c.info]
    assert unclassed == []
    assert SQLModel.metadata is metadata


def count_up(path: Path, times: int) -> None:
    asyncio.run(count_times(path, times))


async def count_times(path: Path, times: int) -> None:
    database = open_database(f"sqlite:///{path}")
    for _ in range(times):
        await database.write(count_one)
    await database.close()


def count_one(conn: Connection) -> None:
    seen = conn.scalar(text("SELECT seen_at FROM members"))
    conn.execute(text("UPDATE members SET seen_at = :n"), {"n": int(seen or 0) + 1})


async def test_two_processes_lose_no_update_on_sqlite(tmp_path: Path) -> None:
    """Select-then-update from two processes: SQLAlchemy's default loses a third of them without an error."""
    path = tmp_path / "zhiyu.sqlite3"
    database = open_database(f"sqlite:///{path}")
    await database.write(migrate.upgrade)
    await database.write(partial(insert, name="counter"))
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count_up, args=(path, 100)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        await asyncio.to_thread(worker.join)
    assert await database.read(lambda conn: conn.scalar(text("SELECT seen_at FROM members"))) == 200
    await database.close()


async def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    """NORMAL passes every kill test and still loses acknowledged events on a power cut."""
    database = open_database(f"sqlite:///{tmp_path}/zhiyu.sqlite3")
    mode = await database.write(lambda conn: conn.scalar(text("PRAGMA synchronous")))
    journal = await database.write(lambda conn: conn.scalar(text("PRAGMA journal_mode")))
    assert (mode, journal) == (2, "wal")
    assert await database.read(lambda conn: inspect(conn).get_table_names()) == []
    await database.close()

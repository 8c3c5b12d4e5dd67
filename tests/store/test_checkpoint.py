"""The log has room before it is needed, and a rush is written into that room over and over."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.store import checkpoint
from bot.store.database import Database, open_database

ROOM = 8 << 20


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """An empty one that is looked at often, and whose log is long soon."""
    monkeypatch.setattr(checkpoint, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(checkpoint, "RUSH_COMMITS", 1)
    monkeypatch.setattr(checkpoint, "LONG_LOG_COMMITS", 20)
    monkeypatch.setattr(checkpoint, "ROOM_BYTES", ROOM)
    monkeypatch.setattr(checkpoint, "STEP_BYTES", ROOM // 16)
    database = open_database(f"sqlite:///{tmp_path}/z.sqlite3")
    await database.write(_table)
    yield database
    await database.close()


async def test_a_quiet_log_gets_its_room_and_nothing_else_changes(database: Database, tmp_path: Path) -> None:
    await database.claim_leadership()
    _until(lambda: _length(tmp_path) >= ROOM)
    with sqlite3.connect(tmp_path / "z.sqlite3") as conn:
        assert conn.execute("SELECT name FROM sqlite_schema").fetchall() == [("kept",)]
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (tmp_path / "z.sqlite3").stat().st_size < ROOM / 10


async def test_what_is_in_the_log_is_there_after_a_power_cut(database: Database, tmp_path: Path) -> None:
    """The file and its log as they lie, before and after the room was made, and with a commit in it."""
    await database.write(partial(_add, bytes_=1_000))
    await database.claim_leadership()
    for n in range(1, 30):
        cut = tmp_path / str(n)
        cut.mkdir()
        for end in ("", "-wal"):
            shutil.copy(tmp_path / f"z.sqlite3{end}", cut / f"z.sqlite3{end}")
        with sqlite3.connect(cut / "z.sqlite3") as conn:
            assert conn.execute("SELECT sum(length(it)) FROM kept").fetchone()[0] >= n * 1_000
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        await database.write(partial(_add, bytes_=1_000))
        time.sleep(0.03)
    _until(lambda: _length(tmp_path) >= ROOM)


async def test_who_only_looks_in_makes_no_room(database: Database, tmp_path: Path) -> None:
    """A command beside the bot."""
    await database.write(partial(_add, bytes_=1_000))
    time.sleep(0.3)
    assert _length(tmp_path) < ROOM / 10


async def test_a_disk_that_is_nearly_full_is_not_filled(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "ENOUGH", 10**9)
    await database.claim_leadership()
    time.sleep(0.3)
    assert _length(tmp_path) < ROOM / 10


async def test_a_rush_is_written_in_that_room(database: Database, tmp_path: Path) -> None:
    """Four times as much as there is room for, without a pause; all of it is there."""
    await database.claim_leadership()
    _until(lambda: _length(tmp_path) >= ROOM)
    written = 0
    while written < 4 * ROOM:
        await database.write(partial(_add, bytes_=100_000))
        written += 100_000
    assert _length(tmp_path) < 2 * ROOM
    kept = await database.read(lambda conn: conn.exec_driver_sql("SELECT sum(length(it)) FROM kept").scalar())
    assert kept == written


async def test_a_look_that_fails_is_not_the_last(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, say: the log is moved when it has room again."""
    monkeypatch.setattr(checkpoint, "CHECKPOINT", "PRAGMA no such thing")
    await database.write(partial(_add, bytes_=1_000))
    time.sleep(0.1)
    monkeypatch.setattr(checkpoint, "CHECKPOINT", "PRAGMA wal_checkpoint(PASSIVE)")
    await database.write(partial(_add, bytes_=50_000))
    _until(lambda: (tmp_path / "z.sqlite3").stat().st_size > 50_000)


def _table(conn: Connection) -> None:
    conn.exec_driver_sql("CREATE TABLE kept (it BLOB)")


def _add(conn: Connection, bytes_: int) -> None:
    conn.exec_driver_sql("INSERT INTO kept VALUES (zeroblob(?))", (bytes_,))


def _length(folder: Path) -> int:
    return (folder / "z.sqlite3-wal").stat().st_size


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)

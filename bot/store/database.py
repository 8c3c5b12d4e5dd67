"""The two databases, behind one port: a job is a plain function of a connection.

    last_at = await database.read(inbox.last_received_at)
    await database.write(partial(inbox.put, rows=rows), urgent=True)

A write is one transaction. On SQLite every write passes one gate (`writer.py`); on PostgreSQL transactions
run side by side. The store's functions are the same on both.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from bot.store import spelling  # noqa: F401 — statements are compiled by it
from bot.store.checkpoint import Checkpointer
from bot.store.postgres import postgres_engine
from bot.store.writer import WriteGate

SMALL_BYTES = 64 << 20
"""Written anew in about a second."""

UNHURRIED = 2
"""Who nobody waits for may use two cores, while they are idle."""

UNHURRIED_NICE = 10
"""A tenth of a core as long as anybody else wants it, all of it when nobody does."""

T = TypeVar("T")
Job = Callable[[Connection], T]


class AlreadyRunningError(Exception):
    """Another process moves this database: two of them would do everything twice."""


class Database(Protocol):
    """Where everything is remembered."""

    async def write(self, job: Job[T], *, urgent: bool = False) -> T:
        """Run a job in a transaction, committed durably on return. `urgent` goes before all that waits."""

    async def read(self, job: Job[T], *, unhurried: bool = False) -> T:
        """Run a job that only reads, but for lists of its own connection, which stay; all of one state of the
        database, however long it takes. `unhurried`: nobody waits for it, so it gives way to all else on this
        machine's cores."""

    async def look_up(self, job: Job[T]) -> T:
        """Run a job that reads a few rows by key, each statement of the state it finds: cheaper than `read`, and may
        hold the event loop meanwhile."""

    async def claim_leadership(self) -> None:
        """Become the one process that dispatches and delivers.

        Raises:
            AlreadyRunningError: another process is.
        """

    async def leads(self) -> bool:
        """Whether this process still is that one."""

    async def compact(self) -> None:
        """Leave no byte of what was deleted behind. On SQLite writers wait meanwhile: some 4 s for 170 MB."""

    async def compacts_at_once(self) -> bool:
        """Whether nobody has to wait long while `compact` runs."""

    async def close(self) -> None: ...


def open_database(url: str, *, readers: int = 4, people_key: bytes = b"") -> Database:
    """The database that a configuration names: `sqlite:///path` or `postgresql://…`.

    people_key: what phones and the ids of erased people are hashed with; always the same for one database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteDatabase(Path(parsed.database or "zhiyu.sqlite3"), readers=readers, people_key=people_key)
    return PostgresDatabase(postgres_engine(parsed, people_key))


class SqliteDatabase:
    """A file beside the program: WAL, and fsync before a commit returns."""

    def __init__(self, path: Path, *, readers: int, people_key: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # SQLite gives its log the same
        self._path = path
        self._lock: IO[str] | None = None
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-read")
        self._unhurried = ThreadPoolExecutor(UNHURRIED, thread_name_prefix="store-unhurried", initializer=_give_way)
        self._engine = sqlite_engine(path, pool_size=readers + UNHURRIED + 3, people_key=people_key)
        self._glance = self._engine.connect().execution_options(mode="glance")
        self._checkpointer = Checkpointer(self._engine)
        self._gate = WriteGate(self._engine, self._checkpointer.committed)

    async def write(self, job: Job[T], *, urgent: bool = False) -> T:
        return await self._gate.submit(job, urgent=urgent)

    async def read(self, job: Job[T], *, unhurried: bool = False) -> T:
        readers = self._unhurried if unhurried else self._readers
        return await asyncio.get_running_loop().run_in_executor(readers, self._read, job)

    async def look_up(self, job: Job[T]) -> T:
        # Handing a point read to a thread costs twice what the read does; but a decision asks a dozen, and callbacks
        # may not wait for them all.
        await asyncio.sleep(0)
        return job(self._glance)

    async def claim_leadership(self) -> None:
        lock = self._path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise AlreadyRunningError(str(self._path)) from error
        self._lock = lock
        self._checkpointer.want_room()

    async def leads(self) -> bool:
        return self._lock is not None  # the kernel holds the lock as long as we live

    async def compact(self) -> None:
        await asyncio.to_thread(compact_sqlite, self._engine)

    async def compacts_at_once(self) -> bool:
        return self._path.stat().st_size < SMALL_BYTES

    async def close(self) -> None:
        await self._gate.close()
        await asyncio.to_thread(self._checkpointer.close)
        self._readers.shutdown(wait=True)
        self._unhurried.shutdown(wait=True)
        self._glance.close()
        self._engine.dispose()
        if self._lock:
            self._lock.close()

    def _read(self, job: Job[T]) -> T:
        with self._engine.begin() as conn:  # committed, so that lists of the connection's own stay filled
            return job(conn)


def _give_way() -> None:
    """Linux lets one thread be nice (sched(7)); elsewhere it would be the whole process."""
    if sys.platform == "linux":
        os.nice(UNHURRIED_NICE)


class PostgresDatabase:
    """A server of its own, for when one machine is not enough."""

    LEADERSHIP = 7_130_265
    """Key of the advisory lock; any number, as long as it stays."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._snapshots = engine.execution_options(isolation_level="REPEATABLE READ")
        self._glances = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._leader: AsyncConnection | None = None

    async def write(self, job: Job[T], *, urgent: bool = False) -> T:
        async with self._engine.begin() as conn:
            return await conn.run_sync(job)

    async def read(self, job: Job[T], *, unhurried: bool = False) -> T:
        async with self._snapshots.begin() as conn:  # committed, so that lists of the connection's own stay made
            return await conn.run_sync(job)

    async def look_up(self, job: Job[T]) -> T:
        # A transaction would cost two round trips, as much as what is read.
        async with self._glances.connect() as conn:
            return await conn.run_sync(job)

    async def claim_leadership(self) -> None:
        self._leader = await self._engine.connect()
        query = text("SELECT pg_try_advisory_lock(:key)")
        if not await self._leader.scalar(query, {"key": self.LEADERSHIP}):
            await self._leader.close()
            self._leader = None
            raise AlreadyRunningError(self._engine.url.database or "")
        await self._leader.commit()

    async def leads(self) -> bool:
        if self._leader is None:
            return False
        try:  # the lock is the connection's: when that is gone, another process may lead already
            await self._leader.scalar(text("SELECT 1"))
            await self._leader.commit()
        except DBAPIError:
            return False
        return True

    async def compact(self) -> None:
        # Dead rows are given back for reuse, and overwritten then; the server's own logs follow their own rotation.
        async with self._engine.connect() as conn:
            await (await conn.execution_options(isolation_level="AUTOCOMMIT")).exec_driver_sql("VACUUM")

    async def compacts_at_once(self) -> bool:
        return True  # beside writers

    async def close(self) -> None:
        if self._leader:
            await self._leader.close()
        await self._engine.dispose()


PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL passes every kill test, and loses acknowledged events on a power cut
    "busy_timeout=10000",
    "foreign_keys=ON",
    "temp_store=MEMORY",  # savepoints keep their undo there
    "cache_size=-16000",  # KiB
    "wal_autocheckpoint=128000",  # pages, 512 MB: only should the checkpointer fall behind
)


def sqlite_engine(path: Path, *, pool_size: int = 5, people_key: bytes = b"") -> Engine:
    """An engine whose transactions neither lose updates nor fail at once on a lock.

    SQLAlchemy's default leaves BEGIN to the driver, which sends it late: two writers then lose updates
    without an error. So the driver is told to keep out, and writers say BEGIN IMMEDIATE.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=5,
        hide_parameters=True,
        execution_options={"people_key": people_key},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        # A glance has no transaction: each statement its own snapshot, else it would see an old world.
        if conn.get_execution_options().get("mode") != "glance":
            conn.exec_driver_sql("BEGIN")

    return engine


def compact_sqlite(engine: Engine) -> None:
    """Write the file anew without its gaps, and empty the log.

    Raises:
        TimeoutError: somebody kept reading an old state, so the log could not be emptied.
    """
    with engine.connect().execution_options(mode="glance") as conn:
        conn.exec_driver_sql("PRAGMA temp_store=FILE")  # else the whole of it passes through memory
        conn.exec_driver_sql("VACUUM")
        conn.exec_driver_sql("PRAGMA temp_store=MEMORY")
        for _ in range(10):
            busy, _, _ = conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if not busy:
                return
            time.sleep(0.2)
    raise TimeoutError("the write-ahead log is being read")

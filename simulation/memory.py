"""A throw-away database: SQLite in memory, one connection, no threads. What is asked is done at once and in order, so
that a run is the same every time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import Connection

from bot.store.database import sqlite_engine

T = TypeVar("T")
Job = Callable[[Connection], T]


class MemoryDatabase:
    """`copy_of`: a SQLite file that it begins as a copy of, its log included; the file is only read."""

    def __init__(self, *, people_key: bytes = b"", copy_of: Path | None = None) -> None:
        self._engine = sqlite_engine(Path(":memory:"), people_key=people_key)
        self._conn = self._engine.connect().execution_options(mode="glance")
        if copy_of:
            with closing(sqlite3.connect(copy_of)) as file:
                file.backup(cast(sqlite3.Connection, self._conn.connection.dbapi_connection))

    async def write(self, job: Job[T], *, urgent: bool = False) -> T:
        self._conn.exec_driver_sql("BEGIN")
        try:
            value = job(self._conn)
        except BaseException:
            self._conn.exec_driver_sql("ROLLBACK")
            raise
        self._conn.exec_driver_sql("COMMIT")
        return value

    async def read(self, job: Job[T], *, unhurried: bool = False) -> T:
        return job(self._conn)

    async def look_up(self, job: Job[T]) -> T:
        return job(self._conn)

    async def claim_leadership(self) -> None:
        """Nobody else can see it."""

    async def leads(self) -> bool:
        return True

    async def compact(self) -> None:
        """Nothing of it is on a disk."""

    async def compacts_at_once(self) -> bool:
        return True

    async def close(self) -> None:
        self._conn.close()
        self._engine.dispose()

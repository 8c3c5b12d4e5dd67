"""What takes long to make and never changes is made once for a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from bot.store import migrate
from bot.store.database import open_database, sqlite_engine
from bot.store.tables import metadata
from bot.yamlfile import Problems

P, T, E = ParamSpec("P"), TypeVar("T"), TypeVar("E", Engine, AsyncEngine)


class Once(Generic[P, T]):
    """A function whose value, or whose problems, depend on nothing but what `key` makes of its arguments."""

    def __init__(self, function: Callable[P, T], key: Callable[P, Hashable]) -> None:
        self._function = function
        self._key = key
        self._values: dict[Hashable, T | Problems] = {}

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        key = self._key(*args, **kwargs)
        if key not in self._values:
            self._values[key] = self._tried(*args, **kwargs)
        value = self._values[key]
        if isinstance(value, Problems):
            raise Problems(value.problems)
        return value

    def _tried(self, *args: P.args, **kwargs: P.kwargs) -> T | Problems:
        try:
            return self._function(*args, **kwargs)
        except Problems as found:
            return Problems(found.problems)  # without the frames it was raised in


class Compiled(LRUCache[Any, Any]):
    """SQL of statements, for every engine of a kind: it depends on the kind of database only, and takes longer to write
    than most of it takes to run. Given to an engine as its `compiled_cache`."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)

    def used_by(self, engines: Callable[P, E]) -> Callable[P, E]:
        """The same maker of engines, all of which ask here first."""

        def made(*args: P.args, **kwargs: P.kwargs) -> E:
            engine = engines(*args, **kwargs)
            engine.update_execution_options(compiled_cache=self)
            return engine

        return made


def _of_kind(key: Any) -> Any:
    dialect, *rest = key
    return type(dialect), *rest


@cache
def migrated_sqlite() -> bytes:
    """A SQLite file with all tables and no row."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "migrated.sqlite3")
        engine = sqlite_engine(path)
        with engine.begin() as conn:
            migrate.upgrade(conn)
        engine.dispose()
        return path.read_bytes()


@dataclass
class Postgres:
    """A server whose databases are lent to one test after the other: to make one takes longer than most tests."""

    url: str
    _made: list[str] = field(default_factory=list)
    _free: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def lend(self, *, migrated: bool) -> AsyncIterator[str]:
        """The URL of a database without any row; or without any table, for one test only."""
        name = self._free.pop() if migrated and self._free else await self._make(migrated=migrated)
        yield self._url_of(name)
        if migrated:
            await self._tell(name, CUT_OFF, EMPTY)
            self._free.append(name)

    async def drop(self) -> None:
        """Leave the server as it was."""
        while self._made:
            await self._tell("postgres", f'DROP DATABASE "{self._made.pop()}" WITH (FORCE)')

    async def _make(self, *, migrated: bool) -> str:
        name = f"test_{uuid4().hex}"
        await self._tell("postgres", f'CREATE DATABASE "{name}"')
        self._made.append(name)
        if migrated:
            database = open_database(self._url_of(name))
            await database.write(migrate.upgrade)
            await database.close()
        return name

    async def _tell(self, name: str, *commands: str) -> None:
        connection = await asyncpg.connect(self._url_of(name))
        for command in commands:
            await connection.execute(command)
        await connection.close()

    def _url_of(self, name: str) -> str:
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()


CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Who is still there must not write any more."""

EMPTY = ";".join(
    [
        *(f"DELETE FROM {table.name}" for table in metadata.tables.values()),  # far cheaper than TRUNCATE
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
    ]
)
"""As it was made: ids begin at 1 again."""

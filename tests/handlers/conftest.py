"""One world of facts for every handler test: in memory, and in a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.content.load import load
from bot.flow.render import rendered
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.store import records
from bot.store.database import Database, open_database
from bot.store.facts import stored_facts
from demo.stage import OPENING
from handlers import router
from tests.fakes import FakeFacts, links_at
from tests.house import FOLDERS, sqlite_url

CONTENT = load(FOLDERS.content, FOLDERS.messages)


class FakeWorld:
    """Decisions are remembered in memory."""

    def __init__(self) -> None:
        self._facts = FakeFacts(CONTENT)

    def facts(self, now: int) -> Facts:
        return self._facts.at(now)

    async def remember(self, decision: Decision) -> None:
        for record in decision.records:
            self._facts.remember(record)

    async def happens(self, event: object, at: int = OPENING) -> Decision:
        """What is decided; it is remembered."""
        decision = await router.decide(event, self.facts(at))
        await self.remember(decision)
        return decision


class StoredWorld(FakeWorld):
    """Decisions are remembered where they are in earnest."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cause = 0

    def facts(self, now: int) -> Facts:
        return stored_facts(self._database, CONTENT, "Asia/Shanghai", now, links_at(now))

    async def remember(self, decision: Decision) -> None:
        self._cause += 1
        await self._database.write(partial(self._apply, decision=decision, cause=self._cause))

    @staticmethod
    def _apply(conn: Connection, decision: Decision, cause: int) -> None:
        for record in decision.records:
            records.apply(conn, cause, rendered(record, CONTENT.render))


@pytest.fixture(params=["fake", "stored"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FakeWorld]:
    """Facts of either kind."""
    if request.param == "fake":
        yield FakeWorld()
        return
    async with stored_world(tmp_path) as stored:
        yield stored


@asynccontextmanager
async def stored_world(folder: Path) -> AsyncIterator[StoredWorld]:
    """A world in an empty SQLite database; that both databases agree is the store's own suite."""
    database = open_database(sqlite_url(folder))
    try:
        yield StoredWorld(database)
    finally:
        await database.close()

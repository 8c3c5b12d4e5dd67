"""Callbacks share commits; what cannot be kept is said so, and nothing half-kept remains."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.flow import intake
from bot.flow.intake import Fate, Intake
from bot.flow.pressure import Pressure
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import arrival
from tests.house import GUIDE, House, added


async def test_a_thousand_at_once_share_few_commits(database: Database) -> None:
    """Each is answered after its own row is on disk."""
    metrics, rung = Metrics(), list[int]()
    taken = Intake(database, metrics, Pressure(), lambda: rung.append(1))
    kept = asyncio.Event()
    answers = list[Fate]()

    def answer(fate: Fate) -> None:
        answers.append(fate)
        if len(answers) == 1000:
            kept.set()

    for n in range(1000):
        taken.put(arrival("main", "X", f"l/{n}", str(n), None, 1), answer)
    await asyncio.wait_for(kept.wait(), 20)
    assert set(answers) == {"kept"}
    assert len(await database.read(lambda conn: inbox.waiting(conn, now=9**10, after=0, limit=2000))) == 1000
    assert 1 <= len(rung) < 100


async def test_too_many_at_once_are_turned_away(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """503, counted; WeCom sends them again, and then they are kept."""
    monkeypatch.setattr(intake, "MOST_WAITING", 3)
    write, gate = home.app.database.write, asyncio.Event()

    async def slow(job: Any, *, urgent: bool = False) -> Any:
        if urgent:
            await gate.wait()
        return await write(job, urgent=urgent)

    monkeypatch.setattr(home.app.database, "write", slow)
    pushes = [asyncio.create_task(home.push(added(n, home.clock.now()))) for n in range(12)]
    await home.until("有人被请走", lambda: home.counted("overloaded"))
    gate.set()
    statuses = await asyncio.gather(*pushes)
    assert set(statuses) == {200, 503}
    assert await home.scalar("SELECT count(*) FROM inbox WHERE app = 'main'") == statuses.count(200)
    assert await home.counted("overloaded") == statuses.count(503)
    assert [await home.push(added(n, home.clock.now())) for n in range(12)] == [200] * 12
    assert await home.scalar("SELECT count(*) FROM inbox WHERE app = 'main'") == 12


async def test_a_database_that_fails_loses_nothing(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 while it is away; WeCom's next try is kept, and the customer is greeted once."""
    write = home.app.database.write

    async def broken(job: Any, *, urgent: bool = False) -> Any:
        if urgent:
            raise OperationalError("commit", {}, Exception("disk full"))
        return await write(job, urgent=urgent)

    with monkeypatch.context() as patch:
        patch.setattr(home.app.database, "write", broken)
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.until("没能收下", lambda: home.counted("not_kept"))
    for _ in range(4):
        await home.clock.advance(1)
        await asyncio.sleep(0.02)
    await home.sandbox.callbacks_settled()
    await home.until("欢迎语", home.welcomes)
    await home.settled()
    statuses = [c["status"] for c in home.sandbox.log.callbacks()]
    assert statuses[0] == 503 and statuses[-1] == 200
    assert [c["errcode"] for c in home.welcomes()] == [0]


async def test_a_full_intake_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without touching the database."""
    monkeypatch.setattr(intake, "MOST_WAITING", 0)
    answers = list[Fate]()
    Intake(database, Metrics(), Pressure(), lambda: None).put(arrival("main", "X", "l", "b", None, 1), answers.append)
    assert answers == ["overloaded"]


async def test_an_answer_that_fails_is_nobody_elses_trouble(database: Database) -> None:
    """The rest of its commit is answered, and so is the next."""
    taken, answered = Intake(database, Metrics(), Pressure(), lambda: None), asyncio.Queue[Fate]()

    def broken(fate: Fate) -> None:
        raise ZeroDivisionError(fate)

    for n, answer in enumerate((answered.put_nowait, broken, answered.put_nowait)):
        taken.put(arrival("main", "X", f"l/{n}", str(n), None, 1), answer)
    assert [await asyncio.wait_for(answered.get(), 5) for _ in range(2)] == ["kept"] * 2
    taken.put(arrival("main", "X", "l/9", "9", None, 1), answered.put_nowait)
    assert await asyncio.wait_for(answered.get(), 5) == "kept"

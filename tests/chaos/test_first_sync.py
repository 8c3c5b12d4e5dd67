"""kill -9 in the middle of a first sync: it goes on by itself, everybody is there once, and nobody hears of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.flow.schedule import tell
from bot.scrm.events.sync import SyncDue
from bot.store.database import open_database
from demo.stage import deployment, new_sandbox
from tests.chaos.process import BotProcess, lasting_port
from tests.chaos.test_kill import ask, rows

CUSTOMERS = 100_000
KILLS = 3
PATIENCE_SECONDS = 300
"""For a quarter of the pool, on a machine that has other work."""
QUIET = "('SendWelcome', 'SendAppMessage', 'SendKfMessage', 'MarkTags')"
READ = "SELECT coalesce(sum(read), 0) FROM sync_jobs WHERE kind = 'customers'"
DONE = "SELECT count(*) FROM sync_jobs WHERE kind = 'customers' AND state = 'done'"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of the pool, once the reading was over. `twice`: relations that are there more than once, or wrongly."""

    read_at_kills: tuple[int, ...]
    seconds: float
    customers: int
    people: int
    relations: int
    twice: int
    not_history: int
    actions: int
    tasks: int
    runs: int
    sequences: int
    log: int


@pytest.mark.slow
async def test_three_kills_in_a_first_sync_of_a_hundred_thousand(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints its figures."""
    verdict, relations = await endure(database_url, tmp_path)
    with capsys.disabled():
        print(database_url.partition(":")[0], verdict)  # noqa: T201
    assert len(set(verdict.read_at_kills)) == KILLS and verdict.read_at_kills[-1] < relations, verdict
    assert (verdict.customers, verdict.people, verdict.relations) == (CUSTOMERS, CUSTOMERS, relations), verdict
    assert (verdict.twice, verdict.not_history) == (0, 0), verdict
    assert (verdict.actions, verdict.tasks, verdict.runs, verdict.sequences, verdict.log) == (0,) * 5, verdict


async def endure(database_url: str, folder: Path) -> tuple[Verdict, int]:
    """Killed after each quarter of the pool; the verdict, and how many relations WeCom has."""
    config = deployment(database_url, lasting_port())
    sandbox = new_sandbox(config)
    base_url = await sandbox.start()
    await sandbox.existing_pool(CUSTOMERS, guides=50)
    relations = sum(1 for _ in sandbox.world.people.follows())
    corp = config.corp.model_copy(update={"api_base_url": base_url})
    bot = BotProcess(config.model_copy(update={"corp": corp}), folder)
    began = time.monotonic()
    try:
        await bot.start()
        await begin(database_url)
        kills = []
        for n in range(KILLS):
            await reach(database_url, READ, relations * (n + 1) // (KILLS + 1))
            await bot.kill()
            kills.append(await ask(database_url, READ))
            await bot.start()
        await reach(database_url, DONE, 1)
        await bot.stop()
        return await judge(database_url, tuple(kills), time.monotonic() - began), relations
    except BaseException:
        print(bot.log()[-4000:])  # noqa: T201 - pytest shows it with the failure
        raise
    finally:
        await bot.kill()
        await sandbox.stop()


async def begin(database_url: str) -> None:
    """What `sync customers` says."""
    database = open_database(database_url, readers=1)
    try:
        await tell(database, SyncDue(created_at=SystemClock().now(), kind="customers"), "asked")
    finally:
        await database.close()


async def reach(database_url: str, query: str, number: int) -> None:
    """Until a number is that high."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await ask(database_url, query) < number:
            await asyncio.sleep(0.05)


async def judge(database_url: str, kills: tuple[int, ...], seconds: float) -> Verdict:
    async def count(query: str) -> int:
        return await ask(database_url, f"SELECT count(*) FROM {query}")

    twice = await rows(
        database_url, "SELECT userid, external_userid FROM follows GROUP BY userid, external_userid HAVING count(*) > 1"
    )
    return Verdict(
        read_at_kills=kills,
        seconds=round(seconds, 1),
        customers=await count("identities WHERE kind = 'external_userid'"),
        people=await count("people"),
        relations=await count("follows"),
        twice=len(twice),
        not_history=await count("follows WHERE welcome <> 'history' OR source <> 'history' OR status <> 'active'"),
        actions=await count(f"outbox WHERE kind IN {QUIET}"),
        tasks=await count("tasks"),
        runs=await count("survey_runs"),
        sequences=await count("sequence_runs WHERE state <> 'passed'"),
        log=await count("follow_log"),
    )

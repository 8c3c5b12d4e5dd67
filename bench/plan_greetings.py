"""How soon a new customer is greeted while an audience of a million is planned: the whole bot, a whole WeCom.

The bot may use both cores, as it would: judging takes what is idle of them. The sandbox has a share of the second.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.crowd import CALENDAR, ENTRY, guides
from bench.payloads import CORPID
from bench.plan_case import ahead
from bench.processes import LOAD_CORE, SERVER_CORE, sandbox, zhiyu
from bench.welcome import adds, hire, latencies, logged, until_ready
from bot.scrm.calendar import Slot
from bot.scrm.gates.audience import audience, plan_audience
from bot.store import outbox
from bot.store.database import open_database

RATE, WARM_SECONDS, BEFORE_SECONDS = 50, 3, 8


@dataclass(frozen=True, slots=True)
class Greetings:
    """Milliseconds from each add to its greeting, before and while an audience is planned; the seconds that took."""

    before: list[float]
    meanwhile: list[float]
    seconds: float


async def greetings(made: Path, at: int) -> Greetings:
    """`made`: a database with everybody in it; `at`: of the slot (epoch seconds)."""
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as folder, sandbox(CORPID) as wecom:
        path = Path(folder) / "zhiyu.sqlite3"
        shutil.copy(made, path)
        os.sync()  # else the first commits wait until the copy is on disk
        async with aiohttp.ClientSession(f"http://127.0.0.1:{wecom.port}") as control:
            await hire(control, "")
            with zhiyu(Path(folder), f"http://127.0.0.1:{wecom.port}", None, SERVER_CORE, LOAD_CORE) as bot:
                await hire(control, f"http://127.0.0.1:{bot.port}/callback/main")
                await until_ready(control)
                adding = asyncio.create_task(_adding(control))
                await asyncio.sleep(WARM_SECONDS)
                warm_at = time.time()
                await asyncio.sleep(BEFORE_SECONDS)
                await _ask(path, at)
                began_at, done_at = await _planned(path)
                adding.cancel()
                await asyncio.gather(adding, return_exceptions=True)
                await asyncio.sleep(1)
                log = await logged(control)
                before, meanwhile = latencies(log, warm_at, began_at), latencies(log, began_at, done_at)
                return Greetings(before, meanwhile, done_at - began_at)


async def _adding(control: aiohttp.ClientSession) -> None:
    while True:
        await adds(control, RATE, 1)


async def _ask(path: Path, at: int) -> None:
    """The action that a decision would leave in the outbox; the bot finds it when it next looks."""
    in_time = int(time.time()) + 7200
    whom = audience(Slot(at, CALENDAR, ENTRY, in_time), ahead(at), guides())
    database = open_database(f"sqlite:///{path}")
    await database.write(lambda conn: outbox.put(conn, 10**9, 0, [plan_audience(whom)], at))
    await database.close()


async def _planned(path: Path) -> tuple[float, float]:
    """When the run began and was done (epoch seconds)."""
    began_at, conn = 0.0, sqlite3.connect(path)
    while True:
        run = conn.execute("SELECT done_at FROM audience_runs").fetchone()
        began_at = began_at or (time.time() if run else 0.0)
        if run and run[0]:
            return began_at, time.time()
        await asyncio.sleep(0.05)

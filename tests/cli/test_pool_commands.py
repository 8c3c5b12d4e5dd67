"""`sync customers`, `sync --status` and `transfer`, as people run them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.cli import pool, transfer
from bot.clock import SystemClock, VirtualClock
from demo.stage import OPENING, ROOT, deployment, new_sandbox
from handlers import router
from tests.house import GUIDE, house, sqlite_url

DAY_SECONDS = 24 * 3600


def not_behind_the_machine() -> VirtualClock:
    """The command lives by the machine's clock, and waits for what is done after it asked: ten o'clock, not past."""
    days_since = max(0, -(-(SystemClock().now() - OPENING) // DAY_SECONDS))
    return VirtualClock(OPENING + days_since * DAY_SECONDS)


async def test_the_running_server_reads_and_the_command_waits(tmp_path: Path) -> None:
    """And says what came of it; the status names the mode that suits the pool."""
    async with asyncio.timeout(60), house(sqlite_url(tmp_path), clock=not_behind_the_machine()) as home:
        made = await home.sandbox.existing_pool(120, guides=[GUIDE])
        command = asyncio.create_task(pool._read(home.config, ROOT, router, ("customers",), quiet=True))
        while not command.done():
            home.app.dispatcher.wake()
            await asyncio.sleep(0.02)
        [job] = await command
        assert (job.state, job.read, job.history, job.found, job.left) == ("done", 120, 120, 0, 0)
        _, about = await pool._status(home.config)
        assert (about.customers, about.guides, about.mode) == (120, 1, "一对一")
        await transfer._ask(home.config, GUIDE, "guide-wu", (made[0], made[1]), False, False)
        home.app.dispatcher.wake()
        await home.clock.advance(6)
        await home.settled()
        rows = await home.rows("SELECT external_userid FROM transfers WHERE state = 'waiting'")
        assert {row[0] for row in rows} == set(made[:2])


async def test_without_a_server_the_command_reads_by_itself(tmp_path: Path) -> None:
    """A first sync before anything else runs."""
    config = deployment(sqlite_url(tmp_path), port=0)
    sandbox = new_sandbox(config)
    base_url = await sandbox.start()
    try:
        await sandbox.existing_pool(30, guides=[GUIDE], groups=2)
        here = config.model_copy(update={"corp": config.corp.model_copy(update={"api_base_url": base_url})})
        jobs = await pool._read(here, ROOT, router, pool.KINDS["all"], quiet=True)
        assert {job.kind: job.read for job in jobs}.items() >= {("customers", 30), ("groups", 2)}
        assert not sandbox.log.calls("externalcontact/send_welcome_msg")
    finally:
        await sandbox.stop()

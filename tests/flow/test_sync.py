"""Reading a pool back: at first as history, then every night for what no callback told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.app import running
from bot.clock import VirtualClock
from bot.config import Config
from bot.flow.perform import sync as perform
from bot.flow.schedule import tell
from bot.scrm.events.sync import SyncDue
from bot.scrm.sync import Listed, SyncKind
from bot.store import pool
from demo.stage import OPENING, deployment, new_sandbox
from handlers import router
from sandbox import Sandbox
from tests.house import FOLDERS, GUIDE, House, Sender, reopened, sqlite_url

QUIET = ("SendWelcome", "SendAppMessage", "MarkTags")
NIGHT = 17 * 3600
"""From the opening at 10:00 to 03:00 of the next morning."""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A corp with nobody in it yet."""
    async with reopened(tmp_path) as here:
        yield here


async def sync(home: House, kind: SyncKind = "customers", *, patience: float = 30) -> Any:
    """One whole reading; its row."""
    await home.clock.advance(1)
    await ask(home, kind)
    await finished(home, kind, patience)
    await home.settled()
    return await job(home, kind)


async def ask(home: House, kind: SyncKind = "customers") -> None:
    now = home.clock.now()
    await tell(home.app.database, SyncDue(created_at=now, kind=kind), f"test/{time.monotonic_ns()}")
    home.app.dispatcher.wake()


async def finished(home: House, kind: SyncKind, patience: float) -> None:
    give_up_at = time.monotonic() + patience
    while not (row := await job(home, kind)) or row.state != "done":
        assert time.monotonic() < give_up_at, row
        await asyncio.sleep(0.01)


async def job(home: House, kind: SyncKind = "customers") -> Any:
    rows = await home.rows("SELECT * FROM sync_jobs WHERE kind = :kind ORDER BY started_at DESC", kind=kind)
    return rows[0] if rows else None


async def night(home: House) -> None:
    """The next 03:00, and what it brings."""
    local = datetime.fromtimestamp(home.clock.now(), ZoneInfo("Asia/Shanghai"))
    ahead = (27 - local.hour) % 24 * 3600 - local.minute * 60 - local.second
    await home.clock.advance(ahead if ahead > 0 else ahead + 24 * 3600)
    before = await job(home)
    await home.app.schedule.tick()
    home.app.dispatcher.wake()
    await home.until("对账开始", lambda: _newer(home, before))
    await finished(home, "customers", 30)
    await home.clock.advance(6)
    await home.settled()


async def _newer(home: House, before: Any) -> bool:
    now = await job(home)
    return now is not None and (before is None or now.id != before.id)


async def said(home: House) -> int:
    """How many actions of kinds that somebody would notice."""
    return int(await home.scalar("SELECT count(*) FROM outbox WHERE kind IN ('" + "','".join(QUIET) + "')"))


async def complete(home: House, made: list[str]) -> None:
    """Every customer once, as history, each relation that WeCom has."""
    assert await home.scalar("SELECT count(*) FROM identities WHERE kind = 'external_userid'") == len(made)
    assert await home.scalar("SELECT count(*) FROM people") == len(made)
    relations = sum(1 for _ in home.sandbox.world.people.follows())
    [(welcome, source, count)] = await home.rows("SELECT welcome, source, count(*) FROM follows GROUP BY 1, 2")
    assert (welcome, source, count) == ("history", "history", relations)


async def test_the_first_sync_is_history(home: House) -> None:
    """2,000 customers, each once with tags, and nobody is greeted, tagged or made a task of."""
    made = await home.sandbox.existing_pool(2_000, guides=5)
    before = await said(home)
    row = await sync(home)
    await complete(home, made)
    assert (row.total, row.found, row.gone, row.history) == (9, 0, 0, row.read)
    assert await home.tasks() == [] and await said(home) == before
    assert await home.scalar("SELECT sum(customers) FROM member_pools") == row.read
    again = await sync(home)
    assert (again.read, again.history, again.changed, again.found) == (row.read, 0, 0, 0)


async def test_a_kill_in_the_middle_resumes(tmp_path: Path) -> None:
    """The app is torn down between pages, another one starts on the same database: every customer once."""
    clock = VirtualClock(OPENING)
    config = deployment(sqlite_url(tmp_path), port=0)
    sandbox = new_sandbox(config, clock)
    base_url = await sandbox.start()
    here = config.model_copy(update={"corp": config.corp.model_copy(update={"api_base_url": base_url})})
    try:
        made = await sandbox.existing_pool(1_500, guides=3)
        async with started(here, sandbox, clock) as home:
            await ask(home)
            await home.until("读到一半", lambda: _read_some(home))
        async with started(here, sandbox, clock) as home:
            half = await job(home)
            assert half.state == "running" and 0 < half.read < 1_500
            await finished(home, "customers", 30)
            await home.settled()
            await complete(home, made)
            assert await home.tasks() == []
    finally:
        await sandbox.stop()


@asynccontextmanager
async def started(config: Config, sandbox: Sandbox, clock: VirtualClock) -> AsyncIterator[House]:
    """A bot beside a WeCom that outlives it."""
    async with running(config, router, folders=FOLDERS, clock=clock) as app, aiohttp.ClientSession() as http:
        yield House(
            clock=clock,
            sandbox=sandbox,
            app=app,
            config=config,
            sender=Sender.of(config),
            http=http,
        )


async def _read_some(home: House) -> bool:
    row = await job(home)
    return row is not None and row.read >= 300


async def test_who_comes_during_the_sync_is_greeted(home: House) -> None:
    """A callback does not wait for a thousand pages, and is no history."""
    await home.sandbox.existing_pool(1_000, guides=2)
    await ask(home)
    await home.until("读到一半", lambda: _read_some(home))
    new = await home.sandbox.customer_adds(userid=GUIDE)
    await home.until("欢迎语", lambda: len(home.welcomes()) == 1)
    await finished(home, "customers", 30)
    [follow] = await home.rows("SELECT welcome, source FROM follows WHERE external_userid = :who", who=new)
    assert (follow.welcome, follow.source) == ("sent", "callback")


async def test_a_missed_add_is_found_at_night(home: House) -> None:
    """Not greeted, since the code went with the callback; the guide has a task, and is told at 9:30 (care.yaml)."""
    await home.sandbox.existing_pool(50, guides=[GUIDE])
    await sync(home)
    await home.clock.advance(60)
    with home.sandbox.silently():
        lost = await home.sandbox.customer_adds(userid=GUIDE)
    await night(home)
    [follow] = await home.rows("SELECT * FROM follows WHERE external_userid = :who", who=lost)
    assert (follow.status, follow.welcome, follow.source) == ("active", "withheld", "reconcile")
    assert follow.welcome_reason == "回调丢失，事后对账发现" and follow.added_at == OPENING + 61
    [task] = await home.tasks()
    assert (task.kind, task.userid, task.external_userid) == ("welcome", GUIDE, lost) and task.ready_text
    message = "SELECT not_before_at FROM outbox WHERE kind = 'SendAppMessage' AND state = 'pending'"
    assert await home.scalar(message) == OPENING + 23 * 3600 + 1800
    assert home.welcomes() == [] and (await job(home)).found == 1
    await home.clock.advance(24 * 3600)
    await night(home)
    assert len(await home.tasks()) == 1


async def test_a_missed_delete_is_found_at_night(home: House) -> None:
    """Nobody knows who left; the others stay."""
    made = await home.sandbox.existing_pool(30, guides=[GUIDE])
    await sync(home)
    with home.sandbox.silently():
        await home.sandbox.member_deletes(GUIDE, made[7])
    await night(home)
    ended = await home.rows("SELECT external_userid, ended_by FROM follows WHERE status = 'ended'")
    assert [tuple(row) for row in ended] == [(made[7], "unknown")]
    assert (await job(home)).gone == 1 and await home.tasks() == []


async def test_remarks_and_tags_come_in_line_at_night(home: House) -> None:
    """What the API writes, or a lost callback told, is mirrored."""
    made = await home.sandbox.existing_pool(30, guides=[GUIDE])
    await sync(home)
    [old] = await home.rows("SELECT tag FROM person_tags WHERE external_userid = :who", who=made[3])
    new = await home.rows("SELECT tag_id, group_name, name FROM corp_tags ORDER BY tag_id")
    fresh = next(t for t in new if f"{t.group_name}/{t.name}" != old.tag)
    known = home.sandbox.world.people.follow(GUIDE, made[3])
    assert known is not None
    with home.sandbox.silently():
        await home.sandbox.member_edits(
            GUIDE, made[3], remark="王女士", add_tags=[fresh.tag_id], remove_tags=list(known.tag_ids)
        )
    await night(home)
    [follow] = await home.rows("SELECT remark FROM follows WHERE external_userid = :who", who=made[3])
    tags = await home.rows("SELECT tag, source FROM person_tags WHERE external_userid = :who", who=made[3])
    assert follow.remark == "王女士"
    assert [tuple(row) for row in tags] == [(f"{fresh.group_name}/{fresh.name}", "wecom")]
    assert (await job(home)).changed == 1


async def test_one_member_who_cannot_be_read_costs_the_others_nothing(home: House) -> None:
    """A refusal is counted, and none of that member's customers ends for it."""
    await home.sandbox.existing_pool(40, guides=[GUIDE, "guide-wu"])
    await sync(home)
    home.sandbox.faults.add("errcode", where="batch/get_by_user", errcode=60111, count=1)
    await home.clock.advance(1)
    row = await sync(home)
    assert (row.skipped, row.gone, row.total) == (1, 0, 4)
    assert await home.scalar("SELECT count(*) FROM follows WHERE status <> 'active'") == 0


async def test_a_page_that_lacks_something_costs_the_others_nothing(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the reading stand for ever: that member is passed over."""
    await home.sandbox.existing_pool(40, guides=[GUIDE, "guide-wu"])
    listed = perform._listed

    def mangled(contact: dict[str, Any]) -> Listed:
        if contact["follow_info"]["userid"] == GUIDE:
            del contact["follow_info"]
        return listed(contact)

    monkeypatch.setattr(perform, "_listed", mangled)
    row = await sync(home)
    assert (row.state, row.skipped, row.history) == ("done", 1, row.read) and row.read > 0


async def test_a_page_is_kept_in_parts(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others write in between: a callback does not wait for a hundred customers whose tags all changed."""
    made = await home.sandbox.existing_pool(100, guides=[GUIDE])
    save, sizes = pool.save_page, list[int]()

    def counted(conn: Connection, userid: str, listed: Sequence[Listed], **more: int) -> pool.Saved:
        sizes.append(len(listed))
        return save(conn, userid, listed, **more)

    monkeypatch.setattr(pool, "save_page", counted)
    row = await sync(home)
    assert max(sizes) <= perform.KEPT_AT_ONCE and sum(sizes) == row.read == row.history == len(made)


async def test_a_reading_that_stands_is_taken_up_after_an_hour(home: House) -> None:
    """Its page was given up; the clock finds it."""
    await home.sandbox.existing_pool(30, guides=[GUIDE])
    home.sandbox.faults.add("errcode", where="batch/get_by_user", errcode=-1)
    await ask(home)
    await home.wait(20)
    assert (await job(home)).state == "running"
    home.sandbox.faults.clear()
    await home.clock.advance(3600)
    await home.app.schedule.tick()
    await finished(home, "customers", 10)
    assert (await job(home)).history == 30


async def test_behaviour_data_of_yesterday_is_kept(home: House) -> None:
    """A row a member and day, after ten in the morning."""
    await home.sandbox.existing_pool(10, guides=[GUIDE])
    await sync(home)
    customer = await home.sandbox.customer_adds(userid=GUIDE)
    await home.sandbox.customer_writes(customer, GUIDE, "在吗")
    await home.clock.advance(24 * 3600)
    await home.app.schedule.tick()
    await finished(home, "behaviour", 10)
    [day] = await home.rows("SELECT * FROM member_days WHERE userid = :who", who=GUIDE)
    assert (day.day, day.new_contact_cnt) == ("2026-11-26", 1)


@pytest.mark.slow
async def test_the_first_sync_of_a_hundred_thousand(tmp_path: Path) -> None:
    """No welcome, survey, task or tag comes of it."""
    async with reopened(tmp_path) as home:
        made = await home.sandbox.existing_pool(100_000, guides=50)
        before = await said(home)
        row = await sync(home, patience=900)
        await complete(home, made)
        assert row.history == row.read and await home.tasks() == [] and await said(home) == before

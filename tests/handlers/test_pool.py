"""Pools are measured once a day: they grow out of their stage, people overrule it, and it does not flutter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.content.folders import Folders
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.pool_stage import Staged
from bot.scrm.records.planning import KeepStages
from bot.store import planning, pool_facts
from demo.stories.calendar_day import approve
from tests.flow.edited import edit, edited, go_live
from tests.flow.test_sync import sync
from tests.house import GUIDE, House, house

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAME = "会员群一"
DAY = 86_400
GROWING = {"科普": 30, "活动": 20, "互动": 30, "导购": 20}
COLD = {"科普": 40, "活动": 15, "互动": 40, "导购": 5}


def at(month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).timestamp())


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The sample brand's files, to be edited."""
    return edited(tmp_path, {})


@pytest.fixture
async def home(database_url: str, folders: Folders) -> AsyncIterator[House]:
    """A group of sixty customers, made on the 26th of November."""
    async with house(database_url, folders=folders) as home:
        people = await home.sandbox.existing_pool(60, guides=[GUIDE])
        await home.sandbox.groups.creates(GUIDE, NAME, people=people)
        await home.wait(4)
        yield home


async def stage(home: House, touchpoint: str = "群") -> Any:
    [row] = await home.rows("SELECT * FROM pool_stages WHERE touchpoint = :t", t=touchpoint)
    return row


async def ratio_at(home: House, when: int) -> dict[str, int]:
    """What the open slot of an evening was drawn by."""
    await home.look_at(when - 3600)
    await approve(home, "")
    await approve(home, "店长")
    await home.look_at(when)
    rows = await home.rows("SELECT outcome FROM planned WHERE entry = 'group-evening' AND at > :d", d=when - 3600)
    assert [row.outcome for row in rows] == ["sent"]
    [state] = (await home.app.database.read(partial(planning.mixes, touchpoint="群"))).values()
    return {kind: share for kind, share in state.ratio.items()}


async def test_a_group_grows_out_of_its_stage(home: House) -> None:
    """Cold while it is young; with sixty people and a month behind it, it is shown more."""
    await home.look_at(at(12, 10, 9))
    young = await stage(home)
    assert (young.stage, young.because.partition("；")[0]) == ("冷启动", "冷启动：前面各行都不符合")
    assert await ratio_at(home, at(12, 10, 19, 36)) == COLD
    await home.look_at(at(12, 28, 9))
    grown = await stage(home)
    assert grown.stage == "成长" and "members 是 60" in grown.because and "pool_age_days 是 31" in grown.because
    assert grown.since_at == at(12, 28, 9) == grown.measured_at
    assert await ratio_at(home, at(12, 28, 19, 36)) == GROWING


async def test_the_pools_of_a_guide_are_measured_once_their_customers_were_read(home: House) -> None:
    """For Moments and one-to-one alike; and once a day, whatever the clock does."""
    await home.look_at(at(12, 9, 23))
    assert not await home.rows("SELECT 1 FROM pool_stages WHERE touchpoint <> '群'")
    await sync(home)
    for when in (at(12, 10, 9), at(12, 10, 9) + 15, at(12, 9, 23), at(12, 10, 12)):
        await home.look_at(when)
    for touchpoint in ("朋友圈", "私聊"):
        measured = await stage(home, touchpoint)
        assert (measured.pool, measured.measured_at) == (GUIDE, at(12, 10, 9))
    told = await home.rows("SELECT body FROM inbox WHERE name = 'PoolsDue' AND received_at >= :d", d=at(12, 10, 0))
    assert len(told) == 3


async def test_a_pin_overrules_at_once_and_ends_with_its_day(home: House, folders: Folders) -> None:
    """Nobody waits for the next morning; what was measured stays known."""
    await home.look_at(at(12, 10, 9))
    pin = f"pins:\n  - {{groups: [{NAME}], stage: 成熟, until: 2026-12-11}}\n"
    edit(folders, "mix.yaml", "min_stay: 14天\n", "min_stay: 14天\n" + pin)
    await home.clock.leap(at(12, 10, 10))
    await go_live(home)
    pinned = await stage(home)
    assert (pinned.stage, pinned.pinned, pinned.because) == ("成熟", True, "成熟：mix.yaml 的 pins 指定")
    assert pinned.measured_at == at(12, 10, 9)
    await home.look_at(at(12, 12, 0, 1))
    after = await stage(home)
    assert (after.stage, after.pinned) == ("冷启动", False)


async def test_a_stage_stays_for_two_weeks(home: House) -> None:
    """A group that was in another stage five days ago keeps it, and it says so; then it moves on."""
    chat_id = await home.scalar("SELECT chat_id FROM group_chats")
    before = Staged("衰退", at(12, 23, 9), "衰退：以前")
    record = KeepStages(touchpoint="群", pools=(MeasuredPool(chat_id, NAME, {}, at(12, 23, 9), before),))
    await home.app.database.write(partial(pool_facts.keep, record=record))
    await home.look_at(at(12, 28, 9))
    held = await stage(home)
    assert (held.stage, held.since_at) == ("衰退", at(12, 23, 9))
    assert held.because.startswith("衰退才 5 天，不到 14 天，先不变；现在量出来是成长")
    await home.look_at(at(12, 23, 9) + 14 * DAY)
    assert (await stage(home)).stage == "成长"


async def test_rules_may_ask_for_the_mode_of_the_whole_pool(home: House, folders: Folders) -> None:
    """Not known before the pool was read; then it turns decisions."""
    rule = "rules:\n  - {id: in-person, when: mode == '一对一', then: 跳过, because: 人少，一个个聊, priority: 90}\n"
    edit(folders, "rules/brand.yaml", "rules:\n", rule)
    await home.clock.leap(at(12, 10, 8))
    await go_live(home)
    assert await ratio_at(home, at(12, 10, 19, 36)) == COLD
    await sync(home)
    await home.look_at(at(12, 14, 9))
    [group] = await home.app.database.read(partial(pool_facts.kept, touchpoint="群"))
    assert group.facts["mode"] == "一对一"
    await home.look_at(at(12, 14, 19, 36))
    [row] = await home.rows(
        "SELECT outcome, because FROM planned WHERE entry = 'group-evening' ORDER BY at DESC LIMIT 1"
    )
    assert (row.outcome, row.because) == ("skipped", "人少，一个个聊")

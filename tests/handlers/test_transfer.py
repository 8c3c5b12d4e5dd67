"""Customers are handed from one guide to another, over the sandbox."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.flow.schedule import tell
from bot.scrm.actions.transfers import ReadTransferResults
from bot.scrm.events.transfers import CustomersTransferred, TransferAsked, TransferResultDue, TransferResults
from bot.scrm.records import AddTask
from bot.wecom.events import TransferFailed
from demo.stage import OPENING
from tests.flow.test_sync import said, sync
from tests.handlers.conftest import FakeWorld, stored_world
from tests.handlers.test_customer import WHO, friends, text
from tests.house import GUIDE, House, reopened

TO = "guide-wu"
DAY = 24 * 3600


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with reopened(tmp_path) as here:
        yield here


async def ask(home: House, *customers: str, resigned: bool = False, groups: bool = False) -> None:
    asked = TransferAsked(
        created_at=home.clock.now(),
        handover=GUIDE,
        takeover=TO,
        customers=customers,
        resigned=resigned,
        groups=groups,
    )
    await tell(home.app.database, asked, f"test/{time.monotonic_ns()}")
    home.app.dispatcher.wake()
    await home.settled()


async def a_day_later(home: House) -> None:
    """WeCom hands over; the clock asks how it went."""
    await home.clock.advance(DAY + 60)
    await home.settled()
    await home.app.schedule.tick()
    home.app.dispatcher.wake()
    await home.settled()


async def follows(home: House, who: str) -> dict[str, Any]:
    rows = await home.rows("SELECT * FROM follows WHERE external_userid = :who", who=who)
    return {row.userid: row for row in rows}


async def states(home: House) -> dict[str, int]:
    return {row[0]: row[1] for row in await home.rows("SELECT state, count(*) FROM transfers GROUP BY 1")}


async def test_all_customers_of_a_guide(home: House) -> None:
    """In hundreds; a day later they are the other guide's, and nobody is greeted again."""
    made = await home.sandbox.existing_pool(150, guides=[GUIDE])
    await sync(home)
    before = await said(home)
    await ask(home)
    assert await states(home) == {"waiting": 150}
    calls = home.sandbox.log.calls("externalcontact/transfer_customer")
    assert [len(call["body"]["external_userid"]) for call in calls] == [100, 50]
    await a_day_later(home)
    assert await states(home) == {"done": 150}
    both = await follows(home, made[0])
    assert (both[GUIDE].status, both[GUIDE].ended_by) == ("ended", "transfer")
    assert (both[TO].status, both[TO].welcome) == ("active", "history")
    assert await home.scalar("SELECT count(*) FROM follows WHERE userid = :to AND status = 'active'", to=TO) == 150
    assert await home.scalar("SELECT count(*) FROM person_owner WHERE userid = :to", to=TO) == 150
    assert await home.tasks() == [] and await said(home) == before


async def test_a_refusal_becomes_one_task(home: House) -> None:
    """Told by callback or by result, whichever is first; the customer stays where they are."""
    made = await home.sandbox.existing_pool(3, guides=[GUIDE])
    await sync(home)
    await ask(home, *made)
    await home.sandbox.staff.customer_refuses(made[0])
    with home.sandbox.silently():
        await home.sandbox.staff.customer_refuses(made[1])
    await a_day_later(home)
    assert await states(home) == {"refused": 2, "done": 1}
    tasks = await home.tasks()
    assert sorted(task.external_userid for task in tasks) == sorted(made[:2])
    assert {task.reason for task in tasks} == {"客户拒绝了转接"}
    assert set(await follows(home, made[0])) == {GUIDE}


async def test_why_wecom_would_not_begin(home: House) -> None:
    """Twice in 90 days is enough: a task with the reason for the guide who has the customer."""
    made = await home.sandbox.existing_pool(2, guides=[GUIDE, TO])
    await sync(home)
    stranger = made[1]
    await ask(home, made[0], stranger)
    assert await states(home) == {"waiting": 1, "failed": 1}
    [task] = await home.tasks()
    assert (task.userid, task.external_userid, task.reason) == (GUIDE, stranger, "原成员没有这位客户")


async def test_a_guide_who_left(home: House) -> None:
    """Customers and groups go to a colleague."""
    made = await home.sandbox.existing_pool(5, guides=[GUIDE], groups=1)
    await sync(home)
    await sync(home, "groups")
    await home.sandbox.staff.member_leaves(GUIDE)
    await home.settled()
    await ask(home, resigned=True, groups=True)
    assert await home.scalar("SELECT owner FROM group_chats") == TO
    await a_day_later(home)
    assert await states(home) == {"done": 5}
    assert (await follows(home, made[0]))[TO].status == "active"


async def test_a_late_result_changes_nothing_that_is_settled(home: House) -> None:
    """The customer is somebody else's again by now."""
    [who] = await home.sandbox.existing_pool(1, guides=[GUIDE])
    await sync(home)
    await ask(home, who)
    await a_day_later(home)
    await home.sandbox.member_deletes(TO, who)
    await home.wait(4)
    late = TransferResults(
        created_at=home.clock.now(), handover=GUIDE, takeover=TO, resigned=False, part=0, results=((who, 1),)
    )
    await tell(home.app.database, late, "late")
    home.app.dispatcher.wake()
    await home.settled()
    assert (await follows(home, who))[TO].status == "ended"


async def test_what_wecom_never_tells_is_given_up(tmp_path: Path) -> None:
    """After three days: a task for the guide, and nobody is waited for. Asked again, it has three days anew."""
    pair: dict[str, Any] = {"handover": GUIDE, "takeover": TO, "resigned": False}
    async with stored_world(tmp_path) as world:

        async def begins(at: int) -> None:
            await world.happens(CustomersTransferred(created_at=at, started=("wm-1",), refused=(), **pair), at)

        async def due(at: int) -> list[AddTask]:
            decision = await world.happens(TransferResultDue(created_at=at, **pair), at)
            assert isinstance(decision.actions[0], ReadTransferResults)
            return [record for record in decision.records if isinstance(record, AddTask)]

        await begins(OPENING)
        assert not await due(OPENING + 3 * DAY)
        [task] = await due(OPENING + 3 * DAY + 1)
        assert (task.userid, task.external_userid) == (GUIDE, "wm-1") and "三天" in task.reason
        assert not await due(OPENING + 4 * DAY)
        await begins(OPENING + 5 * DAY)
        assert not await due(OPENING + 8 * DAY)
        assert await due(OPENING + 8 * DAY + 1)


@pytest.mark.parametrize(
    ("fail_reason", "told"),
    [
        ("customer_refused", "客户拒绝了转接"),
        ("customer_limit_exceed", "接替成员的客户数已满"),
        ("something_new", "企业微信的原话是“something_new”"),
        ('<a href="http://x.cn">\n', '企业微信的原话是“＜a href="http：／／x．cn"＞”'),
        ("", "企业微信没有说明原因"),
    ],
)
async def test_a_failed_transfer_is_a_task_with_its_reason(world: FakeWorld, fail_reason: str, told: str) -> None:
    """Told in words; a reason we do not know is passed on, made harmless."""
    await friends(world)
    decision = await world.happens(TransferFailed(**WHO, fail_reason=fail_reason))  # type: ignore[arg-type]
    [task] = [record for record in decision.records if isinstance(record, AddTask)]
    assert (task.kind, task.reason) == ("transfer", told)
    assert told in text(decision.actions[0]) and "王女士" in text(decision.actions[0])

"""From the outbox to WeCom: the order, and a known state after whatever may go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.flow import deeds, pressure
from bot.flow.outcome import MAYBE_SENT
from bot.flow.pressure import Pressure
from bot.scrm.actions import Action, SendAppMessage, SendWelcome, SyncCustomer, SyncMember
from bot.store import outbox
from bot.store.audit import Doer
from tests.house import GUIDE, SEND, House, added, reopened

MESSAGE = "message/send"


async def welcome(home: House) -> Any:
    """The newest SendWelcome: state, attempts, in_doubt, errcode, reason."""
    return (
        await home.rows(
            "SELECT state, attempts, in_doubt, errcode, reason FROM outbox WHERE kind = 'SendWelcome' ORDER BY id DESC"
        )
    )[0]


async def add(home: House, n: int = 1) -> None:
    """A customer adds, and the callback has been answered."""
    await home.sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-{n}", state="store")
    await home.sandbox.callbacks_settled()


async def put(home: House, *actions: Action, cause: int = 10**6) -> None:
    """Actions straight into the outbox."""
    await home.app.database.write(partial(outbox.put, cause=cause, run=0, actions=actions, now=home.clock.now()))
    for lane in home.app.lanes:
        lane.wake()


async def chat(home: House, n: int = 1) -> list[str]:
    """What the customer's phone shows."""
    return [m["text"] for m in await home.sandbox.customer_reads(f"wm-{n}", GUIDE)]


async def test_a_refused_code_is_named_and_becomes_a_task(home: House) -> None:
    """41050: not tried again; the guide gets the words."""
    home.sandbox.faults.add("errcode", where=SEND, errcode=41050, count=1)
    await add(home)
    await home.wait(3)
    row = await welcome(home)
    assert (row.state, row.errcode, row.attempts) == ("refused", 41050, 1)
    assert row.reason == "欢迎语凭证无效，或已超过 20 秒"
    [task] = await home.tasks()
    assert (task.kind, task.userid, task.reason) == ("welcome", GUIDE, row.reason)
    [notice] = await home.sandbox.member_reads(GUIDE)
    assert row.reason in str(notice["content"])
    assert task.ready_text.strip() in notice["content"]["content"]
    assert len(home.welcomes()) == 1


async def test_another_app_that_was_first_is_no_task(home: House) -> None:
    """41051 without a doubt of ours: the customer has been greeted by somebody."""
    home.sandbox.faults.add("errcode", where=SEND, errcode=41051, count=1)
    await add(home)
    await home.wait(3)
    assert (await welcome(home)).state == "refused"
    assert await home.tasks() == []
    assert await home.scalar("SELECT welcome FROM follows WHERE external_userid = 'wm-1'") == "refused"


@pytest.mark.parametrize("kind", ["reset_after", "half"])
async def test_a_welcome_whose_answer_was_lost_counts_as_sent_once_wecom_says_used(home: House, kind: str) -> None:
    """41051 after our own lost answer; the customer sees one welcome."""
    home.sandbox.faults.add(kind, where=SEND, count=1)
    await add(home)
    await home.wait(3)
    row = await welcome(home)
    assert (row.state, row.attempts, bool(row.in_doubt)) == ("sent", 2, True)
    assert [c["errcode"] for c in home.welcomes()] == [0, 41051]
    assert len(await chat(home)) == 1
    assert await home.tasks() == []
    assert await home.scalar("SELECT count(*) FROM deliveries") == 1


async def test_a_refusal_after_a_lost_answer_refuses_that_try_only(home: House) -> None:
    """41050 at the second try: the first one may be on the phone, so nobody says that it is not."""
    home.sandbox.faults.add("reset_after", where=SEND, count=1)
    await add(home)
    home.sandbox.faults.add("errcode", where=SEND, errcode=41050)
    await home.wait(3)
    row = await welcome(home)
    assert (row.state, row.errcode, row.attempts) == ("unknown", 41050, 2)
    assert await home.scalar("SELECT welcome FROM follows WHERE external_userid = 'wm-1'") == "unknown"
    [task] = await home.tasks()
    assert task.reason == row.reason == MAYBE_SENT
    assert len(await chat(home)) == 1


async def test_what_is_given_up_in_doubt_stays_in_doubt(home: House) -> None:
    """A person's word does not take it off the phone."""
    home.sandbox.faults.add("reset_after", where=SEND, count=1)
    await add(home)
    home.sandbox.faults.add("errcode", where=SEND, errcode=-1)
    await home.settled()
    waiting = await home.scalar("SELECT id FROM outbox WHERE kind = 'SendWelcome' AND in_doubt")
    by = Doer("zhou-lan", "控制台", home.clock.now())
    assert await home.app.database.write(partial(deeds.drop, by=by, outbox_id=waiting))
    home.app.dispatcher.wake()
    await home.settled()
    assert await home.scalar("SELECT welcome FROM follows WHERE external_userid = 'wm-1'") == "unknown"


async def test_what_a_person_lets_be_tried_anew_is_heard_of_again(home: House) -> None:
    """Its tries count from 0 once more; its second outcome is another one."""
    home.sandbox.faults.add("errcode", where=SEND, errcode=41050, count=1)
    await add(home)
    await home.wait(3)
    assert await home.scalar("SELECT welcome FROM follows WHERE external_userid = 'wm-1'") == "refused"
    refused = await home.scalar("SELECT id FROM outbox WHERE kind = 'SendWelcome'")
    assert await home.app.database.write(partial(outbox.retry, outbox_id=refused, now=home.clock.now()))
    for lane in home.app.lanes:
        lane.wake()
    await home.settled()
    assert (await welcome(home)).state == "sent"
    assert await home.scalar("SELECT welcome FROM follows WHERE external_userid = 'wm-1'") == "sent"


@pytest.mark.parametrize("kind", ["reset_before", "http_503", "html"])
async def test_a_welcome_that_may_have_arrived_but_did_not_is_sent_again(home: House, kind: str) -> None:
    """Unknown, then sent."""
    home.sandbox.faults.add(kind, where=SEND, count=2)
    await add(home)
    await home.wait(3)
    row = await welcome(home)
    assert (row.state, row.attempts) == ("sent", 3)
    assert len(await chat(home)) == 1


async def test_another_app_that_is_sending_is_waited_for(home: House) -> None:
    """41096 is temporary."""
    home.sandbox.faults.add("errcode", where=SEND, errcode=41096, count=2)
    await add(home)
    await home.wait(4)
    assert (await welcome(home)).state == "sent"
    assert [c["errcode"] for c in home.welcomes()] == [41096, 41096, 0]


async def test_a_welcome_in_doubt_at_its_deadline_stays_unknown_and_the_task_says_so(home: House) -> None:
    """Nobody can tell: not sent, not failed."""
    home.sandbox.faults.add("reset_before", where=SEND)
    await add(home)
    await home.wait(22)
    row = await welcome(home)
    assert (row.state, bool(row.in_doubt)) == ("unknown", True)
    [task] = await home.tasks()
    assert "可能已经送到" in task.reason
    assert await home.scalar("SELECT welcome FROM follows WHERE external_userid = 'wm-1'") == "unknown"
    calls = len(home.welcomes())
    home.sandbox.faults.clear()
    await home.wait(30)
    assert len(home.welcomes()) == calls


async def test_a_lost_answer_leaves_unknown_until_the_next_try(home: House) -> None:
    """Between two tries the state says what we know."""
    home.sandbox.faults.add("reset_after", where="mark_tag", count=1)
    await add(home)
    query = "SELECT state FROM outbox WHERE kind = 'MarkTags'"
    states = []
    for _ in range(6):
        await home.until("没有在路上的", lambda: home.rows(f"{query} AND state <> 'sending'"))
        states.append(await home.scalar(query))
        await home.wait(1)
        await asyncio.sleep(0.02)
    assert [state for state, _ in groupby(states)] == ["pending", "unknown", "sent"]


async def test_a_wecom_that_cannot_be_reached_is_tried_for_ever(tmp_path: Path) -> None:
    """Hours later, all that has no deadline is done; the welcome was withheld and told when it could be."""
    async with reopened(tmp_path) as home:
        port = int(home.sandbox.base_url.rsplit(":", 1)[1])
        await home.sandbox.stop()
        assert await home.push(added(2, home.clock.now(), code="CODE", state="store")) == 200
        for _ in range(60):
            await home.clock.advance(60)
            await home.settled()
        states = dict(await home.rows("SELECT kind, state FROM outbox WHERE state <> 'sent'"))
        assert states.pop("SendWelcome") == "expired"
        assert states and set(states.values()) <= {"pending", "unknown"}
        await home.sandbox.start(port=port)
        for _ in range(20):
            await home.clock.advance(60)
            await home.settled()
        assert [n for n in await home.sandbox.member_reads(GUIDE) if "没有发出" in str(n["content"])]
        # Nobody in this WeCom is called wm-2, so what asks after them is refused: it was reached.
        assert not await home.rows("SELECT kind FROM outbox WHERE state NOT IN ('sent', 'refused', 'expired')")


async def test_an_api_that_is_over_its_limit_is_parked_until_its_window_ends(home: House) -> None:
    """45009: not one more call of it for a minute; others go on."""
    home.sandbox.faults.add("errcode", where=MESSAGE, errcode=45009, count=1)
    await put(home, SendAppMessage(userid=GUIDE, text="一"), SendAppMessage(userid="guide-wu", text="二"))
    await put(home, SyncMember(userid=GUIDE), cause=10**6 + 1)
    await home.settled()
    assert len(home.sandbox.log.calls(MESSAGE)) <= 2
    before = len(home.sandbox.log.calls(MESSAGE))
    await home.wait(50)
    assert len(home.sandbox.log.calls(MESSAGE)) == before
    assert await home.scalar("SELECT state FROM outbox WHERE cause = :c", c=10**6 + 1) == "sent"
    await home.wait(20)
    assert {s for (s,) in await home.rows("SELECT state FROM outbox WHERE kind = 'SendAppMessage'")} == {"sent"}


async def test_those_of_one_line_are_never_under_way_together(home: House) -> None:
    """Three messages to one guide leave one after the other; another guide's does not wait for them."""
    home.sandbox.faults.add("slow", where=MESSAGE, seconds=2)
    for n in range(3):
        await put(home, SendAppMessage(userid=GUIDE, text=f"第{n}条"), cause=10**6 + n)
    await put(home, SendAppMessage(userid="guide-wu", text="别人"), cause=10**6 + 9)
    began = home.clock.now()
    await asyncio.sleep(0.1)
    for _ in range(10):
        await home.clock.advance(1)
        await asyncio.sleep(0.02)
    await home.settled()
    calls = [(c["body"]["touser"], c["at"] - began, c["took_ms"]) for c in home.sandbox.log.calls(MESSAGE)]
    mine = [at for touser, at, _ in calls if touser == GUIDE]
    assert len(mine) == 3 and all(later - earlier >= 2 for earlier, later in pairwise(mine))
    assert [at for touser, at, _ in calls if touser == "guide-wu"] == [0]
    assert [n["content"]["content"] for n in await home.sandbox.member_reads(GUIDE)] == ["第0条", "第1条", "第2条"]


async def test_a_line_with_a_long_queue_keeps_nobody_out(home: House) -> None:
    """More messages wait for one guide than there are slots; the other guide's leaves beside the first."""
    home.sandbox.faults.add("slow", where=MESSAGE, seconds=2)
    messages = [SendAppMessage(userid=GUIDE, text=f"第{n}条") for n in range(home.config.outbound.concurrency + 8)]
    messages.append(SendAppMessage(userid="guide-wu", text="别人"))

    def write(conn: Connection) -> None:
        for cause, message in enumerate(messages, 10**6):
            outbox.put(conn, cause=cause, run=0, actions=[message], now=home.clock.now())

    await home.app.database.write(write)
    home.app.lanes[1].wake()

    async def under_way() -> bool:
        found = await home.rows("SELECT line FROM outbox WHERE state = 'sending' ORDER BY line")
        return [line for (line,) in found] == [f"message/{GUIDE}", "message/guide-wu"]

    await home.until("两位导购的消息都在路上", under_way)


async def test_in_a_rush_of_callbacks_one_goes_at_a_time(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two messages to two guides; when the rush is over the second leaves beside the first."""
    monkeypatch.setattr(pressure, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(Pressure, "high", True)
    home.sandbox.faults.add("slow", where=MESSAGE, seconds=2)
    await put(home, *(SendAppMessage(userid=userid, text="在吗") for userid in (GUIDE, "guide-wu")))

    async def under_way() -> int:
        found = await home.scalar("SELECT count(*) FROM outbox WHERE state = 'sending'")
        assert isinstance(found, int)
        return found

    await home.until("一条在路上", under_way)
    for lane in home.app.lanes:
        lane.wake()
    await asyncio.sleep(0.1)
    assert await under_way() == 1
    monkeypatch.setattr(Pressure, "high", False)
    for lane in home.app.lanes:
        lane.wake()

    async def both() -> bool:
        return await under_way() == 2

    await home.until("两条在路上", both)


async def test_deadline_then_priority_then_age(database: Any) -> None:
    """The order in which a lane takes what is due, on both databases."""

    def hello(n: int, not_after_at: int) -> SendWelcome:
        return SendWelcome(userid="g", external_userid=f"wm-{n}", text="", ready="", not_after_at=not_after_at)

    actions: list[Action] = [
        SyncCustomer(external_userid="later"),
        SendAppMessage(userid="a", text=""),
        SyncCustomer(external_userid="latest"),
        SyncCustomer(external_userid="not yet", not_before_at=101),
        SendAppMessage(userid="b", text=""),
        hello(1, 130),
        hello(2, 110),
        hello(3, 130),
    ]
    for cause, action in enumerate(actions):
        await database.write(partial(outbox.put, cause=cause, run=0, actions=[action], now=100))

    async def taken(urgent: bool) -> list[str]:
        claim = partial(outbox.claim, urgent=urgent, limit=99, now=100, busy=())
        return [claimed.action.target for claimed in await database.write(claim)]

    assert await taken(True) == ["g/wm-2", "g/wm-1", "g/wm-3"]
    assert await taken(False) == ["a", "b", "later", "latest"]
    assert await taken(False) == []


async def test_an_outcome_is_noted_though_the_database_was_away(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever way the database fails: what was sent is not forgotten, nor sent again."""
    from bot.flow import deliver

    write, refusals = home.app.database.write, [ConnectionRefusedError("away"), TimeoutError("no connection")]

    async def flaky(job: Callable[..., Any], **how: Any) -> Any:
        if getattr(job, "func", None) is deliver._settle and refusals:
            raise refusals.pop()
        return await write(job, **how)

    monkeypatch.setattr(home.app.database, "write", flaky)
    await add(home)
    for _ in range(5):
        await home.clock.advance(1)
        await asyncio.sleep(0.02)
    await home.settled()
    assert not refusals
    assert (await welcome(home)).state == "sent"
    assert len(home.welcomes()) == 1


async def test_a_message_to_somebody_who_left_is_refused_with_a_reason(home: House) -> None:
    """WeCom answers ok and names the receivers it dropped: that is no delivery."""
    await put(home, SendAppMessage(userid="nobody", text="喂"))
    query = "SELECT reason FROM outbox WHERE kind = 'SendAppMessage' AND state = 'refused'"
    await home.until("拒绝", lambda: home.rows(query))
    assert "接收人全部无效" in await home.scalar(query)

"""Events to handlers: each line in order, a failing one parked in the end, deadlines past all."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.flow import dispatch, hand
from bot.flow.dispatch import PATIENCE_SECONDS
from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.store import inbox
from bot.store.inbox import Arrival, arrival
from bot.wecom.events import CustomerEdited, peek, split_welcome_code
from demo.stage import OPENING
from handlers import router as behaviours
from tests.house import ADD, GUIDE, House, added, customer_xml, house, sqlite_url

EDITED = "edit_external_contact"
LEFT = "del_follow_user"


class Broken:
    """A handler that cannot cope with customer wm-1, until it is mended."""

    def __init__(self) -> None:
        self.mended = False
        self.tries = 0
        self.router = Router().include(behaviours)
        self.router.on(CustomerEdited)(self.edited)

    async def edited(self, event: CustomerEdited, facts: Facts) -> Decision:
        if event.external_userid != "wm-1" or self.mended:
            return Decision(because=("看过了",))
        self.tries += 1
        raise ZeroDivisionError("on purpose")


async def pass_time(home: House, seconds: int, until: Callable[[], bool] = lambda: False) -> None:
    """Let the clock run in steps, though something is held."""
    for _ in range(0, seconds, 20):
        if until():
            return
        await home.clock.advance(20)
        await home.settled()


async def event(home: House, change: str, n: int) -> tuple[str, bool, str]:
    """(state, marked, reason) of one callback."""
    found = await home.rows(
        "SELECT state, marked, reason FROM inbox WHERE line = :line AND app = 'main' AND body LIKE :change",
        line=f"customer/wm-{n}",
        change=f"%{change}%",
    )
    return found[0][0], bool(found[0][1]), found[0][2]


async def is_done(home: House, change: str, n: int) -> bool:
    return (await event(home, change, n))[0] == "done"


async def held(home: House) -> None:
    """wm-1's first event fails; others wait behind it, and beside it."""
    now = home.clock.now()
    for change, n in ((EDITED, 1), (LEFT, 1), (EDITED, 2)):
        assert await home.push(customer_xml(change, n, now)) == 200


async def test_a_failing_event_holds_its_line_is_parked_and_the_line_goes_on_marked(database_url: str) -> None:
    """Fifteen minutes; other lines wait for nobody, and the customer is read back from WeCom."""
    broken = Broken()
    async with house(database_url, router=broken.router) as home:
        await held(home)
        await home.until("另一条线先走", partial(is_done, home, EDITED, 2))
        await pass_time(home, PATIENCE_SECONDS - 60)
        assert (await event(home, EDITED, 1))[0] == "waiting"
        assert (await event(home, LEFT, 1))[0] == "waiting"
        assert broken.tries > 5
        for _ in range(10):
            await home.clock.advance(30)
            await home.settled()
        await home.until("线继续走", partial(is_done, home, LEFT, 1))
        state, marked, reason = await event(home, EDITED, 1)
        assert (state, marked) == ("parked", False)
        assert "ZeroDivisionError" in reason
        assert await event(home, LEFT, 1) == ("done", True, "这段关系已经记为结束，或客户后来又回来了，不打扰导购")
        assert (await event(home, EDITED, 2))[1] is False
        assert await home.scalar("SELECT count(*) FROM inbox WHERE name = 'LineBroken' AND state = 'done'") == 1
        await home.until(
            "读回这位客户",
            lambda: [
                c for c in home.sandbox.log.calls("externalcontact/get") if c["query"]["external_userid"] == "wm-1"
            ],
        )


async def test_a_parked_event_can_be_replayed_once_the_handler_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes through like any other, with the patience of a new one."""
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 60)
    broken = Broken()
    async with house(sqlite_url(tmp_path), router=broken.router) as home:
        await held(home)
        for _ in range(8):
            await home.clock.advance(30)
            await home.settled()
        [parked] = await home.app.database.read(inbox.parked)
        broken.mended = True
        assert await home.app.database.write(partial(inbox.replay, inbox_id=parked.id))
        await home.clock.advance(6)
        await home.until("重放的事件处理完", partial(is_done, home, EDITED, 1))


async def test_a_failing_event_is_remembered_over_a_restart(tmp_path: Path) -> None:
    """Its line is held from the first failure on, not from the start of the program."""
    broken = Broken()
    async with house(sqlite_url(tmp_path), router=broken.router) as home:
        await held(home)
        await pass_time(home, 100)
        clock = home.clock
    assert broken.tries > 2
    async with house(sqlite_url(tmp_path), router=broken.router, clock=clock, waits=False) as home:
        failed_at = await home.scalar("SELECT failed_at FROM inbox WHERE name = 'CustomerEdited' AND state = 'waiting'")
        assert failed_at < clock.now() - 60
        broken.mended = True
        await pass_time(home, 80)
        await home.until("修好后继续", partial(is_done, home, LEFT, 1))
        assert await is_done(home, EDITED, 1)


async def test_a_deadline_passes_its_held_line(tmp_path: Path) -> None:
    """A welcome is sent although an older event of the same customer cannot be handled."""
    async with house(sqlite_url(tmp_path), router=Broken().router) as home:
        await held(home)
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.until("欢迎语先走", lambda: home.welcomes() and home.welcomes()[0]["errcode"] == 0)
        assert (await event(home, EDITED, 1))[0] == "waiting"
        assert (await event(home, LEFT, 1))[0] == "waiting"


async def test_a_handler_that_hangs_is_stopped(tmp_path: Path) -> None:
    """A decision only reads facts: after ten seconds it counts as failed."""
    router = Router()

    @router.on(CustomerEdited)
    async def hang(event: CustomerEdited, facts: Facts) -> Decision:
        await asyncio.Event().wait()
        raise AssertionError

    async with house(sqlite_url(tmp_path), router=router, waits=False) as home:
        await home.push(customer_xml(EDITED, 1, home.clock.now()))
        await home.until("处理开始", lambda: not home.app.dispatcher.idle)
        for _ in range(12):
            await home.clock.advance(1)
            await asyncio.sleep(0.01)
        assert (await event(home, EDITED, 1))[2].startswith("TimeoutError")


async def test_a_database_that_fails_while_parking_does_not_freeze_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event is tried again, and parked when the database is back."""
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 60)
    async with house(sqlite_url(tmp_path), router=Broken().router) as home:
        write, refused = home.app.database.write, list[object]()

        async def flaky(job: Any, **how: Any) -> Any:
            if getattr(job, "func", None) is dispatch._park and len(refused) < 3:
                refused.append(job)
                raise OperationalError("park", {}, Exception("disk full"))
            return await write(job, **how)

        monkeypatch.setattr(home.app.database, "write", flaky)
        await held(home)
        for _ in range(14):
            await home.clock.advance(30)
            await home.settled()
        assert refused
        await home.until("线继续走", partial(is_done, home, LEFT, 1))
        assert (await event(home, EDITED, 1))[0] == "parked"


class Witness:
    """Handles slowly, and remembers in what order and how many at once."""

    def __init__(self) -> None:
        self.router = Router()
        self.router.on(CustomerEdited)(self.see)
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.busy: set[str] = set()
        self._dice = random.Random(5)

    async def see(self, event: CustomerEdited, facts: Facts) -> Decision:
        assert event.external_userid not in self.busy
        self.busy.add(event.external_userid)
        for _ in range(self._dice.randrange(4)):
            await asyncio.sleep(0)
        self.seen[event.external_userid].append(str(event.state))
        self.busy.discard(event.external_userid)
        return Decision()


def edits(lines: int, each: int) -> list[Arrival]:
    """Events of several lines, mixed; `state` numbers them within their line."""
    return [
        arrival("main", "CustomerEdited", f"customer/wm-{n}", customer_xml(EDITED, n, 1, State=str(i)), None, 1)
        for i in range(each)
        for n in range(lines)
    ]


@pytest.mark.parametrize(("in_hand", "at_once"), [(5000, 32), (7, 32), (40, 3)])
async def test_every_line_is_in_order_however_long_the_backlog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_hand: int, at_once: int
) -> None:
    """More than fits in hand is read on from the disk; one of a line at a time."""
    monkeypatch.setattr(hand, "IN_HAND", in_hand)
    monkeypatch.setattr(dispatch, "AT_ONCE", at_once)
    witness = Witness()
    async with house(sqlite_url(tmp_path), router=witness.router, waits=False) as home:
        await home.put(*edits(lines=6, each=25))
        await home.until("全部处理完", lambda: sum(map(len, witness.seen.values())) >= 150)
        await home.settled()
        assert dict(witness.seen) == {f"wm-{n}": [str(i) for i in range(25)] for n in range(6)}


async def test_two_apps_that_receive_one_add_send_one_welcome(database_url: str) -> None:
    """Both have the code and both pass the line: the guard lets one decide, the other decides anew."""
    async with house(database_url, apps=2) as home:
        for n in range(5):
            await home.sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-{n}", state="store")
        await home.sandbox.callbacks_settled()
        await home.settled()
        assert len([c for c in home.sandbox.log.callbacks(ADD) if c["status"] == 200]) == 10
        assert [c["errcode"] for c in home.welcomes()] == [0] * 5
        assert await home.tasks() == []
        assert await home.scalar("SELECT count(*) FROM follows WHERE welcome = 'sent'") == 5
        assert await home.scalar("SELECT count(*) FROM people") == 5
        assert await home.scalar("SELECT count(*) FROM deliveries") == 5


async def test_a_redelivery_of_what_is_done_is_not_done_again(home: House) -> None:
    """The row counts it, and that is all."""
    xml = customer_xml(LEFT, 1, home.clock.now())
    for _ in range(3):
        assert await home.push(xml) == 200
        await home.settled()
    assert await home.rows("SELECT deliveries, state FROM inbox WHERE name = 'FollowUserDeleted'") == [(3, "done")]


def arrived(xml: str) -> Arrival:
    """A callback as the receiver keeps it."""
    body, code = split_welcome_code(xml)
    return arrival("main", *peek(body), body, code, OPENING)


async def test_who_left_and_came_back_is_greeted_and_stays(database_url: str) -> None:
    """An add with a code passes the older news that the customer left, which must not end the new relation."""
    async with house(database_url) as home:
        at = home.clock.now()
        await home.put(arrived(added(1, at, code="FIRST")))
        await home.settled()
        await home.clock.advance(600)
        later = home.clock.now()
        await home.put(
            arrived(customer_xml("del_follow_user", 1, later - 5)),
            arrived(added(1, later, code="SECOND")),
        )
        await home.until("两次欢迎都试着发出", lambda: len(home.welcomes()) == 2)
        await home.settled()
        assert await home.scalar("SELECT status FROM follows WHERE external_userid = 'wm-1'") == "active"

"""What is measured of pools, fact by fact, on both databases; what is not known is not there."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.scrm.kind import Touchpoint
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.pool_stage import Staged
from bot.scrm.records.planning import KeepStages
from bot.store import pool_facts, records
from bot.store.database import Database
from bot.store.groups import chats, seats
from bot.store.people import follows
from bot.store.pool_facts import jobs, orders, pool_stages, read

DAY = 86_400
NOW = 1_000 * DAY
GROUP, GUIDE = "wr1", "guide-lin"


def group(chat_id: str = GROUP, **values: Any) -> dict[str, Any]:
    row = {"chat_id": chat_id, "name": "会员群一", "owner": GUIDE, "notice": "", "created_at": NOW - 100 * DAY}
    return row | {"member_version": "", "state": "active", "read_at": NOW, "read_no": 0} | values


def seat(n: int, chat_id: str = GROUP, **values: Any) -> dict[str, Any]:
    row = {"chat_id": chat_id, "member_id": f"wm-{n}", "kind": "customer", "person_id": n, "left_at": None}
    return row | {"joined_at": NOW - 90 * DAY} | values


def follow(n: int, userid: str = GUIDE, **values: Any) -> dict[str, Any]:
    row = {"userid": userid, "external_userid": f"wm-{n}", "person_id": n, "status": "active", "version": 1}
    row |= {"added_at": NOW - 90 * DAY, "source": "callback", "welcome_reason": "", "ended_at": None, "ended_by": None}
    return row | values


def order(n: int, person_id: int | None, **values: Any) -> dict[str, Any]:
    row = {"order_id": f"o-{n}", "person_id": person_id, "is_first": True, "paid_at": NOW - DAY, "total_fen": 1}
    return row | {"refunded_fen": 0, "state": "paid", "items": [], "saved_at": NOW} | values


def reading(kind: str, at: int) -> dict[str, Any]:
    return {"id": f"{kind}/{at}", "kind": kind, "state": "done", "started_at": at, "touched_at": at, "finished_at": at}


def first_read(at: int, userid: str = GUIDE) -> dict[str, Any]:
    return {"userid": userid, "customers": 1, "first_read_at": at, "read_at": NOW}


async def put(database: Database, table: Any, *rows: dict[str, Any]) -> None:
    await database.write(lambda conn: conn.execute(insert(table), list(rows)))


async def pools(database: Database, touchpoint: Touchpoint) -> dict[str, MeasuredPool]:
    found = await database.read(partial(pool_facts.measured, touchpoint=touchpoint, now=NOW))
    return {pool.id: pool for pool in found}


async def facts(database: Database, touchpoint: Touchpoint = "群", pool: str = GROUP) -> dict[str, int]:
    return dict((await pools(database, touchpoint))[pool].facts)


async def test_members_are_the_customers_who_are_inside(database: Database) -> None:
    """Not our own people, not who has left, not those of another group."""
    await put(database, chats, group(), group("wr2"), group("wr3", state="dismissed"))
    staff = seat(9, member_id=GUIDE, kind="member", person_id=None)
    await put(database, seats, seat(1), seat(2), seat(3, left_at=NOW - DAY), staff, seat(1, "wr2"))
    found = await pools(database, "群")
    assert {id_: pool.facts["members"] for id_, pool in found.items()} == {GROUP: 2, "wr2": 1}
    assert found[GROUP].name == "会员群一"


async def test_members_of_a_guide_are_those_who_are_connected(database: Database) -> None:
    """The same for Moments and one-to-one."""
    await put(database, read, first_read(NOW - 50 * DAY), first_read(NOW, "guide-wu"))
    ended = {"status": "ended", "ended_at": NOW - DAY, "ended_by": "customer"}
    await put(database, follows, follow(1), follow(2), follow(3, **ended), follow(1, "guide-wu"))
    for touchpoint in ("朋友圈", "私聊"):
        found = await pools(database, touchpoint)  # type: ignore[arg-type]
        assert {id_: pool.facts["members"] for id_, pool in found.items()} == {GUIDE: 2, "guide-wu": 1}


async def test_a_guide_whose_customers_were_never_read_is_not_measured(database: Database) -> None:
    """Three callbacks are not a pool of three."""
    await put(database, follows, follow(1), follow(2), follow(3))
    assert await pools(database, "私聊") == {}


async def test_the_age_of_a_pool_in_whole_days(database: Database) -> None:
    """A group since it was made; a guide's customers since the first one, gone or not."""
    await put(database, chats, group(created_at=NOW - 31 * DAY + 1))
    await put(database, read, first_read(NOW - 5 * DAY))
    gone = {"status": "ended", "ended_at": NOW - 70 * DAY, "ended_by": "member"}
    await put(database, follows, follow(1), follow(2, added_at=NOW - 120 * DAY, **gone))
    assert (await facts(database))["pool_age_days"] == 30
    assert (await facts(database, "私聊", GUIDE))["pool_age_days"] == 120


async def test_buyers_are_those_who_bought_and_kept_it(database: Database) -> None:
    """A person once, however many orders; rounded down; who is a stranger to us counts as one who did not buy."""
    await put(database, chats, group())
    await put(database, seats, *(seat(n) for n in range(1, 6)), seat(6, person_id=None), seat(7, left_at=NOW - DAY))
    returned = order(4, 3, state="refunded")
    await put(database, orders, order(1, 1), order(2, 1), order(3, 2), returned, order(5, 7), order(6, None))
    assert (await facts(database))["buyers_pct"] == 33
    await put(database, read, first_read(NOW - 5 * DAY))
    await put(database, follows, *(follow(n) for n in range(1, 4)))
    assert (await facts(database, "私聊", GUIDE))["buyers_pct"] == 66


async def test_without_orders_nobody_knows_who_bought(database: Database) -> None:
    """Nor in an empty pool, nor where all are strangers."""
    await put(database, chats, group(), group("wr2"), group("wr3"))
    await put(database, seats, seat(1), seat(2, "wr3", person_id=None))
    await put(database, orders, order(1, None))
    assert "buyers_pct" not in await facts(database)
    await put(database, orders, order(2, 7))
    found = await pools(database, "群")
    assert [found[id_].facts.get("buyers_pct") for id_ in (GROUP, "wr2", "wr3")] == [0, None, None]


async def test_lost_are_those_who_left_in_28_days(database: Database) -> None:
    """Of all who were in it meanwhile. Of a guide's customers: not those whom the guide or a transfer took away."""
    await put(database, jobs, reading("groups", NOW - 40 * DAY))
    await put(database, chats, group())
    left = (seat(8, left_at=NOW - 27 * DAY), seat(9, left_at=NOW - DAY), seat(10, left_at=NOW - 29 * DAY))
    await put(database, seats, *(seat(n) for n in range(1, 7)), *left)
    assert (await facts(database))["lost_pct_28d"] == 25
    await put(database, read, first_read(NOW - 40 * DAY))
    ends = enumerate(("customer", "unknown", "member", "transfer"), start=20)
    over = [follow(n, status="ended", ended_at=NOW - DAY, ended_by=by) for n, by in ends]
    long_ago = follow(30, status="ended", ended_at=NOW - 28 * DAY, ended_by="customer")
    await put(database, follows, *(follow(n) for n in range(1, 5)), *over, long_ago)
    assert (await facts(database, "朋友圈", GUIDE))["lost_pct_28d"] == 33


async def test_who_left_before_we_watched_is_unknown_not_nobody(database: Database) -> None:
    """A pool that is younger than our first reading was watched all its life."""
    await put(database, chats, group(), group("wr2", created_at=NOW - 9 * DAY))
    await put(database, seats, seat(1), seat(1, "wr2"), seat(2, "wr2", left_at=NOW - DAY))
    assert "lost_pct_28d" not in await facts(database)
    await put(database, jobs, reading("groups", NOW - 10 * DAY), reading("groups", NOW - DAY))
    found = await pools(database, "群")
    assert [found[id_].facts.get("lost_pct_28d") for id_ in (GROUP, "wr2")] == [None, 50]
    await put(database, read, first_read(NOW - 27 * DAY))
    await put(database, follows, follow(1))
    assert "lost_pct_28d" not in await facts(database, "私聊", GUIDE)


async def test_clicks_are_never_known(database: Database) -> None:
    """No link is tracked yet."""
    await put(database, chats, group())
    await put(database, seats, seat(1))
    assert set(await facts(database)) == {"members", "pool_age_days"}


async def test_what_was_kept_comes_back(database: Database) -> None:
    """With its stage and its reason; a later look replaces it; another touchpoint has its own."""
    await put(database, chats, group(), group("wr2", name="会员群二"))
    await put(database, seats, seat(1))
    [first, second] = (await pools(database, "群")).values()
    assert (first.staged, first.measured_at) == (None, NOW)
    staged = Staged("成长", NOW - DAY, "成长：量出来的", (), True)
    for stage in (Staged("冷启动", 5, "以前"), staged):
        kept = tuple(MeasuredPool(p.id, p.name, p.facts, p.measured_at, stage) for p in (first, second))
        await database.write(partial(records.apply, cause=1, record=KeepStages(touchpoint="群", pools=kept)))
    assert (await pools(database, "群"))[GROUP].staged == staged
    assert await database.read(partial(pool_facts.kept, touchpoint="群")) == kept
    assert await database.read(partial(pool_facts.kept, touchpoint="私聊")) == ()
    assert await database.read(_count) == 2


def _count(conn: Connection) -> int:
    return len(conn.execute(select(pool_stages)).all())

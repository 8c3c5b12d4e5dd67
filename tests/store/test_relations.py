"""What became of relations over time, and whose customer somebody is, on both databases."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, text

from bot.scrm.owner import FIRST, Owner
from bot.scrm.person import FollowInfo, Profile
from bot.scrm.records import EndFollow, Record, SaveCustomer, StartFollow
from bot.scrm.records.owners import SaveOwner
from bot.store import owners, records, relations
from bot.store.database import Database

DAY = 86_400


async def keep(database: Database, *kept: Record) -> None:
    def job(conn: Connection) -> None:
        for record in kept:
            records.apply(conn, 1, record)

    await database.write(job)


def begin(userid: str, at: int, version: int | None = None, **more: str) -> StartFollow:
    pair = {"userid": userid, "external_userid": "wm-1"}
    return StartFollow(**pair, status="active", added_at=at, expected_version=version, channel_id="parcel", **more)  # type: ignore[arg-type]


def end(userid: str, at: int, by: str, version: int) -> EndFollow:
    pair = {"userid": userid, "external_userid": "wm-1"}
    return EndFollow(**pair, ended_by=by, ended_at=at, expected_version=version)  # type: ignore[arg-type]


async def log(database: Database) -> list[tuple[str, str, int]]:
    query = text("SELECT userid, what, at FROM follow_log ORDER BY id")
    return [tuple(row) for row in await database.read(lambda conn: conn.execute(query).all())]


async def test_every_beginning_and_end_is_written_down_once(database: Database) -> None:
    """News of a relation that goes on is no beginning."""
    await keep(database, begin("lin", 10), begin("lin", 12, 1), end("lin", 20, "customer", 2))
    await keep(database, begin("lin", 30, 3), end("lin", 40, "member", 4), begin("lin", 50, 5))
    await keep(database, end("lin", 60, "transfer", 6))
    assert [(what, at) for _, what, at in await log(database)] == [
        ("added", 10),
        ("lost", 20),
        ("added", 30),
        ("removed", 40),
        ("added", 50),
        ("moved", 60),
    ]


async def test_a_customer_handed_over_is_no_new_one(database: Database) -> None:
    """Nobody left, nobody came."""
    await keep(database, begin("lin", 10), end("lin", 20, "transfer", 1), begin("wu", 20, source="transfer"))
    assert await log(database) == [("lin", "added", 10), ("lin", "moved", 20), ("wu", "taken", 20)]


async def test_what_only_a_sync_tells_is_written_down_too(database: Database) -> None:
    """A relation that nobody told of began; one that WeCom lists no more has ended."""
    info = FollowInfo(userid="lin", added_at=10)
    await keep(database, SaveCustomer(external_userid="wm-1", profile=Profile(), follows=(info,), at=20))
    await keep(database, SaveCustomer(external_userid="wm-1", profile=Profile(), follows=(info,), at=30))
    await keep(database, SaveCustomer(external_userid="wm-1", profile=Profile(), follows=(), at=DAY))
    assert await log(database) == [("lin", "added", 10), ("lin", "removed", DAY)]


async def test_who_was_added_today_is_counted_for_each_guide(database: Database) -> None:
    """Per channel; yesterday does not count."""
    await keep(database, begin("lin", DAY - 1), begin("wu", DAY), begin("chen", DAY + 5))
    assert await database.read(partial(relations.added_since, since_at=DAY)) == {"parcel": {"wu": 1, "chen": 1}}


async def test_the_owner_is_kept_and_until_then_it_is_the_first(database: Database) -> None:
    """Nobody decided anything for those who were here before us."""
    find = partial(owners.owner, external_userid="wm-1")
    assert await database.read(find) is None
    await keep(database, begin("wu", 20), begin("lin", 10))
    assert await database.read(find) == Owner(userid="lin", since_at=10, because=FIRST)
    chosen = Owner(userid="chen", since_at=30, because="老客户", by_hand=True)
    await keep(database, SaveOwner(external_userid="wm-1", owner=chosen))
    assert await database.read(find) == chosen
    active = await database.read(partial(relations.active, external_userid="wm-1"))
    assert active == ((10, "lin"), (20, "wu"))

"""People and relations, on both databases: what a sync mends, and one person whoever comes first."""

from __future__ import annotations

import asyncio
from functools import partial

from sqlalchemy import Connection, text

from bot.scrm.person import Follow, FollowInfo, Profile
from bot.scrm.records import EndFollow, SaveCustomer, StartFollow
from bot.store import people
from bot.store.database import Database

DAY = 86_400


async def begin(database: Database, userid: str, at: int) -> None:
    started = StartFollow(userid=userid, external_userid="wm-1", status="active", added_at=at)
    await database.write(partial(people.start_follow, record=started))


async def follow(database: Database, userid: str) -> Follow:
    found = await database.read(partial(people.follow, userid=userid, external_userid="wm-1"))
    assert found
    return found


async def sync(database: Database, at: int, **added_at: int) -> None:
    infos = tuple(FollowInfo(userid=userid.replace("_", "-"), added_at=when) for userid, when in added_at.items())
    truth = SaveCustomer(external_userid="wm-1", profile=Profile(name="王"), follows=infos, at=at)
    await database.write(partial(people.save_customer, record=truth))


async def test_a_sync_ends_what_wecom_does_not_list(database: Database) -> None:
    """The news of a removal was lost; one so young that WeCom may not show it yet is left alone."""
    await begin(database, "guide-old", 0)
    await begin(database, "guide-new", DAY - 5)
    await sync(database, DAY)
    assert ((await follow(database, "guide-old")).status, (await follow(database, "guide-old")).ended_at) == (
        "ended",
        DAY,
    )
    assert (await follow(database, "guide-new")).status == "active"


async def test_a_sync_revives_a_relation_that_began_anew(database: Database) -> None:
    """But one that the customer ended stays ended, though WeCom still lists it with its old time."""
    await begin(database, "guide-lin", 10)
    ended = EndFollow(userid="guide-lin", external_userid="wm-1", ended_by="customer", ended_at=20, expected_version=1)
    await database.write(partial(people.end_follow, record=ended))
    await sync(database, 30, guide_lin=10)
    assert (await follow(database, "guide-lin")).status == "ended"
    await sync(database, 50, guide_lin=40)
    assert ((await follow(database, "guide-lin")).status, (await follow(database, "guide-lin")).added_at) == (
        "active",
        40,
    )


async def test_two_guides_at_once_make_one_person(database: Database) -> None:
    """Adds with a code pass their line, so two transactions may make the same person."""
    for n in range(10):

        def start(conn: Connection, userid: str, n: int = n) -> None:
            people.start_follow(
                conn, StartFollow(userid=userid, external_userid=f"wm-{n}", status="active", added_at=1)
            )

        await asyncio.gather(*(database.write(partial(start, userid=f"g{i}")) for i in range(4)))
    persons = await database.read(lambda conn: conn.scalar(text("SELECT count(*) FROM people")))
    held = await database.read(lambda conn: conn.scalar(text("SELECT count(DISTINCT person_id) FROM follows")))
    assert (persons, held) == (10, 10)

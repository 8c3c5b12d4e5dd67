"""Tags of customers, on both databases: whose they are when WeCom shows them, how they end and change their names."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec import structs
from sqlalchemy import Connection, text

from bot.scrm.person import FollowInfo, Profile
from bot.scrm.records import Record, SaveCustomer, TagPerson
from bot.scrm.records.tags import UntagPerson
from bot.store import records, tags
from bot.store.database import Database
from bot.store.tags import CHUNK, UNSETTLED_SECONDS

LATER = UNSETTLED_SECONDS + 1
PAIR = {"userid": "lin", "external_userid": "wm-1"}


async def keep(database: Database, *kept: Record) -> None:
    def job(conn: Connection) -> None:
        for record in kept:
            records.apply(conn, 1, record)

    await database.write(job)


async def shown(database: Database, at: int, *paths: str) -> None:
    """WeCom answers with these tags."""
    info = FollowInfo(userid="lin", added_at=0, tags=tuple((f"et-{p}", p) for p in paths))
    await keep(database, SaveCustomer(external_userid="wm-1", profile=Profile(), follows=(info,), at=at))


async def held(database: Database) -> dict[str, tuple[str, int]]:
    found = await database.read(partial(tags.carried, external_userid="wm-1"))
    return {tag.tag: (tag.source, tag.set_at) for tag in found}


def put(tag: str, at: int, source: str = "survey/newcomer/skin") -> TagPerson:
    return TagPerson(**PAIR, tag=tag, source=source, at=at)


def take(tag: str, at: int) -> UntagPerson:
    return UntagPerson(**PAIR, tag=tag, at=at)


async def test_what_we_set_stays_ours_when_wecom_shows_it(database: Database) -> None:
    """And what a hand set there comes in as a hand's."""
    await keep(database, put("肤质/干性", 10))
    await shown(database, 20, "肤质/干性", "意向/补水")
    assert await held(database) == {"肤质/干性": ("survey/newcomer/skin", 10), "意向/补水": ("wecom", 20)}


async def test_what_we_took_off_does_not_come_back_as_a_hands(database: Database) -> None:
    """WeCom may show it until our call arrives; when it shows it long after, it is what it was before."""
    await keep(database, put("肤质/干性", 10), take("肤质/干性", 20))
    await shown(database, 21, "肤质/干性")
    assert await held(database) == {}
    await shown(database, 20 + LATER, "肤质/干性")
    assert await held(database) == {"肤质/干性": ("survey/newcomer/skin", 20 + LATER)}


async def test_set_by_hand_after_we_took_it_off_is_a_hands(database: Database) -> None:
    """Once WeCom has shown it gone."""
    await keep(database, put("肤质/干性", 10), take("肤质/干性", 20))
    await shown(database, 21)
    await shown(database, 22, "肤质/干性")
    assert await held(database) == {"肤质/干性": ("wecom", 22)}


async def test_set_again_it_counts_from_then_on_and_keeps_a_hands_source(database: Database) -> None:
    """An older setting that comes late changes nothing."""
    await shown(database, 10, "意向/补水")
    await keep(database, put("意向/补水", 20), put("意向/补水", 15))
    assert await held(database) == {"意向/补水": ("wecom", 20)}


async def test_what_vanished_goes_unless_it_is_on_its_way(database: Database) -> None:
    """Ours may not have arrived yet."""
    await keep(database, put("肤质/干性", 10))
    await shown(database, 20)
    assert "肤质/干性" in await held(database)
    await shown(database, 10 + LATER)
    assert await held(database) == {}


async def test_what_wecom_never_hears_of_does_not_vanish(database: Database) -> None:
    """A group that stays with us is shown by nobody."""
    await keep(database, structs.replace(put("会员/付费会员", 10), shown=False))
    await shown(database, 10 + LATER)
    assert await held(database) == {"会员/付费会员": ("survey/newcomer/skin", 10)}


async def test_carried_long_enough_is_over(database: Database) -> None:
    """To the second; only so many at once."""
    await keep(database, put("意向/补水", 10), put("意向/防晒", 20), put("肤质/干性", 0))
    lives = {"意向/补水": 100, "意向/防晒": 100}

    async def expired(now: int, limit: int = 9) -> list[tuple[str, str, int]]:
        return await database.read(partial(tags.expired, tags=lives, now=now, limit=limit))

    assert await expired(109) == []
    assert await expired(110) == [("wm-1", "意向/补水", 10)]
    assert len(await expired(500)) == 2
    assert len(await expired(500, limit=1)) == 1


@pytest.mark.parametrize("people", [3, CHUNK + 1])
async def test_a_new_name_reaches_everybody_in_chunks(database: Database, people: int) -> None:
    """What was set under the old name wins over what came in under the new one meanwhile."""
    rows = [{"userid": "lin", "who": f"wm-{n}", "n": n} for n in range(people)]
    into = "INSERT INTO person_tags (userid, external_userid, tag, person_id, source, set_at) VALUES"
    insert = text(f"{into} (:userid, :who, '意向/夏日防晒', :n, 'survey/s/q', 1)")
    await database.write(lambda conn: conn.execute(insert, rows))
    twin = f"{into} ('lin', 'wm-1', '意向/防晒', 1, 'wecom', 9)"
    await database.write(lambda conn: conn.execute(text(twin)))
    rename = partial(tags.rename, was="意向/夏日防晒", now="意向/防晒")
    done = [await database.write(rename) for _ in range(3)]
    assert sum(done) == people
    assert max(done) <= CHUNK
    assert await database.read(tags.carriers) == {"意向/防晒": people}
    assert await held(database) == {"意向/防晒": ("survey/s/q", 1)}


async def test_a_deleted_tag_leaves_everybody(database: Database) -> None:
    """And nothing else does."""
    await keep(database, put("意向/补水", 10), put("意向/防晒", 20))
    assert await database.write(partial(tags.forget, tag="意向/补水")) == 1
    assert list(await held(database)) == ["意向/防晒"]

"""A page of a member's customers, kept in one go, on both databases."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, text

from bot.scrm.events.library import CorpTag
from bot.scrm.person import FollowInfo, Profile
from bot.scrm.records import SaveCorpTags, SaveCustomer, TagPerson
from bot.scrm.records.sync import StartSync
from bot.scrm.sync import UNSETTLED_SECONDS, Listed
from bot.store import people, pool, records, syncs, tombstones
from bot.store.database import Database

BEGAN, NOW = 1_000_000, 1_000_100
GUIDE = "guide-lin"


def listed(n: int, added_at: int = 1_000, name: str = "", remark: str = "", tags: tuple[str, ...] = ()) -> Listed:
    profile = Profile(name=name or f"顾客{n}", avatar="", type=1, gender=1)
    info = FollowInfo(userid=GUIDE, added_at=added_at, remark=remark)
    return Listed(external_userid=f"wm-{n}", profile=profile, info=info, tag_ids=tags)


async def keep(database: Database, *customers: Listed, now: int = NOW, began_at: int = BEGAN) -> pool.Saved:
    return await database.write(partial(pool.save_page, userid=GUIDE, listed=customers, began_at=began_at, now=now))


async def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    return await database.read(lambda conn: [tuple(row) for row in conn.execute(text(query))])


async def tag_library(database: Database) -> None:
    tags = tuple(CorpTag(tag_id=f"et{n}", group_id="eg", group="肤质", name=f"{n}型") for n in range(3))
    await database.write(lambda conn: records.apply(conn, 1, SaveCorpTags(tags=tags)))


async def test_the_same_page_twice_changes_nothing(database: Database) -> None:
    """A page is read again after every crash."""
    await tag_library(database)
    page = [listed(n, tags=(f"et{n % 3}",)) for n in range(100)]
    assert (await keep(database, *page)).history == 100
    before = await rows(database, "SELECT * FROM follows ORDER BY external_userid")
    again = await keep(database, *page, now=NOW + 10_000)
    assert (again.history, again.changed, again.found) == (0, 0, ())
    assert await rows(database, "SELECT * FROM follows ORDER BY external_userid") == before
    assert await rows(database, "SELECT count(*) FROM people") == [(100,)]
    assert await rows(database, "SELECT tag, count(*) FROM person_tags GROUP BY 1 ORDER BY 1") == [
        ("肤质/0型", 34),
        ("肤质/1型", 33),
        ("肤质/2型", 33),
    ]


async def test_each_person_keeps_their_own_name(database: Database) -> None:
    """Rows made at once are not mixed up."""
    await keep(database, *(listed(n) for n in range(50)))
    query = "SELECT value, name FROM identities JOIN people USING (person_id)"
    assert set(await rows(database, query)) == {(f"wm-{n}", f"顾客{n}") for n in range(50)}


async def test_what_changed_is_written(database: Database) -> None:
    """Name, remark and tags as WeCom has them now; counted once a customer."""
    await tag_library(database)
    await keep(database, listed(1, tags=("et0",)), listed(2))
    later = NOW + UNSETTLED_SECONDS + 1
    saved = await keep(database, listed(1, name="王宁", remark="老客", tags=("et1",)), listed(2), now=later)
    assert saved.changed == 1
    assert await rows(database, "SELECT remark FROM follows WHERE external_userid = 'wm-1'") == [("老客",)]
    assert await rows(database, "SELECT tag FROM person_tags") == [("肤质/1型",)]
    assert ("王宁",) in await rows(database, "SELECT name FROM people")


async def test_after_the_first_reading_an_unknown_relation_is_news(database: Database) -> None:
    """Only then, only when it began after it, and only when a callback has had its time."""
    await keep(database, listed(1))
    await database.write(partial(pool.note_pool, userid=GUIDE, customers=1, began_at=BEGAN))
    later = BEGAN + 86_400
    old, new, young = listed(2, BEGAN - 5), listed(3, BEGAN + 5), listed(4, later - 5)
    saved = await keep(database, listed(1), old, new, young, now=later, began_at=later - 60)
    assert saved.found == (new,) and saved.history == 1
    assert await rows(database, "SELECT count(*) FROM follows") == [(2,)]


async def test_who_is_known_by_their_unionid_is_one_person(database: Database) -> None:
    """Met in 微信客服 before, found in the pool now."""

    def meet(conn: Connection) -> None:
        known = people.ensure_person(conn, "wm-kf", NOW)
        people.know_as(conn, known, "unionid", "union-1", "kf", NOW)

    await database.write(meet)
    customer = listed(1)
    profile = Profile(name="顾客1", avatar="", type=1, gender=1, unionid="union-1")
    await keep(database, Listed(external_userid="wm-1", profile=profile, info=customer.info), listed(2))
    assert await rows(database, "SELECT count(*) FROM people") == [(2,)]
    [(one,), (other,)] = await rows(
        database, "SELECT person_id FROM identities WHERE value IN ('wm-kf', 'wm-1') ORDER BY value"
    )
    assert one == other
    assert (one,) in await rows(database, "SELECT person_id FROM follows")


async def test_who_was_erased_does_not_come_back(database: Database) -> None:
    """The reconcile brings nobody back."""
    await database.write(lambda conn: tombstones.bury(conn, [("external_userid", "wm-1")], NOW))
    saved = await keep(database, listed(1), listed(2))
    assert saved.history == 1 and saved.found == ()
    assert await rows(database, "SELECT value FROM identities") == [("wm-2",)]


async def test_the_mode_of_a_pool(database: Database) -> None:
    """By what was read last, and by what guides can do: as set, as measured, or as assumed."""
    for userid, customers in (("a", 500), ("b", 100), ("boss", 0)):
        await database.write(partial(pool.note_pool, userid=userid, customers=customers, began_at=BEGAN))
    assumed = await database.read(pool.pool)
    assert (assumed.customers, assumed.guides, assumed.per_guide, assumed.mode) == (600, 2, 300, "一对一")
    assert (await database.read(partial(pool.pool, capacity=100))).mode == "分层"
    counts = dict.fromkeys(("new_apply_cnt", "new_contact_cnt", "message_cnt", "negative_feedback_cnt"), 0)
    for day in range(14):
        numbers = {**counts, "chat_cnt": 2, "reply_percentage": None, "avg_reply_time": None}
        await database.write(partial(pool.save_day, userid="a", day=f"2026-11-{day + 1:02}", numbers=numbers))
    assert (await database.read(pool.pool)).capacity == 60


async def test_who_adds_anew_after_an_erasure_is_found_though_the_callback_was_lost(database: Database) -> None:
    """A relation from before it stays unseen; one that began since is a new person's."""
    who = [("external_userid", "wm-1"), ("external_userid", "wm-2")]
    await keep(database, listed(9))
    await database.write(partial(pool.note_pool, userid=GUIDE, customers=1, began_at=BEGAN))
    await database.write(partial(tombstones.bury, ids=who, at=NOW))
    later = NOW + 10 + UNSETTLED_SECONDS
    saved = await keep(database, listed(1), listed(2, added_at=NOW + 10), now=later)
    assert [customer.external_userid for customer in saved.found] == ["wm-2"]
    assert await database.read(partial(tombstones.erased_at, external_userid="wm-1")) == NOW
    assert await database.read(partial(tombstones.erased_at, external_userid="wm-2")) is None


async def test_a_tag_that_the_library_does_not_name_yet_takes_none_away(database: Database) -> None:
    """Pages name tags by id: one unknown to us may be any of those that we have, with their source."""
    await tag_library(database)
    await keep(database, listed(1, tags=("et0",)))
    fresh = TagPerson(userid=GUIDE, external_userid="wm-1", tag="来源/门店", source="channel/store", at=NOW)
    await database.write(lambda conn: records.apply(conn, 1, fresh))
    later = NOW + UNSETTLED_SECONDS + 1
    await keep(database, listed(1, tags=("et0", "et-store")), now=later)
    carried = "SELECT tag, source FROM person_tags ORDER BY tag"
    assert await rows(database, carried) == [("来源/门店", "channel/store"), ("肤质/0型", "wecom")]
    await keep(database, listed(1, tags=("et1", "et-store")), now=later)
    assert ("肤质/1型", "wecom") in await rows(database, carried)


async def test_a_relation_that_was_only_seen_is_history_or_news(database: Database) -> None:
    """One customer was read back before the pool was: of their guides nobody had told us."""

    async def see(customer: Listed, at: int) -> None:
        seen = SaveCustomer(
            external_userid=customer.external_userid, profile=Profile(), follows=(customer.info,), at=at
        )
        await database.write(lambda conn: records.apply(conn, 1, seen))

    await see(listed(1), NOW)
    assert (await keep(database, listed(1))).history == 1
    assert (await keep(database, listed(1))).history == 0
    assert await rows(database, "SELECT source, welcome FROM follows") == [("history", "history")]
    await database.write(partial(pool.note_pool, userid=GUIDE, customers=1, began_at=BEGAN))
    later, lost = BEGAN + 86_400, listed(2, BEGAN + 5)
    await see(lost, later)
    assert (await keep(database, listed(1), lost, now=later, began_at=later)).found == (lost,)


async def test_what_a_new_member_added_before_they_were_first_read_is_no_history(database: Database) -> None:
    """The night before they were not there: what they added since, a callback should have told."""
    start = partial(syncs.start, record=StartSync(job="customers/1", kind="customers", at=BEGAN - 86_400))
    await database.write(start)
    late, old = BEGAN - 3_600, BEGAN - 90_000
    saved = await keep(database, listed(1, added_at=late), listed(2, added_at=old))
    assert ([c.external_userid for c in saved.found], saved.history) == (["wm-1"], 1)
    await database.write(partial(pool.note_pool, userid=GUIDE, customers=2, began_at=BEGAN))
    again = await keep(database, listed(1, added_at=late), began_at=BEGAN + 86_400, now=NOW + 86_400)
    assert [c.external_userid for c in again.found] == ["wm-1"], "until somebody took it in"

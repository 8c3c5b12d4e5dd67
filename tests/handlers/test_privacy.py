"""What a customer refuses holds at once, for us and for every guide who could write by hand."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.scrm.actions import MarkTags
from bot.scrm.actions.privacy import ErasePerson
from bot.scrm.consent import EVERYTHING, Preferences, tag_of
from bot.scrm.decision import Decision
from bot.scrm.events import CustomerSynced
from bot.scrm.events.privacy import ConsentGiven, EraseAsked, PreferenceSet
from bot.scrm.person import FollowInfo, Profile
from bot.scrm.records import EndFollow, StartFollow
from bot.scrm.records.privacy import SavePreference
from bot.store import people, privacy
from bot.store.database import Database
from bot.store.joining import join
from demo.phone import enter
from demo.stage import OPENING
from tests.handlers.conftest import CONTENT, FakeWorld, stored_world
from tests.house import GUIDE, reopened

TOPICS = CONTENT.care.topics


def said(topic: str, *, wanted: bool = False, by: str = "customer", at: int = OPENING) -> PreferenceSet:
    return PreferenceSet(created_at=at, external_userid="wm-1", topic=topic, wanted=wanted, by=by)


async def met(world: FakeWorld, userid: str, *, ended: bool = False) -> None:
    begun = StartFollow(userid=userid, external_userid="wm-1", status="active", added_at=OPENING - 100)
    await world.remember(Decision(records=(begun,)))
    if ended:
        over = EndFollow(
            userid=userid, external_userid="wm-1", ended_by="member", ended_at=OPENING - 50, expected_version=1
        )
        await world.remember(Decision(records=(over,)))


def marks(decision: Decision) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """userid → tags added and taken away."""
    return {a.userid: (a.add, a.remove) for a in decision.actions if isinstance(a, MarkTags)}


async def test_a_refusal_is_seen_by_every_guide_who_is_still_connected(world: FakeWorld) -> None:
    """And by nobody else; said again it changes nothing; taken back, the tags go."""
    await met(world, GUIDE)
    await met(world, "guide-wu")
    await met(world, "guide-chen", ended=True)
    assert marks(await world.happens(said("活动"))) == dict.fromkeys((GUIDE, "guide-wu"), (("退订/活动",), ()))
    assert marks(await world.happens(said("活动", at=OPENING + 1))) == {}
    back = await world.happens(said("活动", wanted=True, at=OPENING + 2))
    assert marks(back) == dict.fromkeys((GUIDE, "guide-wu"), ((), ("退订/活动",)))


async def test_a_refusal_before_the_first_guide_is_seen_by_that_one(world: FakeWorld) -> None:
    """Who refused in 微信客服 has nobody yet; taken back meanwhile, nothing is shown."""
    assert marks(await world.happens(said("活动"))) == {}
    assert marks(await world.happens(said("新品", at=OPENING + 1))) == {}
    assert marks(await world.happens(said("新品", wanted=True, at=OPENING + 2))) == {}
    await met(world, GUIDE)
    follows = (FollowInfo(userid=GUIDE, added_at=OPENING),)
    synced = CustomerSynced(created_at=OPENING + 9, external_userid="wm-1", profile=Profile(name="客"), follows=follows)
    assert marks(await world.happens(synced)) == {GUIDE: (("退订/活动",), ())}
    assert marks(await world.happens(said("活动", wanted=True, at=OPENING + 10))) == {GUIDE: ((), ("退订/活动",))}


async def test_a_guide_takes_back_only_what_guides_noted(world: FakeWorld) -> None:
    """The customer's own word stands, also when a guide notes the same; the customer may say anything."""
    await met(world, GUIDE)
    by_guide = f"guide/{GUIDE}"
    await world.happens(said("活动"))
    await world.happens(said("新品", by=by_guide, at=OPENING + 1))
    await world.happens(said("活动", by=by_guide, at=OPENING + 2))
    await world.happens(said(EVERYTHING, by=by_guide, at=OPENING + 3))
    for nth, topic in enumerate(("活动", "新品", EVERYTHING)):
        await world.happens(said(topic, wanted=True, by=by_guide, at=OPENING + 4 + nth))
    left = await world.facts(OPENING).consent.preferences("wm-1")
    assert left == Preferences(frozenset({"活动"}), frozenset({"活动"}))
    await world.happens(said("新品", by=by_guide, at=OPENING + 9))
    await world.happens(said(EVERYTHING, wanted=True, at=OPENING + 10))
    assert await world.facts(OPENING).consent.preferences("wm-1") == Preferences()


async def test_no_more_at_all_covers_every_topic(world: FakeWorld) -> None:
    """Until they want everything again."""
    await met(world, GUIDE)
    await world.happens(said("新品"))
    assert marks(await world.happens(said(EVERYTHING, at=OPENING + 1))) == {GUIDE: (("触达/不再推送",), ())}
    assert [await world.facts(OPENING).consent.opted_out("wm-1", topic) for topic in TOPICS] == [True] * len(TOPICS)
    again = await world.happens(said(EVERYTHING, wanted=True, at=OPENING + 2))
    assert sorted(marks(again)[GUIDE][1]) == ["触达/不再推送", "退订/新品"]
    assert await world.facts(OPENING).consent.preferences("wm-1") == Preferences()


async def test_who_never_said_anything_is_not_opted_out(world: FakeWorld) -> None:
    """Nor is anybody by what another refused."""
    await met(world, GUIDE)
    await world.happens(said("活动"))
    consent = world.facts(OPENING).consent
    assert (await consent.opted_out("wm-2", "活动"), await consent.opted_out("wm-1", "新品")) == (False, False)


async def test_an_older_word_never_undoes_a_newer_one(database: Database) -> None:
    """Events may be redelivered."""
    for wanted, at in ((False, 20), (True, 10)):
        record = SavePreference(external_userid="wm-1", topic="活动", wanted=wanted, by="customer", at=at)
        await database.write(partial(privacy.save_preference, record=record))
    assert (await database.read(partial(privacy.preferences_of, external_userid="wm-1"))).opted_out("活动")


async def heard(database: Database, *words: tuple[bool, str, str]) -> Preferences:
    """What stands once these were written, one after another: (wanted, by, external_userid), about one topic."""
    for at, (wanted, by, who) in enumerate(words, OPENING):
        record = SavePreference(external_userid=who, topic="活动", wanted=wanted, by=by, at=at)
        await database.write(partial(privacy.save_preference, record=record))
    return await database.read(partial(privacy.preferences_of, external_userid="wm-1"))


OWN = Preferences(frozenset(("活动",)), frozenset(("活动",)))


async def test_a_customers_own_refusal_is_lifted_by_nobody_else(database: Database) -> None:
    """Even when a guide's word was decided before it was written: the write itself holds it."""
    assert await heard(database, (False, "customer", "wm-1"), (True, "guide/lin", "wm-1")) == OWN
    assert await heard(database, (False, "guide/lin", "wm-1")) == OWN
    assert await heard(database, (True, "customer", "wm-1")) == Preferences()
    assert await heard(database, (False, "guide/lin", "wm-1")) == Preferences(OWN.refused)
    assert await heard(database, (True, "guide/lin", "wm-1")) == Preferences()


@pytest.mark.parametrize("first", ["wm-1", "wm-2"])
@pytest.mark.parametrize(
    ("words", "stands"),
    [
        (((False, "customer"), (True, "guide/lin")), OWN),
        (((True, "customer"), (False, "customer")), OWN),
        (((False, "customer"), (True, "customer")), Preferences()),
        (((True, "customer"), (False, "guide/lin")), Preferences(OWN.refused)),
    ],
)
async def test_two_who_turn_out_to_be_one_have_said_it_in_turn(
    database: Database, words: tuple[tuple[bool, str], ...], stands: Preferences, first: str
) -> None:
    """Whichever of the two we have known longer."""
    second = "wm-2" if first == "wm-1" else "wm-1"

    def known(conn: Connection) -> list[int]:
        return [people.ensure_person(conn, who, OPENING) for who in ("wm-1", "wm-2")]

    one, other = await database.write(known)
    await heard(database, *((*word, who) for word, who in zip(words, (first, second), strict=True)))
    await database.write(partial(join, one=one, other=other))
    assert await database.read(partial(privacy.preferences_of, external_userid="wm-2")) == stands


async def test_who_writes_that_they_want_no_messages_is_shown_where_to_choose(tmp_path: Path) -> None:
    """A survey that is being asked hears it first, and says the same; not to who asks something else."""
    async with reopened(tmp_path) as home:
        chat = await enter(home, "怕吵的人")
        link = re.compile(r"哪类消息不想收，在这里选：https?://\S+/p/[\w-]+$")
        for asked in ("不用了，谢谢", "退订", "别再发消息了"):
            assert link.search(str((await chat.write(asked))["content"]["content"])), asked
        assert not link.search(str((await chat.write("什么时候发货，算了"))["content"]["content"]))


async def test_what_was_asked_and_answered_is_kept_word_for_word(tmp_path: Path) -> None:
    """Where, when, and the text that was shown."""
    async with stored_world(tmp_path) as world:
        asked = {"external_userid": "wm-1", "purpose": "phone", "shown": "用来登记会员", "place": "h5/skin"}
        await world.happens(ConsentGiven(created_at=OPENING, granted=True, **asked))

        def rows(conn: Connection) -> list[tuple[object, ...]]:
            found = conn.execute(text("SELECT purpose, shown, place, granted, asked_at FROM consents"))
            return [tuple(row) for row in found]

        assert await world._database.read(rows) == [("phone", "用来登记会员", "h5/skin", True, OPENING)]


async def test_who_asks_to_be_forgotten_is(world: FakeWorld) -> None:
    """Beside everything else."""
    decision = await world.happens(EraseAsked(created_at=OPENING, person_id=1))
    assert decision.actions == (ErasePerson(person_id=1, asked_at=OPENING),)


def test_every_refusal_has_a_tag_in_the_shipped_taxonomy() -> None:
    """Else guides would not see it."""
    assert {tag_of(topic) for topic in (EVERYTHING, *TOPICS)} <= set(CONTENT.taxonomy.wecom_tags)
    assert tag_of(EVERYTHING) == "触达/不再推送"

"""Tags from before the first guide."""

from __future__ import annotations

from bot.scrm.actions import MarkTags
from bot.scrm.decision import Decision
from bot.scrm.events import CustomerSynced
from bot.scrm.person import FollowInfo, Profile
from bot.scrm.records import TagPerson
from demo.stage import OPENING
from tests.handlers.conftest import FakeWorld

CUSTOMER = "wm-1"


def synced(*guides: str) -> CustomerSynced:
    follows = tuple(FollowInfo(userid=userid, added_at=OPENING) for userid in guides)
    return CustomerSynced(created_at=OPENING, external_userid=CUSTOMER, profile=Profile(name="客"), follows=follows)


async def carried(world: FakeWorld) -> set[tuple[str, str, str]]:
    return {(c.userid, c.tag, c.source) for c in await world.facts(OPENING).tags.carried(CUSTOMER)}


async def told(world: FakeWorld, *tags: str, userid: str = "", source: str = "survey/newcomer/skin") -> None:
    records = (TagPerson(userid=userid, external_userid=CUSTOMER, tag=tag, source=source, at=OPENING) for tag in tags)
    await world.remember(Decision(records=tuple(records)))


async def test_a_guide_takes_over_what_was_told_before(world: FakeWorld) -> None:
    """With the source it had, at WeCom too, and once."""
    await told(world, "肤质/干性", "意向/补水")
    decision = await world.happens(synced("guide-lin"))
    [mark] = [a for a in decision.actions if isinstance(a, MarkTags)]
    assert (mark.userid, set(mark.add)) == ("guide-lin", {"肤质/干性", "意向/补水"})
    source = "survey/newcomer/skin"
    assert await carried(world) == {("guide-lin", "肤质/干性", source), ("guide-lin", "意向/补水", source)}
    assert not [a for a in (await world.happens(synced("guide-lin"))).actions if isinstance(a, MarkTags)]


async def test_what_a_hand_set_meanwhile_stays(world: FakeWorld) -> None:
    """The other tag of a 单选 group is let go."""
    await told(world, "肤质/干性")
    await told(world, "肤质/油性", userid="guide-lin", source="wecom")
    decision = await world.happens(synced("guide-lin"))
    assert not [a for a in decision.actions if isinstance(a, MarkTags)]
    assert "肤质/干性" not in {tag for _, tag, _ in await carried(world)}


async def test_without_a_guide_they_wait(world: FakeWorld) -> None:
    """Nobody to see them."""
    await told(world, "肤质/干性")
    await world.happens(synced())
    assert {userid for userid, _, _ in await carried(world)} == {""}

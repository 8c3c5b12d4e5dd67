"""Whose customer somebody is, as relations begin and end."""

from __future__ import annotations

from bot.scrm.events import CustomerSynced
from bot.scrm.events.owners import OwnerChosen
from bot.scrm.person import FollowInfo, Profile
from bot.wecom.events import CustomerAdded, CustomerDeleted, FollowUserDeleted
from demo.stage import OPENING
from tests.handlers.conftest import FakeWorld

WHO = "wm-1"
DAY = 86_400


async def owner(world: FakeWorld, at: int = OPENING) -> str | None:
    found = await world.facts(at).people.owner(WHO)
    return found.userid if found else None


async def add(world: FakeWorld, userid: str, at: int) -> None:
    await world.happens(CustomerAdded(created_at=at, userid=userid, external_userid=WHO), at)


async def test_the_first_guide_keeps_the_customer_until_they_part(world: FakeWorld) -> None:
    """Then the one who was added last; and when the first comes back, it stays so."""
    assert await owner(world) is None
    for n, userid in enumerate(("guide-wu", "guide-lin", "guide-chen")):
        await add(world, userid, OPENING + n)
    assert await owner(world) == "guide-wu"
    left = FollowUserDeleted(created_at=OPENING + 60, userid="guide-wu", external_userid=WHO)
    await world.happens(left, OPENING + 60)
    assert await owner(world) == "guide-chen"
    await add(world, "guide-wu", OPENING + 90)
    assert await owner(world) == "guide-chen"


async def test_with_nobody_left_the_last_owner_stays(world: FakeWorld) -> None:
    """Until somebody else has the customer; late news of an end that is over changes nothing."""
    await add(world, "guide-wu", OPENING)
    gone = CustomerDeleted(created_at=OPENING + 60, userid="guide-wu", external_userid=WHO)
    await world.happens(gone, OPENING + 60)
    assert await owner(world) == "guide-wu"
    await add(world, "guide-lin", OPENING + 90)
    assert await owner(world) == "guide-lin"
    late = FollowUserDeleted(created_at=OPENING + 70, userid="guide-lin", external_userid=WHO)
    await world.happens(late, OPENING + 95)
    assert await owner(world) == "guide-lin"


async def test_what_a_person_decides_stands(world: FakeWorld) -> None:
    """Whatever becomes of the relations."""
    await add(world, "guide-wu", OPENING)
    chosen = OwnerChosen(created_at=OPENING + 5, external_userid=WHO, userid="guide-lin", because="老客户")
    decision = await world.happens(chosen, OPENING + 5)
    assert decision.because == ("归属改为 guide-lin：老客户",)
    await add(world, "guide-chen", OPENING + 9)
    gone = CustomerDeleted(created_at=OPENING + 60, userid="guide-wu", external_userid=WHO)
    await world.happens(gone, OPENING + 60)
    assert await owner(world) == "guide-lin"


async def test_a_sync_shows_that_the_owner_is_gone(world: FakeWorld) -> None:
    """Nobody told us; who came just now may not be listed yet."""
    await add(world, "guide-wu", OPENING)
    await add(world, "guide-lin", OPENING + 5)
    listed = FollowInfo(userid="guide-lin", added_at=OPENING + 5)
    for later, expected in ((60, "guide-wu"), (DAY, "guide-lin")):
        synced = CustomerSynced(created_at=OPENING + later, external_userid=WHO, profile=Profile(), follows=(listed,))
        await world.happens(synced, OPENING + later)
        assert await owner(world) == expected


async def test_in_a_transfer_its_result_says_whose_the_customer_is(world: FakeWorld) -> None:
    """Not the third guide, because the old relation ends before the new one is known."""
    for n, userid in enumerate(("guide-wu", "guide-chen")):
        await add(world, userid, OPENING + n)
    moved = CustomerDeleted(created_at=OPENING + 60, userid="guide-wu", external_userid=WHO, by_transfer=True)
    await world.happens(moved, OPENING + 60)
    assert await owner(world) == "guide-wu"

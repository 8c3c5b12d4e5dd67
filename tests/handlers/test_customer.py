"""A relation with a customer changed: decisions over facts."""

from __future__ import annotations

import pytest

from bot.scrm.actions import Action, SendAppMessage, SyncCustomer
from bot.scrm.events import CustomerSynced
from bot.scrm.person import Profile
from bot.scrm.records import EndFollow
from bot.wecom.events import CustomerAdded, CustomerDeleted, CustomerEdited, FollowUserDeleted
from demo.stage import OPENING
from tests.handlers.conftest import CONTENT, FakeWorld

WHO = {"created_at": OPENING, "userid": "guide-chen", "external_userid": "wm-1"}


async def friends(world: FakeWorld, name: str = "王女士") -> None:
    """A customer of ours, by name."""
    await world.happens(CustomerAdded(**WHO, state="store", welcome_code="CODE"))  # type: ignore[arg-type]
    profile = Profile(name=name)
    await world.happens(CustomerSynced(created_at=OPENING, external_userid="wm-1", profile=profile, follows=()))


def text(action: Action) -> str:
    assert isinstance(action, SendAppMessage) and not isinstance(action.text, str)
    return CONTENT.render(action.text)


async def test_an_edit_is_read_back(world: FakeWorld) -> None:
    """The callback does not say what was edited."""
    decision = await world.happens(CustomerEdited(**WHO))  # type: ignore[arg-type]
    assert decision.actions == (SyncCustomer(external_userid="wm-1"),)


async def test_the_guide_is_told_of_a_loss_once(world: FakeWorld) -> None:
    """By name and channel; a second callback says nothing new."""
    await friends(world)
    first = await world.happens(FollowUserDeleted(**WHO))  # type: ignore[arg-type]
    [notice] = first.actions
    assert "王女士" in text(notice) and "门店码" in text(notice)
    [end] = first.records
    assert isinstance(end, EndFollow) and (end.ended_by, end.ended_at) == ("customer", OPENING)
    again = await world.happens(FollowUserDeleted(**WHO))  # type: ignore[arg-type]
    assert not again.records and not again.actions and again.because


async def test_a_name_brings_no_lines_and_no_link_of_its_own(world: FakeWorld) -> None:
    """It is the customer's to choose, and the guide reads it in a message of ours."""
    await friends(world, '王\u202e<a href="http://x.cn">\n点我</a>')
    [notice] = (await world.happens(FollowUserDeleted(**WHO))).actions  # type: ignore[arg-type]
    assert text(notice).startswith("王＜a href") and "<a" not in text(notice)


async def test_a_loss_of_somebody_unknown_bothers_nobody(world: FakeWorld) -> None:
    """There was no relation that we knew of."""
    decision = await world.happens(FollowUserDeleted(**WHO))  # type: ignore[arg-type]
    assert not decision.records and not decision.actions


@pytest.mark.parametrize(("by_transfer", "ended_by"), [(False, "member"), (True, "transfer")])
async def test_a_removal_is_remembered_quietly(world: FakeWorld, by_transfer: bool, ended_by: str) -> None:
    """The guide did it, or an administrator's transfer: nobody need be told."""
    await friends(world)
    decision = await world.happens(CustomerDeleted(**WHO, by_transfer=by_transfer))  # type: ignore[arg-type]
    [end] = [record for record in decision.records if isinstance(record, EndFollow)]
    assert end.ended_by == ended_by
    assert not decision.actions
    follow = await world.facts(OPENING).follows.of("guide-chen", "wm-1")
    assert follow and follow.status == "ended"
    assert not (await world.happens(CustomerDeleted(**WHO))).records  # type: ignore[arg-type]

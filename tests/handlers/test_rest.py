"""Tags, members, content and what is read back; and that facts in memory tell what facts in the database tell."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.scrm.actions import KeepContactWay, SyncCorpTags, SyncCustomer, SyncMember, UploadMedia
from bot.scrm.events import (
    ContentWentLive,
    CustomerSynced,
    LineBroken,
    MediaDue,
    MediaUploaded,
    MemberSynced,
    SyncAsked,
    WelcomeSettled,
)
from bot.scrm.person import FollowInfo, Profile
from bot.wecom.events import (
    AgentEntered,
    CorpTagCreated,
    CorpTagDeleted,
    CorpTagShuffled,
    CorpTagUpdated,
    CustomerAdded,
    CustomerDeleted,
    CustomerHalfAdded,
    FollowUserDeleted,
)
from demo.stage import OPENING
from tests.handlers.conftest import CONTENT, FakeWorld, stored_world


@pytest.mark.parametrize("cls", [CorpTagCreated, CorpTagUpdated, CorpTagDeleted, CorpTagShuffled])
async def test_a_changed_tag_library_is_read_as_a_whole(world: FakeWorld, cls: type) -> None:
    """Whatever changed; deleting a group gives no event per tag."""
    decision = await world.happens(cls(created_at=OPENING, id="et1"))
    assert decision.actions == (SyncCorpTags(),)


async def test_a_member_who_enters_is_known_by_name_from_then_on(world: FakeWorld) -> None:
    """WeCom is asked once."""
    entered = AgentEntered(created_at=OPENING, from_user="guide-wu")
    assert (await world.happens(entered)).actions == (SyncMember(userid="guide-wu"),)
    await world.happens(MemberSynced(created_at=OPENING, userid="guide-wu", name="吴双"))
    assert (await world.happens(entered)).actions == ()
    member = await world.facts(OPENING).members.get("guide-wu")
    assert member and member.name == "吴双"


async def test_new_content_brings_wecom_in_line(world: FakeWorld) -> None:
    """Every channel has its code, every tag is there, every guide has a name; known guides are not asked again."""
    live = ContentWentLive(created_at=OPENING, version=CONTENT.version)
    actions = (await world.happens(live)).actions
    assert SyncCorpTags(taxonomy=CONTENT.taxonomy) in actions
    assert {a.channel_id for a in actions if isinstance(a, KeepContactWay)} == {
        c.id for c in CONTENT.channels.values() if c.way == "联系我"
    }
    guides = {a.userid for a in actions if isinstance(a, SyncMember)}
    assert guides == {u for c in CONTENT.channels.values() for u in c.userids}
    await world.happens(MemberSynced(created_at=OPENING, userid="guide-wu", name="吴双"))
    assert SyncMember(userid="guide-wu") not in (await world.happens(live)).actions


async def test_a_file_is_uploaded_only_while_content_uses_it(world: FakeWorld) -> None:
    """An older edition of a file is nobody's any more."""
    path, sha256 = next(iter(CONTENT.media.items()))
    due = MediaDue(created_at=OPENING, path=path, sha256=sha256, kind="image")
    assert (await world.happens(due)).actions == (UploadMedia(path=path, sha256=sha256, kind="image"),)
    old = MediaDue(created_at=OPENING, path=path, sha256="0" * 64, kind="image")
    assert (await world.happens(old)).actions == ()


async def test_an_uploaded_file_is_usable_for_three_days(world: FakeWorld) -> None:
    """And not a second longer."""
    await world.happens(MediaUploaded(created_at=OPENING, path="a.png", sha256="s", media_id="m"))
    days = 3 * 24 * 3600
    assert await world.facts(OPENING).media.usable(OPENING + days - 1) == {"a.png": "s"}
    assert await world.facts(OPENING).media.usable(OPENING + days) == {}


async def test_a_broken_line_of_a_customer_is_read_back(world: FakeWorld) -> None:
    """Other lines have nothing to read."""
    broken = LineBroken(created_at=OPENING, broken_line="customer/wm-1", inbox_id=1)
    assert (await world.happens(broken)).actions == (SyncCustomer(external_userid="wm-1"),)
    other = LineBroken(created_at=OPENING, broken_line="member/lin", inbox_id=2)
    assert (await world.happens(other)).actions == ()
    asked = SyncAsked(created_at=OPENING, external_userid="wm-1")
    assert (await world.happens(asked)).actions == (SyncCustomer(external_userid="wm-1"),)


def anything(dice: random.Random) -> object:
    """Some event about few people, so that they meet again."""
    who = {"userid": dice.choice(["guide-wu", "guide-lin"]), "external_userid": f"wm-{dice.randrange(3)}"}
    who_at = {"created_at": OPENING + dice.randrange(1000), **who}
    added = {"state": dice.choice(["store", "parcel", None, "x"]), "welcome_code": dice.choice(["CODE", None])}
    follow = FollowInfo(userid=who["userid"], added_at=OPENING, state=dice.choice(["store", None]))
    return dice.choice(
        [
            CustomerAdded(**who_at, **added),
            CustomerHalfAdded(**who_at, **added),
            FollowUserDeleted(**who_at),
            CustomerDeleted(**who_at),
            WelcomeSettled(**who_at, state=dice.choice(["sent", "expired", "unknown", "refused"]), ready_text="好"),
            MemberSynced(created_at=OPENING, userid=who["userid"], name=dice.choice(["甲", "乙"])),
            AgentEntered(created_at=OPENING, from_user=who["userid"]),
            MediaUploaded(created_at=OPENING, path="welcome/first-week.png", sha256=dice.choice("ab"), media_id="m"),
            CustomerSynced(
                created_at=OPENING,
                external_userid=who["external_userid"],
                profile=Profile(name=dice.choice(["王", None])),
                follows=(follow,),
            ),
        ]
    )


@pytest.mark.parametrize("seed", range(4))
async def test_the_fake_and_the_database_lead_to_the_same_decisions(tmp_path: Path, seed: int) -> None:
    """Over any sequence of events: what a test sees in memory is what happens in earnest."""
    fake, dice = FakeWorld(), random.Random(seed)
    async with stored_world(tmp_path) as stored:
        for step in range(80):
            event, at = anything(dice), OPENING + 1000 + step
            assert await fake.happens(event, at) == await stored.happens(event, at), (step, event)

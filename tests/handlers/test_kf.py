"""微信客服 as a channel: sessions kept true, channels attributed; in memory as in the database."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.router import Router
from bot.scrm.actions.customers import MarkTags
from bot.scrm.actions.kf import KeepKfAccount, KeepKfLink, PullKfMessages, SendKfMessage, SyncKfCustomers
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.kf import (
    KfAccountKept,
    KfEntered,
    KfMessageReceived,
    KfPullDue,
    KfSendFailed,
    KfServicerSpoke,
    KfSessionChanged,
    KfSessionRead,
    KfSettled,
    KfStrangersCame,
)
from bot.scrm.kf import greet, speak
from bot.scrm.settings import Settings
from bot.wecom.events import CustomerAdded, KfAccountAuthChanged, KfMessagesWaiting
from demo.stage import OPENING
from handlers import kf
from tests.fakes import FakeFacts
from tests.handlers.conftest import CONTENT, FakeWorld, stored_world

HERE: dict[str, Any] = {"created_at": OPENING, "open_kfid": "wk1", "external_userid": "wm-1"}
ONLY_KF = Router().include(kf.router)


async def happens(world: FakeWorld, event: object, at: int = OPENING) -> Decision:
    """What 微信客服 alone decides."""
    decision = await ONLY_KF.decide(event, world.facts(at))
    await world.remember(decision)
    return decision


async def test_a_bell_is_answered_by_a_pull_with_its_token(world: FakeWorld) -> None:
    """And an hour's silence by one without."""
    bell = KfMessagesWaiting(created_at=OPENING, open_kfid="wk1", kf_token="T")
    assert (await happens(world, bell)).actions == (PullKfMessages(open_kfid="wk1", kf_token="T"),)
    due = KfPullDue(created_at=OPENING, open_kfid="wk1")
    assert (await happens(world, due)).actions == (PullKfMessages(open_kfid="wk1"),)


async def test_accounts_and_links_are_kept(world: FakeWorld) -> None:
    """On new content, and when the admin hands accounts over; then the account is known and pulled."""
    account = CONTENT.kf_accounts["advisor"]
    keep = KeepKfAccount(account_id="advisor", name=account.name, guides=account.guides, avatar=account.avatar)
    for event in (ContentWentLive(created_at=OPENING, version="v"), KfAccountAuthChanged(created_at=OPENING)):
        assert (await happens(world, event)).actions == (keep,)
    kept = KfAccountKept(created_at=OPENING, account_id="advisor", open_kfid="wk1", name=account.name)
    link = KeepKfLink(channel_id="kf-official", open_kfid="wk1")
    assert (await happens(world, kept)).actions == (link, PullKfMessages(open_kfid="wk1"))
    assert await world.facts(OPENING).kf.account_id("wk1") == "advisor"
    assert await world.facts(OPENING).kf.account_id("wk2") is None


async def test_strangers_are_asked_for_a_hundred_at_a_time(world: FakeWorld) -> None:
    """customer/batchget takes no more."""
    ids = tuple(f"wm-{n}" for n in range(250))
    actions = (await happens(world, KfStrangersCame(created_at=OPENING, open_kfid="wk1", external_userids=ids))).actions
    assert [a.external_userids for a in actions if isinstance(a, SyncKfCustomers)] == [
        ids[:100],
        ids[100:200],
        ids[200:],
    ]


async def test_the_scene_is_the_channel(world: FakeWorld) -> None:
    """Its tags are the customer's, under nobody's name while no guide has them."""
    entered = await happens(world, KfEntered(**HERE, msgid="e", scene="kf-official"))
    assert not any(isinstance(action, MarkTags) for action in entered.actions)
    assert (await world.facts(OPENING).kf.session("wk1", "wm-1")).scene == "kf-official"
    [tag] = await world.facts(OPENING).tags.carried("wm-1")
    assert (tag.userid, tag.tag, tag.source) == ("", "来源/内容", "channel/kf-official")
    again = await happens(world, KfEntered(**HERE, msgid="f", scene="kf-official"))
    assert len(again.records) == 1


async def test_of_two_channels_that_exclude_each_other_the_first_holds(world: FakeWorld) -> None:
    """While nobody has the customer, too."""
    in_this_order = ("parcel", "store")
    for msgid, scene in enumerate(in_this_order):
        await happens(world, KfEntered(**HERE, msgid=f"m{msgid}", scene=scene))
    [held] = await world.facts(OPENING).tags.carried("wm-1")
    assert (held.userid, held.tag) == ("", CONTENT.channels["parcel"].tags[0])


async def test_a_guide_s_customer_is_tagged_with_the_guide(world: FakeWorld) -> None:
    """As a channel's tags always are."""
    await world.happens(CustomerAdded(created_at=OPENING, userid="guide-lin", external_userid="wm-1"))
    decision = await happens(world, KfEntered(**HERE, msgid="e", scene="kf-official"))
    [mark] = [action for action in decision.actions if isinstance(action, MarkTags)]
    assert (mark.userid, mark.add) == ("guide-lin", ("来源/内容",))


async def test_a_tap_opens_a_window_if_it_does(world: FakeWorld) -> None:
    """Nobody could confirm it, so it is a setting."""
    tapped = KfMessageReceived(**HERE, msgid="t", msgtype="text", text="干性", menu_id="1")
    assert len((await happens(world, tapped)).records) == 2
    facts = world.facts(OPENING)
    closed = type("Facts", (), {"settings": Settings(kf_click_reopens_window=False), "content": facts.content})()
    assert len((await kf.heard(tapped, closed)).records) == 1


async def test_who_has_the_session(world: FakeWorld) -> None:
    """Whatever way we hear of it."""
    for event, state, servicer in (
        (KfServicerSpoke(**HERE, msgid="1", servicer_userid="lin", msgtype="text"), 3, "lin"),
        (KfSessionChanged(**HERE, msgid="2", change_type=3, old_servicer_userid="lin"), 4, ""),
        (KfMessageReceived(**HERE, msgid="3", msgtype="text", text="还在吗"), 0, ""),
        (KfSessionChanged(**HERE, msgid="4", change_type=1, new_servicer_userid="zhou"), 3, "zhou"),
        (KfMessageReceived(**HERE, msgid="5", msgtype="text", text="你好"), 3, "zhou"),
        (KfSessionRead(**HERE, service_state=1), 1, ""),
        (KfSendFailed(**HERE, fail_msgid="x", fail_type=5), 4, ""),
        (KfMessageReceived(**HERE, msgid="6", msgtype="text", text="好"), 0, ""),
    ):
        await happens(world, event)
        session = await world.facts(OPENING).kf.session("wk1", "wm-1")
        assert session.service_state == state, event
        if state == 3:
            assert session.servicer_userid == servicer


async def test_an_answer_makes_a_new_session_the_bot_s(world: FakeWorld) -> None:
    """By the API answering, as page 94669 has it; a welcome alone does not."""
    await happens(world, KfSettled(**HERE, msgid="w", state="sent"))
    assert (await world.facts(OPENING).kf.session("wk1", "wm-1")).service_state == 0
    await happens(world, KfMessageReceived(**HERE, msgid="1", msgtype="text", text="好"))
    await happens(world, KfSettled(**HERE, msgid="x", state="sent"))
    assert (await world.facts(OPENING).kf.session("wk1", "wm-1")).service_state == 1


async def test_history_is_not_greeted(world: FakeWorld) -> None:
    """Nor is whoever comes without a code."""
    old = KfEntered(**HERE, msgid="e", history=True, welcome_code="C")
    assert greet(old, "hello", "你好", OPENING).actions == ()
    assert greet(KfEntered(**HERE, msgid="e"), "hello", "你好", OPENING).actions == ()
    fresh = greet(KfEntered(**HERE, msgid="e", welcome_code="C"), "hello", "你好", OPENING + 3)
    assert fresh.actions[0].not_after_at == OPENING + 20


async def test_an_account_without_a_survey_greets_by_itself() -> None:
    """By the code; where a survey is asked, its first question comes with the greeting."""
    entered = KfEntered(**HERE, msgid="e", welcome_code="C")
    for survey, said in ((None, ["你好"]), ("newcomer", [])):
        account = replace(CONTENT.kf_accounts["advisor"], greeting="你好", survey=survey)
        facts = FakeFacts(replace(CONTENT, kf_accounts={"advisor": account}), OPENING)
        facts.kf.accounts["wk1"] = "advisor"
        decision = await ONLY_KF.decide(entered, facts)
        assert [action.text for action in decision.actions if isinstance(action, SendKfMessage)] == said


def anything(dice: random.Random) -> object:
    """Some kf event about few people, so that they meet again."""
    here: dict[str, Any] = {
        "created_at": OPENING + dice.randrange(100),
        "open_kfid": dice.choice(["wk1", "wk2"]),
        "external_userid": dice.choice(["wm-1", "wm-2"]),
    }
    n = dice.randrange(12)
    received = KfMessageReceived(**here, msgid=f"c{dice.randrange(99)}", msgtype="text", text="好")
    return dice.choice(
        [
            received,
            received,
            KfEntered(**here, msgid="e", scene=dice.choice(["", "kf-official", "x"]), welcome_code="C"),
            KfServicerSpoke(**here, msgid=f"s{n}", servicer_userid="lin", msgtype="text"),
            KfSessionChanged(**here, msgid="d", change_type=dice.choice([1, 2, 3, 4]), new_servicer_userid="wu"),
            KfSettled(**here, msgid=f"m{n}", state=dice.choice(["sent", "refused", "unknown", "expired"])),
            KfSendFailed(**here, fail_msgid=f"m{n}", fail_type=dice.choice([4, 6, 10])),
            KfSessionRead(**here, service_state=dice.choice([0, 1, 2, 3, 4])),
            KfAccountKept(created_at=OPENING, account_id="advisor", open_kfid=here["open_kfid"], name="顾问"),
        ]
    )


@pytest.mark.parametrize("seed", range(4))
async def test_the_fake_and_the_database_tell_the_same(tmp_path: Path, seed: int) -> None:
    """Over any sequence of events, with things said in between."""
    fake, dice = FakeWorld(), random.Random(seed)
    async with stored_world(tmp_path) as stored:
        for step in range(120):
            event, at = anything(dice), OPENING + 100 + step
            assert await happens(fake, event, at) == await happens(stored, event, at), (step, event)
            for open_kfid, who in (("wk1", "wm-1"), ("wk2", "wm-1"), ("wk1", "wm-2")):
                session = await fake.facts(at).kf.session(open_kfid, who)
                assert session == await stored.facts(at).kf.session(open_kfid, who), (step, event)
                said = speak(session, f"topic/{dice.randrange(9)}", "嗯", at)
                await fake.remember(said)
                await stored.remember(said)

"""A send from its slot to what became of it: pressed, not pressed, over the quota, its answer lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from bot.flow.perform import planning as planning_
from bot.scrm.events.planning import SlotHeld
from bot.scrm.kind import Touchpoint
from bot.scrm.records.planning import SetSwitch
from bot.scrm.switch import Switch
from bot.store import inbox, outbox, planning
from tests.cli.typed import command
from tests.flow.perform.test_tags import library
from tests.handlers.test_calendar import all_press, at
from tests.handlers.test_calendar import home as home
from tests.house import GUIDE, House

NOON, OTHER = "group-cream-set", "guide-zhou"


async def planned(home: House, entry: str) -> list[Any]:
    query = "SELECT outcome, because, settled_at, kind FROM planned WHERE entry = :entry"
    return await home.rows(query, entry=entry)


async def balances(home: House) -> list[Any]:
    return [row.balance for row in await home.rows("SELECT balance FROM mix_states WHERE touchpoint = '群'")]


async def test_what_a_guide_sends_is_charged_when_it_is_sent(home: House) -> None:
    """Until then it only waits; the group sees it, and we know when it was sent."""
    await home.look_at(at(10, 12, 6))
    assert all(row.outcome == "sent" and row.settled_at is None for row in await planned(home, NOON))
    before = await balances(home)
    await all_press(home)
    assert all(row.settled_at == at(10, 12, 6) + 5 for row in await planned(home, NOON))
    assert await balances(home) != before
    assert {row.state for row in await home.rows("SELECT state FROM sends")} == {"sent"}


async def test_what_nobody_sends_in_time_is_taken_back(home: House) -> None:
    """It counts for nothing: not for the mix, not for the rest of the item."""
    await home.look_at(at(10, 12, 6))
    before = await balances(home)
    await home.look_at(at(10, 14, 6))
    await home.look_at(at(10, 14, 7))
    rows = await planned(home, NOON)
    assert {(row.outcome, row.because) for row in rows} == {("lapsed", "导购到截止时间还没有点发送")}
    assert await home.sandbox.mass.tasks(GUIDE) == [] and await balances(home) == before
    assert {row.state for row in await home.rows("SELECT state FROM sends")} == {"lapsed"}


async def test_a_group_that_has_had_enough_this_month_is_not_counted(home: House) -> None:
    """WeCom lets the guide press and gives the group nothing: the guide's own sends have used the quota up."""
    await home.sandbox.mass.admin_limits("day")
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(5)
    [task] = await home.sandbox.mass.tasks(GUIDE)
    await home.sandbox.mass.member_sends(GUIDE, "自己发的", to=task["recipients"], chat_type="group")
    await all_press(home)
    found = {row.because if row.outcome == "lapsed" else row.outcome for row in await planned(home, NOON)}
    assert found == {"企业微信说这里收到的群发已到上限", "sent"}


@pytest.fixture
async def dry(home: House) -> AsyncIterator[House]:
    """Three customers of one guide with dry skin, two with oily skin; one of the dry ones left."""
    for n in range(5):
        await home.sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-{n}")
    await home.sandbox.callbacks_settled()
    await home.settled()
    tags = library(home)
    for n in range(5):
        await home.sandbox.member_edits(GUIDE, f"wm-{n}", add_tags=[tags["肤质/干性" if n < 3 else "肤质/油性"]])
    await home.sandbox.callbacks_settled()
    await home.settled()
    yield home


async def touches(home: House) -> dict[str, str]:
    query = """SELECT follows.external_userid AS who, touches.state FROM touches
               JOIN follows ON follows.person_id = touches.person_id"""
    return {row.who: row.state for row in await home.rows(query)}


async def test_one_to_one_reaches_whom_it_is_for(dry: House) -> None:
    """A task for their guide with exactly these customers; sent is kept for whom it reached."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    [task] = [t for t in await dry.sandbox.mass.tasks(GUIDE) if t["chat_type"] == "single"]
    assert sorted(task["recipients"]) == ["wm-0", "wm-1", "wm-2"]
    assert await touches(dry) == dict.fromkeys(("wm-0", "wm-1", "wm-2"), "reserved")
    await dry.sandbox.customer_deletes("wm-1", GUIDE)
    await dry.sandbox.mass.member_confirms(GUIDE, task["msgid"])
    await dry.look_at(at(28, 10, 20))
    assert task["text"] in [m["text"] for m in await dry.sandbox.customer_reads("wm-0", GUIDE)]
    assert await touches(dry) == {"wm-0": "sent", "wm-2": "sent"}
    [send] = await dry.rows("SELECT state, sent, not_friends FROM sends WHERE planned_id IS NOT NULL")
    assert tuple(send) == ("sent", 2, 1)


async def test_one_to_one_is_signed_and_a_group_is_not(dry: House) -> None:
    """Where one person writes to one person, the persona's sign-off stands below the words."""
    ends = {}
    for hour, minute in ((10, 6), (19, 36)):
        await dry.look_at(at(28, hour, minute))
        await dry.clock.advance(5)
        ends |= {task["chat_type"]: task["text"].split("\n")[-1] for task in await dry.sandbox.mass.tasks(GUIDE)}
    assert ends["single"] == "——屿禾 林夕" and "屿禾 林夕" not in ends["group"]


async def test_a_touch_says_of_the_item_what_its_plan_says(dry: House) -> None:
    """Gates are asked of the touch alone."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    said = {tuple(row) for row in await dry.rows("SELECT planned_id, kind, item, weight FROM touches")}
    plans = {tuple(row) for row in await dry.rows("SELECT id, kind, item, weight FROM planned WHERE reached > 0")}
    assert said == plans != set()


async def test_one_to_one_that_nobody_sends_costs_nobody_anything(dry: House) -> None:
    """What was reserved is free again."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    assert len(await touches(dry)) == 3
    await dry.look_at(at(28, 18, 6))
    await dry.look_at(at(28, 18, 7))
    assert await touches(dry) == {}
    assert {row.outcome for row in await planned(dry, "note-care") if row.kind} == {"lapsed"}


async def dismiss(home: House, *arguments: str) -> tuple[int, str, str]:
    return await command(home, "dismiss", *arguments, "--by", "zhou-lan", "--because", "客户在投诉")


async def test_a_task_that_is_dismissed_is_taken_back_with_its_reason(dry: House) -> None:
    """It costs nobody anything; other guides keep theirs, and this one hears of it once."""
    await dry.sandbox.customer_adds(userid=OTHER, external_userid="wm-hers")
    await dry.sandbox.callbacks_settled()
    await dry.settled()
    await dry.sandbox.member_edits(OTHER, "wm-hers", add_tags=[library(dry)["肤质/干性"]])
    await dry.sandbox.callbacks_settled()
    await dry.settled()
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    dry.sandbox.faults.add("errcode", errcode=-1, where="externalcontact/cancel_groupmsg_send", count=2)
    code, said, _ = await dismiss(dry, GUIDE, "--entry", "dec-2026/note-care")
    assert code == 0 and "1 个任务" in said
    for minute in (7, 8, 10, 12, 14, 16, 18):
        await dry.look_at(at(28, 10, minute))
    assert await touches(dry) == {"wm-hers": "reserved"}
    found = {row.because for row in await planned(dry, "note-care") if row.outcome == "lapsed"}
    assert found == {"zhou-lan退掉了：客户在投诉"}
    told = [str(m["content"]) for m in await dry.sandbox.member_reads(GUIDE)]
    assert len([words for words in told if "zhou-lan退掉了：客户在投诉" in words and "已经替你收回" in words]) == 1
    [kept] = await dry.rows("SELECT who, what, because FROM audit_trail")
    assert tuple(kept) == ("zhou-lan", "退掉任务", "客户在投诉")
    code, _, said = await dismiss(dry, GUIDE, "--entry", "dec-2026/note-care")
    assert code == 2 and "没有" in said


async def test_what_is_dismissed_before_wecom_was_asked_is_not_asked_for(home: House) -> None:
    """It waits for its turn, and its turn does not come."""
    home.sandbox.faults.add("errcode", errcode=-1, where=ADD, count=2)
    await home.look_at(at(10, 12, 6))
    for guide in (GUIDE, OTHER):
        assert (await dismiss(home, guide))[0] == 0
    await home.look_at(at(10, 12, 8))
    assert len(home.sandbox.log.calls(ADD)) == 2 and await home.sandbox.mass.tasks(GUIDE) == []
    assert {row.because for row in await planned(home, NOON)} == {"zhou-lan退掉了：客户在投诉"}


async def test_tasks_of_who_has_left_the_corp_are_let_be(dry: House) -> None:
    """Nobody can press them any more: what was reserved is free again, and it says why."""
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    await dry.sandbox.staff.member_leaves(GUIDE)
    await dry.sandbox.callbacks_settled()
    await dry.settled()
    for minute in (7, 8, 10):
        await dry.look_at(at(28, 10, minute))
    assert await touches(dry) == {}
    mine = [row for row in await planned(dry, "note-care") if row.kind]
    assert {(row.outcome, row.because) for row in mine} == {("lapsed", "导购已经离开企业")}


async def test_a_lost_answer_makes_no_second_task(home: House) -> None:
    """It is looked for by its words, its guide and its receivers, and found."""
    home.sandbox.faults.add("reset_after", where="externalcontact/add_msg_template", count=2)
    await home.look_at(at(10, 12, 6))
    await home.look_at(at(10, 12, 8))
    assert len(home.sandbox.log.calls("externalcontact/add_msg_template")) == 2
    assert len(await home.sandbox.mass.tasks(GUIDE)) == 1
    assert {row.state for row in await home.rows("SELECT state FROM sends")} == {"waiting"}


@pytest.fixture
async def friends(home: House) -> AsyncIterator[House]:
    """Two guides with a customer each, at the time of a Moment."""
    for guide in (GUIDE, "guide-zhou"):
        await home.sandbox.customer_adds(userid=guide, external_userid=f"wm-{guide}")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(22, 9, 0))
    yield home


async def posts(home: House) -> dict[str, Any]:
    query = "SELECT pool, outcome, settled_at FROM planned WHERE touchpoint = '朋友圈' AND kind IS NOT NULL"
    return {row.pool: row for row in await home.rows(query)}


async def test_a_moment_is_posted_by_whom_posts_it(friends: House) -> None:
    """Each guide in their own words; what one did not post in time is taken back and counts for nothing."""
    await friends.look_at(at(22, 10, 6))
    await friends.clock.advance(10)
    [task] = await friends.sandbox.moments.tasks(GUIDE)
    await friends.sandbox.moments.member_posts(GUIDE, task["moment_id"])
    for minute in (8, 20, 60):
        await friends.look_at(at(22, 10, 0) + minute * 60)
    found = await posts(friends)
    assert found[GUIDE].settled_at and found["guide-zhou"].settled_at is None
    [seen] = await friends.sandbox.moments.feed(f"wm-{GUIDE}")
    assert seen["text"] == task["text"]
    await friends.look_at(at(22, 18, 6))
    await friends.look_at(at(22, 18, 7))
    found = await posts(friends)
    assert (found[GUIDE].outcome, found["guide-zhou"].outcome) == ("sent", "lapsed")
    assert await friends.sandbox.moments.tasks("guide-zhou") == []


async def test_a_lost_answer_makes_no_second_moment(friends: House) -> None:
    """A job is waited for, then found by its words and its guides."""
    friends.sandbox.faults.add("reset_after", where="externalcontact/add_moment_task", count=2)
    await friends.look_at(at(22, 10, 6))
    for minute in (7, 9, 20):
        await friends.look_at(at(22, 10, minute))
    assert len(friends.sandbox.log.calls("externalcontact/add_moment_task")) == 2
    states = await friends.rows("SELECT state, task_id FROM sends WHERE touchpoint = '朋友圈'")
    assert [row.state for row in states] == ["waiting", "waiting"] and all(row.task_id for row in states)
    for guide in (GUIDE, "guide-zhou"):
        assert len(await friends.sandbox.moments.tasks(guide)) == 1


async def test_what_is_stopped_is_taken_back_from_the_guides(home: House) -> None:
    """At once, and each is told once; what was sent stays."""
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(5)
    [task] = await home.sandbox.mass.tasks(GUIDE)
    await home.sandbox.mass.member_confirms(GUIDE, task["msgid"])
    await home.look_at(at(10, 12, 20))
    code, _, _ = await command(home, "stop", f"dec-2026/{NOON}", "--by", "zhou-lan", "--because", "图不对")
    assert code == 0
    for minute in (21, 22, 23, 24):
        await home.look_at(at(10, 12, minute))
    found = {row.outcome: row.because for row in await planned(home, NOON)}
    assert found["lapsed"] == "zhou-lan停掉了：图不对" and "sent" in found
    assert await home.sandbox.mass.tasks("guide-zhou") == []
    for guide, said in (("guide-zhou", "已经替你收回：“修护霜"), (GUIDE, "收不回来：“修护霜")):
        [told] = await stops(home, guide)
        assert "图不对" in told and said in told


async def stops(home: House, guide: str) -> list[str]:
    """What a guide was told of stops."""
    said = [str(m["content"]) for m in await home.sandbox.member_reads(guide)]
    return [words for words in said if "停掉了" in words]


async def stop(home: House, touchpoint: Touchpoint) -> None:
    """Somebody stops all of a touchpoint."""
    off = SetSwitch(switch=Switch("触点", touchpoint), on=False, by="周岚", because="", at=home.clock.now())
    await home.app.database.write(partial(planning.set_switch, record=off))


async def test_a_moment_that_is_stopped_while_it_is_made_is_taken_back_when_it_is_there(friends: House) -> None:
    """It cannot be before: so it is waited for."""
    friends.sandbox.world.moment_api.job_seconds = 90
    await friends.look_at(at(22, 10, 6))
    await stop(friends, "朋友圈")
    for minute in (7, 8, 11, 14):
        await friends.look_at(at(22, 10, minute))
    for guide in (GUIDE, "guide-zhou"):
        assert await friends.sandbox.moments.tasks(guide) == []
    assert {row.outcome for row in (await posts(friends)).values()} == {"lapsed"}


async def test_what_cannot_be_taken_back_at_once_is_taken_back_later(home: House) -> None:
    """WeCom is busy for a while; guides are told once."""
    await home.look_at(at(10, 12, 6))
    await home.look_at(at(10, 12, 20))
    home.sandbox.faults.add("errcode", errcode=-1, where="externalcontact/cancel_groupmsg_send", count=8)
    await stop(home, "群")
    for minute in (21, 22, 25, 30, 35, 37, 40):
        await home.look_at(at(10, 12, minute))
    for guide in (GUIDE, "guide-zhou"):
        assert await home.sandbox.mass.tasks(guide) == []
        assert len(await stops(home, guide)) == 1


async def test_what_was_held_for_one_group_is_a_send_of_its_own(home: House) -> None:
    """And both are read to their end."""
    await home.sandbox.groups.creates(GUIDE, "会员群三")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(10, 9, 30))
    hidden = "UPDATE group_chats SET state = '{}' WHERE name = '会员群三'"
    await home.app.database.write(lambda conn: conn.exec_driver_sql(hidden.format("gone")))
    await home.look_at(at(10, 12, 6))
    await home.app.database.write(lambda conn: conn.exec_driver_sql(hidden.format("active")))
    [slot] = await home.rows("SELECT calendar, entry, at, by_at FROM slots WHERE entry = :entry", entry=NOON)
    held = SlotHeld(created_at=home.clock.now(), **slot._asdict())
    await home.put(inbox.own_arrival(held, cause="held"))
    await home.look_at(at(10, 12, 12))
    await all_press(home)
    await home.look_at(at(10, 12, 50))
    assert len(await home.rows("SELECT 1 FROM sends WHERE state = 'sent' AND userid = :who", who=GUIDE)) == 2
    found = await planned(home, NOON)
    assert len(found) == 3 and all(row.outcome == "sent" and row.settled_at for row in found)


async def test_what_is_booked_as_not_sent_is_not_sent_after_all(home: House) -> None:
    """Trying a refused one again by hand would send what nobody counts."""
    home.sandbox.faults.add("errcode", errcode=60020, where="externalcontact/add_msg_template", count=2)
    await home.look_at(at(10, 12, 6))
    await home.look_at(at(10, 12, 8))
    for row in await home.rows("SELECT id FROM outbox WHERE kind = 'CreateMassSend'"):
        await home.app.database.write(partial(outbox.retry, outbox_id=row.id, now=home.clock.now()))
    await home.look_at(at(10, 12, 12))
    assert await home.sandbox.mass.tasks(GUIDE) == []
    assert {row.outcome for row in await planned(home, NOON)} == {"lapsed"}


async def test_after_a_day_away_what_was_pressed_in_time_is_still_found_out(home: House) -> None:
    """One look at least, before anything is given up."""
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(5)
    for guide in (GUIDE, "guide-zhou"):
        [task] = await home.sandbox.mass.tasks(guide)
        await home.sandbox.mass.member_confirms(guide, task["msgid"])
    await home.look_at(at(12, 12, 30))
    assert {row.state for row in await home.rows("SELECT state FROM sends WHERE entry = :e", e=NOON)} == {"sent"}


async def test_guides_who_say_the_same_share_a_moment_and_each_posts_their_own(home: House) -> None:
    """Four guides and three wordings: two of them share one. Whoever does not post it in time did not, at once."""
    guides = ("guide-lin", "guide-zhou", "guide-wu", "guide-chen")
    for guide in guides:
        await home.sandbox.customer_adds(userid=guide, external_userid=f"wm-{guide}")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(22, 9, 0))
    await home.look_at(at(22, 10, 6))
    await home.clock.advance(10)
    shared = [json.loads(row.pools) for row in await home.rows("SELECT pools FROM sends WHERE touchpoint = '朋友圈'")]
    one, other = next(pools for pools in shared if len(pools) > 1)[:2]
    [task] = await home.sandbox.moments.tasks(one)
    await home.sandbox.moments.member_posts(one, task["moment_id"])
    await home.look_at(at(22, 10, 30))
    await home.look_at(at(22, 18, 6))
    await home.look_at(at(22, 18, 7))
    found = await posts(home)
    assert (found[one].outcome, found[other].outcome) == ("sent", "lapsed")
    assert not await home.rows("SELECT 1 FROM sends WHERE touchpoint = '朋友圈' AND ended_at IS NULL")


async def test_two_lost_answers_of_one_guide_are_told_apart(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words to the same guide, for other groups: each finds its own."""
    monkeypatch.setattr("handlers.calendar.MOST_GROUPS", 1)
    await home.sandbox.groups.creates(GUIDE, "会员群三")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(10, 9, 30))
    home.sandbox.faults.add("reset_after", where="externalcontact/add_msg_template", count=3)
    await home.look_at(at(10, 12, 6))
    for minute in (7, 8, 10, 12):
        await home.look_at(at(10, 12, minute))
    assert len(home.sandbox.log.calls("externalcontact/add_msg_template")) == 3
    ours = await home.rows("SELECT task_id, pools FROM sends WHERE userid = :who", who=GUIDE)
    asked = {task["msgid"]: task["recipients"] for task in await home.sandbox.mass.tasks(GUIDE)}
    assert len(ours) == 2 and {row.task_id: json.loads(row.pools) for row in ours} == asked


ADD, LIST = "externalcontact/add_msg_template", "externalcontact/get_groupmsg_list_v2"


@pytest.mark.parametrize("came", [True, False])
async def test_what_is_in_doubt_at_its_end_is_looked_for_and_not_guessed(home: House, came: bool) -> None:
    """WeCom could not be asked in time what became of the lost try: later it can, and there is one or there is none."""
    home.sandbox.faults.add("reset_after" if came else "reset_before", where=ADD, count=2)
    silent = home.sandbox.faults.add("errcode", errcode=-1, where=LIST)
    await home.look_at(at(10, 12, 6))
    for minute in (0, 30, 59):
        await home.look_at(at(10, 13, minute))
    await home.look_at(at(10, 14, 30))
    assert len(await home.sandbox.mass.tasks(GUIDE)) == came
    assert {row.outcome for row in await planned(home, NOON)} == {"sent"}  # nobody can say yet
    home.sandbox.faults.remove(silent)
    for minute in (0, 16, 40):
        await home.look_at(at(10, 15, minute))
    assert {row.outcome for row in await planned(home, NOON)} == {"lapsed"}
    assert {row.state for row in await home.rows("SELECT state FROM sends")} == {"lapsed" if came else "failed"}
    assert await home.sandbox.mass.tasks(GUIDE) == [] and len(home.sandbox.log.calls(ADD)) == 2


async def test_what_nobody_can_tell_for_a_day_counts_as_sent(home: House) -> None:
    """The look-up came to nothing, again and again; not after one that failed when we had been away."""
    home.sandbox.faults.add("reset_after", where=ADD, count=2)
    home.sandbox.faults.add("errcode", errcode=-1, where=LIST)
    await home.look_at(at(10, 12, 6))
    await home.look_at(at(11, 15, 1))
    assert {row.state for row in await home.rows("SELECT state FROM sends WHERE entry = :e", e=NOON)} == {"making"}
    for hour in (15, 16, 17, 18):
        for minute in (17, 34, 51):
            await home.look_at(at(11, hour, minute))
    assert {row.outcome for row in await planned(home, NOON)} == {"sent"}
    assert {row.state for row in await home.rows("SELECT state FROM sends WHERE entry = :e", e=NOON)} == {"unknown"}


async def test_an_event_that_is_handled_anew_makes_nothing_twice(dry: House) -> None:
    """A replay starts a new run, with outbox rows of its own; the tasks at WeCom stay the ones there are."""
    await dry.look_at(at(28, 10, 6))
    [planned_] = await dry.rows("SELECT id FROM inbox WHERE name = 'AudiencePlanned'")
    code, _, _ = await command(dry, "replay", str(planned_.id), "--again")
    assert code == 0
    await dry.look_at(at(28, 10, 8))
    await dry.clock.advance(5)
    tasks = [task for task in await dry.sandbox.mass.tasks(GUIDE) if task["chat_type"] == "single"]
    assert len(tasks) == 1
    assert {row.state for row in await dry.rows("SELECT state FROM sends WHERE touchpoint = '私聊'")} == {"waiting"}


async def test_a_guide_hears_once_of_all_that_was_stopped(friends: House) -> None:
    """Of two Moments, one posted and one not: both in one message, each with what is to be done."""
    await friends.look_at(at(22, 10, 6))
    await friends.clock.advance(10)
    [task] = await friends.sandbox.moments.tasks(GUIDE)
    await friends.sandbox.moments.member_posts(GUIDE, task["moment_id"])
    await friends.look_at(at(22, 10, 8))
    [entry] = {row.entry for row in await friends.rows("SELECT entry FROM sends WHERE touchpoint = '朋友圈'")}
    assert (await command(friends, "stop", f"dec-2026/{entry}", "--by", "zhou-lan"))[0] == 0
    for minute in (9, 11, 13, 15):
        await friends.look_at(at(22, 10, minute))
    [mine], [theirs] = await stops(friends, GUIDE), await stops(friends, "guide-zhou")
    assert "朋友圈可以自己删掉" in mine and "收回" not in mine
    assert "已经替你收回" in theirs and "发出去" not in theirs


async def test_what_is_stopped_while_its_people_are_found_is_not_made(
    dry: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finding a million takes minutes; the switches are asked again behind it."""
    find = planning_.go_through

    async def slowly(*args: Any) -> Any:
        await stop(dry, "私聊")
        return await find(*args)

    monkeypatch.setattr(planning_, "go_through", slowly)
    await dry.look_at(at(28, 10, 6))
    await dry.clock.advance(5)
    assert [task for task in await dry.sandbox.mass.tasks(GUIDE) if task["chat_type"] == "single"] == []
    assert await touches(dry) == {}
    assert {row.because for row in await planned(dry, "note-care") if row.kind} == {"圈人的时候被人停掉了，没有发"}


async def test_what_is_stopped_before_wecom_was_asked_is_not_asked_for(home: House) -> None:
    """It waits for its turn, and its turn does not come."""
    home.sandbox.faults.add("errcode", errcode=-1, where=ADD, count=2)
    await home.look_at(at(10, 12, 6))
    await stop(home, "群")
    await home.look_at(at(10, 12, 8))
    assert len(home.sandbox.log.calls(ADD)) == 2 and await home.sandbox.mass.tasks(GUIDE) == []
    assert {(row.outcome, row.because) for row in await planned(home, NOON)} == {("lapsed", "周岚停掉了")}

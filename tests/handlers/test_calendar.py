"""A slot comes round: groups and Moments are decided, guides are told, and nothing is decided twice."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.scrm.records.planning import SetSwitch
from bot.scrm.switch import Switch
from bot.store import planning
from demo.stories.calendar_day import approve
from tests.cli.typed import command
from tests.house import House, reopened

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int) -> int:
    return int(datetime(2026, 12, day, hour, minute, tzinfo=SHANGHAI).timestamp())


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Two customer groups on the tenth of December, everything approved."""
    async with reopened(tmp_path) as home:
        for guide, name in (("guide-lin", "会员群一"), ("guide-zhou", "会员群二")):
            await home.sandbox.groups.creates(guide, name)
        await home.sandbox.callbacks_settled()
        await home.look_at(at(10, 9, 0))
        await approve(home, "")
        await approve(home, "店长")
        yield home


async def all_press(home: House) -> None:
    """Both guides send what they have, and we come to know."""
    await home.clock.advance(5)  # until WeCom has shown it to them
    for guide in ("guide-lin", "guide-zhou"):
        for task in await home.sandbox.mass.tasks(guide):
            await home.sandbox.mass.member_confirms(guide, task["msgid"])
    await home.look_at(home.clock.now() + 700)


async def outcomes(home: House, entry: str) -> dict[str, tuple[str, str]]:
    """pool → outcome and why."""
    query = "SELECT pool, outcome, because FROM planned WHERE entry = :entry"
    return {row.pool: (row.outcome, row.because) for row in await home.rows(query, entry=entry)}


async def test_each_guide_gets_one_task_for_their_groups(home: House) -> None:
    """However often the clock is looked at."""
    for minute in (6, 7, 8):
        await home.look_at(at(10, 12, minute))
    assert {outcome for outcome, _ in (await outcomes(home, "group-cream-set")).values()} == {"sent"}
    groups = {row.name: row.chat_id for row in await home.rows("SELECT name, chat_id FROM group_chats")}
    for guide, group in (("guide-lin", "会员群一"), ("guide-zhou", "会员群二")):
        [task] = await home.sandbox.mass.tasks(guide)
        assert task["recipients"] == [groups[group]] and "修护霜" in task["text"]


async def test_a_group_whose_owner_has_left_the_corp_waits_for_another_one(home: House) -> None:
    """It is said when the slot comes round, not when nobody pressed; handed over in time, it goes by the new owner."""
    await home.sandbox.staff.member_leaves("guide-lin")
    await home.sandbox.callbacks_settled()
    await home.look_at(at(10, 12, 6))
    groups = {row.name: row.chat_id for row in await home.rows("SELECT name, chat_id FROM group_chats")}
    outcome, because = (await outcomes(home, "group-cream-set"))[groups["会员群一"]]
    assert outcome == "held" and because == "会员群一 的群主 guide-lin 已经离开企业"
    said = (await command(home, "explain", "dec-2026/group-cream-set", "会员群一", "--from", "2026-12-10 12:07"))[1]
    assert "把 会员群一 转给还在的同事" in said and "没有办法" not in said
    await home.sandbox.groups.hands_over(groups["会员群一"], "guide-zhou")
    await home.sandbox.callbacks_settled()
    for minute in (8, 12, 13):  # the group is read, it is asked again, WeCom has the task
        await home.look_at(at(10, 12, minute))
    assert {outcome for outcome, _ in (await outcomes(home, "group-cream-set")).values()} == {"sent"}
    tasks = await home.sandbox.mass.tasks("guide-zhou")
    assert sorted(chat for task in tasks for chat in task["recipients"]) == sorted(groups.values())


async def in_hand_of_who_left(home: House) -> str:
    """The task was in the owner's hands when they left the corp; WeCom has taken it back. Returns the group."""
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(5)
    [task] = await home.sandbox.mass.tasks("guide-lin")
    await home.sandbox.staff.member_leaves("guide-lin")
    await home.sandbox.callbacks_settled()
    await home.settled()
    for minute in (8, 9):
        await home.look_at(at(10, 12, minute))
    [chat_id] = task["recipients"]
    outcome, because = (await outcomes(home, "group-cream-set"))[chat_id]
    assert outcome == "held" and because == "会员群一 的群主 guide-lin 已经离开企业"
    return str(chat_id)


async def test_what_its_owner_had_in_hand_waits_for_another_one(home: House) -> None:
    """Taken back when the owner leaves the corp, held as at its slot; handed over in time, it goes by the new one."""
    group = await in_hand_of_who_left(home)
    await home.sandbox.groups.hands_over(group, "guide-zhou")
    await home.sandbox.callbacks_settled()
    for minute in (10, 15, 16):
        await home.look_at(at(10, 12, minute))
    tasks = await home.sandbox.mass.tasks("guide-zhou")
    assert sorted(len(task["recipients"]) for task in tasks) == [1, 1] and [group] in [t["recipients"] for t in tasks]
    for task in tasks:
        await home.sandbox.mass.member_confirms("guide-zhou", task["msgid"])
    await home.look_at(at(10, 12, 30))
    gone = await home.rows("SELECT outcome, kind, settled_at FROM planned WHERE entry = 'group-cream-set'")
    assert [(row.outcome, row.kind, row.settled_at is not None) for row in gone] == [("sent", "导购", True)] * 2
    assert sorted(row.state for row in await home.rows("SELECT state FROM sends WHERE touchpoint = '群'")) == [
        "lapsed", "sent", "sent"
    ]  # fmt: skip


async def test_who_comes_back_has_it_again(home: House) -> None:
    """Under the same name, as another task."""
    group = await in_hand_of_who_left(home)
    home.sandbox.world.add_member("guide-lin", "林夕")
    created = f"""<xml><ToUserName>ww_demo</ToUserName><FromUserName>sys</FromUserName>
        <CreateTime>{home.clock.now()}</CreateTime><MsgType>event</MsgType><Event>change_contact</Event>
        <ChangeType>create_user</ChangeType><UserID>guide-lin</UserID></xml>"""
    assert await home.push(created) == 200
    for minute in (10, 15, 16):
        await home.look_at(at(10, 12, minute))
    assert [task["recipients"] for task in await home.sandbox.mass.tasks("guide-lin")] == [[group]]


async def test_what_nobody_takes_over_says_so_when_its_time_is_over(home: House) -> None:
    group = await in_hand_of_who_left(home)
    await home.look_at(at(10, 14, 1))
    await home.look_at(at(10, 14, 2))
    because = "一直没能放行，过了截止时间：会员群一 的群主 guide-lin 已经离开企业"
    assert (await outcomes(home, "group-cream-set"))[group] == ("skipped", because)


async def test_guides_beside_each_other_say_it_in_other_words(home: House) -> None:
    """Three wordings for Moments, so those who share customers do not post the same; what goes with it is named."""
    for guide in ("guide-lin", "guide-zhou"):
        await home.sandbox.customer_adds(userid=guide)
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(22, 9, 0))
    await home.look_at(at(22, 10, 6))
    await home.look_at(at(22, 10, 8))
    tasks = [task for guide in ("guide-lin", "guide-zhou") for task in await home.sandbox.moments.tasks(guide)]
    assert len(tasks) == 2 and all(len(task["attachments"]) == 1 for task in tasks)
    said = [task["text"] for task in tasks]
    assert said[0] != said[1]


async def test_what_is_charged_to_the_mix_shows_in_the_next_choice(home: House) -> None:
    """The fixed post at noon was 导购: the open one in the evening is not."""
    await home.look_at(at(10, 12, 6))
    await home.look_at(at(10, 19, 36))
    rows = await home.rows("SELECT kind FROM planned WHERE entry = 'group-evening'")
    assert len(rows) == 2 and all(row.kind != "导购" for row in rows)
    states = await home.rows("SELECT balance FROM mix_states WHERE touchpoint = '群'")
    assert len(states) == 2


async def test_the_mix_is_reported_with_what_kept_it_from_its_target(home: House) -> None:
    """Two posts to each group: far too few to be red, and the fixed one is named."""
    await home.look_at(at(10, 12, 6))
    await all_press(home)
    await home.look_at(at(10, 19, 36))
    code, said, _ = await command(home, "report", "mix", "--until", "2026-12-10", "--json")
    pools = {pool["name"]: pool for pool in json.loads(said)["pools"] if pool["touchpoint"] == "群"}
    assert code == 0 and pools.keys() == {"会员群一", "会员群二"}
    for pool in pools.values():
        kinds = {row["kind"]: row for row in pool["kinds"]}
        assert sum(row["sent"] for row in kinds.values()) == pool["sent"] == 2 and not pool["red"]
        assert any("group-cream-set" in because for because in kinds["导购"]["causes"])
    assert "2 个里有 0 个超出容许" in (await command(home, "report", "mix", "--until", "2026-12-10"))[1]


async def test_what_is_switched_off_does_not_leave_and_says_who_stopped_it(home: House) -> None:
    """The kill switch, for one touchpoint."""
    off = SetSwitch(switch=Switch("触点", "群"), on=False, by="周岚", because="", at=home.clock.now())
    await home.app.database.write(partial(planning.set_switch, record=off))
    await home.look_at(at(10, 12, 6))
    found = await outcomes(home, "group-cream-set")
    assert {why for why in found.values()} == {("skipped", "触点“群”被人停掉了")}


async def test_a_late_look_decides_late_slots_with_a_reason(home: House) -> None:
    """Nobody was there at noon nor in the evening: lapsed slots say so, none is lost."""
    await home.look_at(at(11, 9, 0))
    rows = await home.rows("SELECT entry, state, because FROM slots WHERE at >= :day", day=at(10, 0, 0))
    states = {row.entry: (row.state, row.because) for row in rows}
    assert states["group-cream-set"][0] == "lapsed" and "才看到" in states["group-cream-set"][1]
    assert not await outcomes(home, "group-cream-set")


async def test_an_unapproved_item_waits_and_lapses(tmp_path: Path) -> None:
    """Asked again until its time is over, then skipped with the reason it waited for."""
    async with reopened(tmp_path) as home:
        await home.sandbox.groups.creates("guide-lin", "会员群一")
        await home.sandbox.callbacks_settled()
        await home.look_at(at(10, 9, 0))
        await home.look_at(at(10, 12, 6))
        assert {o for o, _ in (await outcomes(home, "group-cream-set")).values()} == {"held"}
        await home.look_at(at(10, 14, 6))
        ((outcome, because),) = (await outcomes(home, "group-cream-set")).values()
        assert outcome == "skipped" and "没有人审批" in because

"""A task that its guide cannot send any more goes to who else knows its customers, once WeCom has taken it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from demo.december import tagged
from demo.stories.calendar_day import approve
from tests.flow.edited import edited
from tests.handlers.test_away import recipients
from tests.handlers.test_calendar import at
from tests.house import GUIDE, House, reopened

SPARE, OTHER = "guide-zhou", "guide-wu"
CANCEL = "externalcontact/cancel_groupmsg_send"
TWO_CARDS = ("cards_per_day: 6", "cards_per_day: 2")
KNOWN = {GUIDE: ("wm-both", "wm-third", "wm-alone"), SPARE: ("wm-both", "wm-hers"), OTHER: ("wm-third",)}


async def opened(home: House, until: int = 0) -> House:
    """The guide's three customers, each known to another guide or to nobody else; the day's note is in hand."""
    for guide, customers in KNOWN.items():
        for customer in customers:
            await home.sandbox.customer_adds(userid=guide, external_userid=customer)
        await home.sandbox.callbacks_settled()
        await home.settled()
    await tagged(home, GUIDE, dict.fromkeys(KNOWN[GUIDE], "肤质/干性"))
    await tagged(home, SPARE, {"wm-hers": "肤质/干性"})
    await home.look_at(at(27, 9, 0))
    for role in ("", "店长"):
        await approve(home, role)
    if until:
        await home.look_at(until)
        return home
    await home.look_at(at(28, 10, 6))
    await home.clock.advance(10)
    assert await recipients(home, GUIDE) == ["wm-alone", "wm-both", "wm-third"]
    return home


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    async with reopened(tmp_path) as home:
        yield await opened(home)


async def leaves(home: House, guide: str, minutes: tuple[int, ...] = (8, 9, 10)) -> None:
    """A guide leaves the corp; ticks go by."""
    await home.sandbox.staff.member_leaves(guide)
    await home.sandbox.callbacks_settled()
    await home.settled()
    for minute in minutes:
        await home.look_at(at(28, 10, minute))
    await home.clock.advance(10)


async def press(home: House, guide: str) -> None:
    for task in await home.sandbox.mass.tasks(guide):
        await home.sandbox.mass.member_confirms(guide, task["msgid"])


async def touched(home: House) -> list[tuple[str, str]]:
    """(customer, state), once for each touch."""
    query = """SELECT DISTINCT follows.external_userid AS who, touches.planned_id, touches.state FROM touches
               JOIN follows ON follows.person_id = touches.person_id ORDER BY who"""
    return [(row.who, row.state) for row in await home.rows(query)]


async def decided(home: House, guide: str) -> list[Any]:
    query = "SELECT outcome, because, reached, at, by_at FROM planned WHERE entry = 'note-care' AND pool = :guide"
    return await home.rows(query + " ORDER BY id", guide=guide)


async def read(home: House, customer: str) -> int:
    """How many of the day's notes a customer got, from whomever."""
    got = [
        m
        for guide, whose in KNOWN.items()
        if customer in whose
        for m in await home.sandbox.customer_reads(customer, guide)
    ]
    return len([m for m in got if m["at"] >= at(28, 10, 0)])


async def test_what_a_leaver_had_in_hand_goes_to_who_knows_the_customers(shop: House) -> None:
    """A task for each of them, over at the same time; the budget is the person's and charged once; the rest lapses."""
    await leaves(shop, GUIDE)
    assert await recipients(shop, SPARE) == ["wm-both", "wm-hers"] and await recipients(shop, OTHER) == ["wm-third"]
    assert await touched(shop) == [("wm-both", "reserved"), ("wm-hers", "reserved"), ("wm-third", "reserved")]
    [before] = await decided(shop, GUIDE)
    assert before.outcome == "lapsed"
    assert before.because == "导购已经离开企业；吴双 接手 1 位，周可 接手 1 位"
    for guide in (SPARE, OTHER):
        now = (await decided(shop, guide))[-1]
        assert (now.outcome, now.reached, now.by_at) == ("taken_over", 1, before.by_at)
        assert now.because == "接手 林夕 的任务：导购已经离开企业"
        await press(shop, guide)
    await shop.look_at(at(28, 10, 40))
    assert {state for _, state in await touched(shop)} == {"sent"}
    assert [await read(shop, who) for who in ("wm-both", "wm-third", "wm-hers", "wm-alone")] == [1, 1, 1, 0]


async def test_what_is_taken_over_is_no_matter_of_the_mix(shop: House) -> None:
    """It goes to a few of the pool."""
    query = "SELECT balance FROM mix_states WHERE touchpoint = '私聊' AND pool = :guide"
    before = await shop.rows(query, guide=OTHER)
    await leaves(shop, GUIDE)
    await press(shop, OTHER)
    await shop.look_at(at(28, 10, 40))
    assert await shop.rows(query, guide=OTHER) == before


async def test_it_is_passed_on_once_wecom_says_that_it_is_taken_back(shop: House) -> None:
    """Until then the one who leaves might have pressed."""
    shop.sandbox.faults.add("errcode", errcode=-1, where=CANCEL, count=8)
    await leaves(shop, GUIDE)
    assert await recipients(shop, OTHER) == [] and len(await decided(shop, OTHER)) == 1
    for minute in (20, 25, 30, 40):
        await shop.look_at(at(28, 10, minute))
    await shop.clock.advance(10)
    assert await recipients(shop, OTHER) == ["wm-third"]


async def test_what_was_pressed_before_is_not_passed_on(shop: House) -> None:
    """We learn of it when we take it back."""
    await press(shop, GUIDE)
    await leaves(shop, GUIDE)
    await shop.look_at(at(28, 10, 40))
    assert await recipients(shop, OTHER) == []
    assert [await read(shop, who) for who in ("wm-both", "wm-third")] == [1, 1]


async def test_who_takes_over_may_leave_too(shop: House) -> None:
    """It goes on to who is left, or ends with its reason; nobody who has left takes anything over."""
    await shop.sandbox.customer_adds(userid=SPARE, external_userid="wm-third")
    await shop.sandbox.callbacks_settled()
    await leaves(shop, GUIDE)
    assert await recipients(shop, SPARE) == ["wm-both", "wm-hers", "wm-third"]
    await leaves(shop, SPARE, (14, 15, 16))
    assert await recipients(shop, OTHER) == ["wm-third"]
    assert await touched(shop) == [("wm-third", "reserved")]
    assert "导购已经离开企业；吴双 接手 1 位" in [row.because for row in await decided(shop, SPARE)]


async def test_what_wecom_was_not_asked_for_yet_is_passed_on_at_once(tmp_path: Path) -> None:
    """Also what was decided for somebody who had left before."""
    async with reopened(tmp_path) as home:
        await opened(home, until=at(28, 9, 0))
        await leaves(home, GUIDE, ())
        await home.look_at(at(28, 10, 6))
        await home.clock.advance(10)
        assert await recipients(home, SPARE) == ["wm-both", "wm-hers"] and await recipients(home, OTHER) == ["wm-third"]
        assert GUIDE not in {call.get("sender") for call in home.sandbox.log.calls("externalcontact/add_msg_template")}


async def test_what_was_worded_anew_is_not_passed_on(shop: House) -> None:
    """It was decided as it was worded then."""
    worded = "UPDATE planned SET digest = 'as it was' WHERE pool = 'guide-lin'"
    await shop.app.database.write(lambda conn: conn.exec_driver_sql(worded))
    await leaves(shop, GUIDE)
    assert await recipients(shop, OTHER) == [] and await recipients(shop, SPARE) == ["wm-hers"]
    assert [row.because for row in await decided(shop, GUIDE)] == ["导购已经离开企业"]


async def test_who_is_back_is_asked_again(shop: House) -> None:
    """Somebody who left takes nothing over, and does again once they are a member again."""
    await leaves(shop, OTHER)
    assert await shop.rows("SELECT userid FROM members WHERE left_at IS NOT NULL") == [(OTHER,)]
    created = f"""<xml><ToUserName>ww_demo</ToUserName><FromUserName>sys</FromUserName>
        <CreateTime>{shop.clock.now()}</CreateTime><MsgType>event</MsgType><Event>change_contact</Event>
        <ChangeType>create_user</ChangeType><UserID>{OTHER}</UserID></xml>"""
    assert await shop.push(created) == 200
    await shop.settled()
    assert await shop.rows("SELECT userid FROM members WHERE left_at IS NOT NULL") == []


async def test_nobody_is_told_who_has_left(shop: House) -> None:
    """A message to them would only be refused."""
    await leaves(shop, GUIDE, (8, 9, 10, 12))
    assert await shop.rows("SELECT kind, reason FROM outbox WHERE state IN ('refused', 'failed')") == []
    assert await shop.rows("SELECT 1 FROM outbox WHERE kind = 'SendAppMessage' AND payload LIKE '%离开企业%'") == []


async def test_who_has_their_cards_for_the_day_takes_nothing_over(tmp_path: Path) -> None:
    """A Moment and a note of their own are two; the reason says so."""
    folders = edited(tmp_path, {"care.yaml": TWO_CARDS})
    async with reopened(tmp_path, folders=folders) as home:
        await opened(home)
        await leaves(home, GUIDE)
        assert await recipients(home, SPARE) == ["wm-hers"] and await recipients(home, OTHER) == ["wm-third"]
        [mine] = await decided(home, GUIDE)
        assert mine.because.endswith("吴双 接手 1 位；guide-zhou 今天已有 2 张卡要确认，上限 2")


async def test_who_goes_away_hands_over_to_who_stands_in(tmp_path: Path) -> None:
    """At the hour from which they are away; others who know the customers are not asked."""
    away = "away:\n  - {guide: guide-lin, on: 2026-12-28 11:00 ~ 2026-12-29, spare: guide-zhou}\n\nhold_out: 5%"
    folders = edited(tmp_path, {"care.yaml": ("hold_out: 5%", away)})
    async with reopened(tmp_path, folders=folders) as home:
        await opened(home)
        for hour, minute in ((10, 30), (11, 1), (11, 2), (11, 3)):
            await home.look_at(at(28, hour, minute))
        await home.clock.advance(10)
        assert await recipients(home, GUIDE) == [] and await recipients(home, OTHER) == []
        assert await recipients(home, SPARE) == ["wm-both", "wm-hers"]
        assert [row.because for row in await decided(home, GUIDE)] == ["导购这几天不在；周可 接手 1 位"]
        assert await home.rows("SELECT 1 FROM sends WHERE userid = :guide AND tell_at IS NOT NULL", guide=GUIDE) == []

"""Somebody wants a person: the words that say so, the hours, and what happens then."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.scrm.handover import acquaintance, asks_for_a_person, wants_nobody
from demo.phone import Chat, enter
from demo.stage import OPENING
from tests.house import House, house, reopened, sqlite_url

HOUR = 3600


@pytest.mark.parametrize("text", ["人工", "转人工！", "我想找真人", "人工客服在吗", " 客 服 ", "有人吗？", "【人工】"])
def test_these_words_ask_for_a_person(text: str) -> None:
    """However they are dotted."""
    assert asks_for_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "人工皂好用吗",
        "油性",
        "你们客服上次说的面霜",
        "2",
        "这款里有没有人工香精和人工色素呀",
        "不要人工",
        "不用转人工",
        "别转人工了",
        "不用，谢谢，人工就免了",
        "我不想找真人聊",
    ],
)
def test_these_do_not(text: str) -> None:
    """A word inside another matter is no call for help."""
    assert not asks_for_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "不要机器人，转人工",
        "不要机器人转人工",
        "要不转人工吧",
        "要不要人工",
        "怎么不转人工",
        "不对，人工",
        "不用了，人工",
    ],
)
def test_a_no_beside_it_is_no_refusal_of_people(text: str) -> None:
    """Only who wants nobody stays with the bot."""
    assert asks_for_a_person(text)


@pytest.mark.parametrize("text", ["人工香精不要", "这款里不要人工香精", "不用", "人工", ""])
def test_these_refuse_nobody(text: str) -> None:
    """They are about something else."""
    assert not wants_nobody(text)


async def test_who_wants_nobody_stays_with_the_bot(tmp_path: Path) -> None:
    """And hears so; nobody is called."""
    async with reopened(tmp_path) as home:
        chat = await enter(home, "自己来的人")
        assert "不转人工" in str((await chat.write("不用转人工"))["content"])
        assert (await holder(home, chat))[0] == 1 and not await notified(home)


async def writes(home: House, chat: Chat, *lines: str) -> None:
    """Line after line, faster than anybody answers."""
    for line in lines:
        await home.sandbox.kf.customer_writes(chat.customer, chat.open_kfid, line)
    await home.sandbox.callbacks_settled()
    await home.settled()


async def test_a_question_that_nobody_here_can_answer_goes_to_people(tmp_path: Path) -> None:
    """The customer hears it once, the receivers hear it once, however many lines it has; then the bot is silent."""
    async with reopened(tmp_path) as home:
        chat = await enter(home, "有问题的人")
        before = len(await chat.from_bot())
        await writes(home, chat, "你们几点关门？", "还有，孕妇能用吗", "人呢")
        said = (await chat.from_bot())[before:]
        assert ["请同事来看" in str(line["content"]) for line in said] == [True]
        assert await holder(home, chat) == (2, "") and await notified(home) == ["guide-lin", "guide-zhou"]
        assert len(await home.rows("SELECT id FROM outbox WHERE kind = 'SendAppMessage'")) == 2
        await home.sandbox.kf.servicer_takes("guide-lin", chat.customer, chat.open_kfid)
        await writes(home, chat, "你们在哪？")
        assert len(await chat.from_bot()) == before + 1


async def test_a_picture_goes_to_people_and_a_courtesy_to_nobody(tmp_path: Path) -> None:
    """好的 needs no colleague, and a survey goes on beside it."""
    async with reopened(tmp_path) as home:
        chat = await enter(home, "客气的人")
        await writes(home, chat, "好的谢谢", "[微笑]", "你好")
        assert (await holder(home, chat))[0] in (0, 1) and not await notified(home)
        await chat.write("你们几点关门？")
        assert (await holder(home, chat))[0] == 2


async def test_at_night_a_question_waits_for_the_morning(tmp_path: Path) -> None:
    """The customer hears the hour, and nobody is woken."""
    async with house(sqlite_url(tmp_path), clock=VirtualClock(OPENING + 12 * HOUR)) as home:
        chat = await enter(home, "夜里问的人")
        said = str((await chat.write("你们几点关门？"))["content"])
        assert "请同事来看" in said and "9:30 以后" in said
        assert not await home.sandbox.member_reads("guide-lin")
        waiting = await home.rows("SELECT not_before_at FROM outbox WHERE kind = 'SendAppMessage'")
        assert {at for (at,) in waiting} == {OPENING + 23 * HOUR + 1800}


async def test_when_the_session_could_not_be_moved_it_is_the_bots_again(tmp_path: Path) -> None:
    """So the next question is not met with silence."""
    async with reopened(tmp_path) as home:
        chat = await enter(home, "没转成的人")
        home.sandbox.faults.add("errcode", where="service_state/trans", errcode=95007, count=1)
        await writes(home, chat, "你们几点关门？")
        assert (await holder(home, chat))[0] == 1
        assert "请同事来看" in str((await chat.write("有人知道几点关门？"))["content"])
        assert await holder(home, chat) == (2, "")


async def test_at_night_the_customer_hears_when_and_the_guides_hear_in_the_morning(tmp_path: Path) -> None:
    """At the hour that care.yaml writes for 导购提醒; asked twice, it is told once."""
    clock = VirtualClock(OPENING + 12 * HOUR)
    async with house(sqlite_url(tmp_path), clock=clock) as home:
        chat = await enter(home, "夜里来的人")
        said = await chat.write("人工")
        assert "同事现在休息了，9:30 以后" in str(said["content"])
        await home.sandbox.kf.customer_writes(chat.customer, chat.open_kfid, "人工人工")
        await home.sandbox.callbacks_settled()
        await home.settled()
        assert not await home.sandbox.member_reads("guide-lin")
        waiting = await home.rows("SELECT not_before_at FROM outbox WHERE kind = 'SendAppMessage'")
        assert {at for (at,) in waiting} == {OPENING + 23 * HOUR + 1800} and len(waiting) == 2
        assert len([line for line in await chat.from_bot() if "休息了" in str(line["content"])]) == 1


async def test_a_lost_answer_of_the_move_is_no_second_word(tmp_path: Path) -> None:
    """The session is in the pool already: the try that finds it there is done."""
    async with reopened(tmp_path) as home:
        chat = await enter(home, "急的人")
        home.sandbox.faults.add("reset_after", where="service_state/trans", count=1)
        await home.sandbox.kf.customer_writes(chat.customer, chat.open_kfid, "人工")
        await home.sandbox.callbacks_settled()
        await home.wait(5)
        [state] = await home.rows("SELECT state, reason FROM outbox WHERE kind = 'MoveKfSession'")
        assert tuple(state) == ("sent", "")
        assert (
            await home.scalar("SELECT service_state FROM kf_sessions WHERE external_userid = :who", who=chat.customer)
            == 2
        )


def test_who_knows_the_customer_is_asked_first() -> None:
    """The first of their guides who receives here."""
    assert acquaintance(("lin", "zhou"), ["wu", "zhou", "lin"]) == "zhou"
    assert acquaintance(("lin", "zhou"), ["wu"]) == acquaintance((), ["lin"]) == ""


async def ask_as_customer_of(home: House, guide: str) -> Chat:
    """A customer of this guide asks for a person in 微信客服."""
    chat = await enter(home, "老客户")
    await home.sandbox.customer_adds(userid=guide, external_userid=chat.customer)
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.sandbox.kf.customer_writes(chat.customer, chat.open_kfid, "转人工")
    await home.sandbox.callbacks_settled()
    await home.settled()
    return chat


async def notified(home: House) -> list[str]:
    """Who heard that somebody wants a person."""
    guides = ("guide-lin", "guide-zhou", "guide-wu")
    return [guide for guide in guides if "等真人回复" in str(await home.sandbox.member_reads(guide))]


async def holder(home: House, chat: Chat) -> tuple[int, str]:
    [row] = await home.rows(
        "SELECT service_state, servicer_userid FROM kf_sessions WHERE external_userid = :who", who=chat.customer
    )
    return row.service_state, row.servicer_userid


async def test_the_session_goes_to_the_guide_who_knows_the_customer(tmp_path: Path) -> None:
    """Nobody else is called; the customer hears that somebody comes."""
    async with reopened(tmp_path) as home:
        chat = await ask_as_customer_of(home, "guide-zhou")
        assert await holder(home, chat) == (3, "guide-zhou")
        assert await notified(home) == ["guide-zhou"]
        assert (await chat.from_bot())[-1]["content"]["content"].startswith("好的，这就请同事来")


async def test_when_that_guide_receives_nobody_all_the_others_are_called(tmp_path: Path) -> None:
    """The session is in the pool, and whoever comes first takes it."""
    async with reopened(tmp_path) as home:
        open_kfid = (await enter(home, "别人")).open_kfid
        await home.sandbox.kf.servicer_receives("guide-zhou", open_kfid, receives=False)
        chat = await ask_as_customer_of(home, "guide-zhou")
        assert await holder(home, chat) == (2, "")
        assert await notified(home) == ["guide-lin", "guide-zhou"]


async def test_a_guide_who_does_not_receive_there_is_not_asked(tmp_path: Path) -> None:
    """guide-wu is no servicer of the account."""
    async with reopened(tmp_path) as home:
        chat = await ask_as_customer_of(home, "guide-wu")
        assert await holder(home, chat) == (2, "")
        assert await notified(home) == ["guide-lin", "guide-zhou"]

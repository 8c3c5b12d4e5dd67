"""Speaking in 微信客服: five times, in 48 hours, never while a human has the session, and each message once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.router import Router
from bot.scrm.actions.kf import MenuItem, MoveKfSession
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfEntered, KfMessageReceived
from bot.scrm.facts import Facts
from bot.scrm.kf import WINDOW_SECONDS, KfSession, greet, speak
from bot.store import kf, outbox, records
from bot.store.people import GuardFailedError
from handlers import kf as behaviour
from tests.house import House, house, sqlite_url

SEND, STATE = "kf/send_msg", "kf/service_state/get"
MENU = (MenuItem(id="a/1", say="干性"), MenuItem(id="a/2", say="油性"))


def talkative() -> Router:
    """Bookkeeping; a menu for whoever enters, and as many answers as the number that somebody writes."""
    mouth = Router()

    @mouth.on(KfEntered)
    async def welcome(event: KfEntered, facts: Facts) -> Decision:
        return greet(event, f"hello/{event.msgid}", "欢迎", facts.now, MENU)

    @mouth.on(KfMessageReceived)
    async def answer(event: KfMessageReceived, facts: Facts) -> Decision:
        session = (await facts.kf.session(event.open_kfid, event.external_userid)).heard(event.created_at)
        decision = Decision()
        for n in range(int(event.text) if event.text.isdigit() else 0):
            decision += speak(session, f"{event.msgid}/{n}", f"第 {n + 1} 条", facts.now)
            session = session.spoken()
        return decision

    return Router().include(behaviour.router, mouth)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A house where only 微信客服 lives."""
    async with house(sqlite_url(tmp_path), router=talkative(), waits=False) as here:
        await here.until("客服账号", lambda: here.rows("SELECT 1 FROM kf_links"))
        await quiet(here)
        yield here


async def quiet(home: House) -> None:
    """Every bell is heard, and all that follows is done."""
    await home.sandbox.callbacks_settled()
    await home.settled()


class Chat:
    """One customer at the sample account."""

    def __init__(self, home: House, open_kfid: str, who: str) -> None:
        self.home, self.open_kfid, self.who = home, open_kfid, who

    @classmethod
    async def begin(cls, home: House, who: str = "wm-1") -> Chat:
        open_kfid = await home.scalar("SELECT open_kfid FROM kf_accounts WHERE account_id = 'advisor'")
        await home.sandbox.kf.customer_enters(open_kfid, external_userid=who)
        await quiet(home)
        return cls(home, open_kfid, who)

    async def write(self, text: str) -> None:
        await self.home.sandbox.kf.customer_writes(self.who, self.open_kfid, text)
        await quiet(self.home)

    async def heard(self) -> list[str]:
        """What the bot said, after its welcome."""
        chat = await self.home.sandbox.kf.chat(self.who, self.open_kfid)
        return [line["text"] for line in chat if line["sender"] == "bot"][1:]

    async def session(self) -> KfSession:
        find = partial(kf.session, open_kfid=self.open_kfid, external_userid=self.who)
        return await self.home.app.database.read(find)

    async def say(self, text: str, topic: str) -> Decision:
        """Something said of our own accord."""
        decision = speak(await self.session(), topic, text, self.home.clock.now())

        def write(conn: Any) -> None:
            for record in decision.records:
                records.apply(conn, 1, record)
            outbox.put(conn, 10**6, 0, decision.actions, self.home.clock.now())

        await self.home.app.database.write(write)
        for lane in self.home.app.lanes:
            lane.wake()
        await quiet(self.home)
        return decision

    async def moves(self, cause: int) -> None:
        """Given to people."""
        now = self.home.clock.now()
        end_at = now + WINDOW_SECONDS
        move = MoveKfSession(open_kfid=self.open_kfid, external_userid=self.who, say="稍等", not_after_at=end_at)
        await self.home.app.database.write(partial(outbox.put, cause=cause, run=0, actions=[move], now=now))
        self.home.app.lanes[0].wake()
        await quiet(self.home)

    async def states(self) -> list[tuple[str, str]]:
        rows = await self.home.rows("SELECT state, reason FROM kf_messages WHERE origin = 'bot' ORDER BY said_at, text")
        return [(row.state, row.reason) for row in rows]


async def test_whoever_enters_is_greeted_by_their_code(home: House) -> None:
    """One message with a menu, outside the five."""
    chat = await Chat.begin(home)
    [line] = await home.sandbox.kf.chat(chat.who, chat.open_kfid)
    assert (line["msgtype"], line["text"]) == ("msgmenu", "欢迎")
    assert [item["click"]["id"] for item in line["content"]["list"]] == ["a/1", "a/2"]
    assert (await chat.session()).sends == 0
    assert await chat.states() == [("sent", "")]


async def test_a_welcome_whose_answer_was_lost_is_one_welcome(home: House) -> None:
    """The second try is told that the code is used: then the first one arrived."""
    home.sandbox.faults.add("reset_after", "kf/send_msg_on_event", count=1)
    chat = await Chat.begin(home)
    await home.wait(2)
    assert len(await home.sandbox.kf.chat(chat.who, chat.open_kfid)) == 1
    assert await chat.states() == [("sent", "")]


async def test_a_sixth_message_is_never_sent(home: House) -> None:
    """Not said, and WeCom is not even asked; the customer's next word opens five more."""
    chat = await Chat.begin(home)
    await chat.write("7")
    assert len(await chat.heard()) == 5
    assert len(home.sandbox.log.calls(SEND)) == 5
    assert (await chat.say("还在吗", "more")).because == ("客户没有回应，已经连续发了 5 条",)
    await home.clock.advance(10)
    await chat.write("2")
    assert len(await chat.heard()) == 7


async def test_the_guard_holds_what_a_stale_session_would_let_through(home: House) -> None:
    """Two decisions on the same facts: the second one is made again."""
    chat = await Chat.begin(home)
    await chat.write("4")
    stale = await chat.session()
    await chat.say("第五", "fifth")
    with pytest.raises(GuardFailedError):
        await home.app.database.write(
            lambda conn: records.apply(conn, 1, speak(stale, "sixth", "第六", home.clock.now()).records[0])
        )
    assert (await chat.session()).sends == 5


async def test_nothing_is_said_while_a_human_has_the_session(home: House) -> None:
    """Asked before each message; what is withheld does not count, and the state is known from then on."""
    chat = await Chat.begin(home)
    await chat.write("1")
    home.sandbox.faults.add("lost", "kf_msg_or_event")
    await home.sandbox.kf.servicer_takes("guide-lin", chat.who, chat.open_kfid)
    await quiet(home)
    await chat.say("打扰了", "interrupt")
    assert await chat.heard() == ["第 1 条"]
    session = await chat.session()
    assert (session.service_state, session.servicer_userid, session.sends) == (3, "guide-lin", 1)
    assert ("refused", "人工正在接待，机器人没有插话") in await chat.states()
    assert (await chat.say("打扰了", "interrupt")).because == ("人工接待中，机器人不插话",)


async def test_a_lost_answer_is_one_message(home: House) -> None:
    """Repeated with the same msgid."""
    chat = await Chat.begin(home)
    home.sandbox.faults.add("reset_after", SEND, count=2)
    await chat.write("1")
    await home.wait(5)
    assert await chat.heard() == ["第 1 条"]
    assert len(home.sandbox.log.calls(SEND)) == 3
    assert await chat.states() == [("sent", ""), ("sent", "")]
    assert (await chat.session()).sends == 1


async def test_after_a_lost_answer_nobody_says_refused(home: House) -> None:
    """A human has taken over meanwhile, but the first try may have arrived."""
    chat = await Chat.begin(home)
    home.sandbox.faults.add("reset_after", SEND, count=1)
    await chat.write("1")
    await home.sandbox.kf.servicer_takes("guide-lin", chat.who, chat.open_kfid)
    await home.wait(3)
    assert ("unknown", "企业微信没有回答，可能已经送到客户，也可能没有") in await chat.states()
    assert (await chat.session()).sends == 1


async def test_what_was_accepted_and_did_not_arrive_is_noted(home: House) -> None:
    """The customer refuses messages: nothing more is said until they speak."""
    chat = await Chat.begin(home)
    await home.sandbox.kf.customer_rejects(chat.who, chat.open_kfid)
    await chat.write("1")
    assert ("failed", "客户拒收消息") in await chat.states()
    assert (await chat.session()).service_state == 4
    assert (await chat.say("再试试", "again")).because == ("会话在排队或已结束，机器人不能发言",)


async def test_forty_eight_hours_are_the_end(home: House) -> None:
    """Withheld by us; and one that waited so long in the outbox expires, and says so."""
    chat = await Chat.begin(home)
    await chat.write("1")
    home.sandbox.faults.add("errcode", SEND, errcode=45009)
    await chat.say("等着", "late")
    await home.clock.advance(48 * 3600)
    await quiet(home)
    assert ("expired", "超过时限，没有发出") in await chat.states()
    assert (await chat.say("晚了", "later")).because == ("客户 48 小时内没有说话",)


async def test_a_session_goes_to_the_pool_and_stays_there(home: House) -> None:
    """Our own move causes no event: it is known by its answer."""
    chat = await Chat.begin(home)
    await chat.write("1")
    await chat.moves(cause=10**6)
    assert (await chat.session()).service_state == 2


async def test_a_session_that_a_human_took_meanwhile_stays_with_them(home: House) -> None:
    """Nobody's customer is put back into the queue, and nobody hears that somebody comes."""
    chat = await Chat.begin(home)
    await chat.write("1")
    await chat.moves(cause=10**6)
    await home.sandbox.kf.servicer_takes("guide-lin", chat.who, chat.open_kfid)
    known = len(home.sandbox.log.calls("kf/service_state/trans"))
    await chat.moves(cause=10**7)
    held = await chat.session()
    assert (held.service_state, held.servicer_userid) == (3, "guide-lin")
    assert len(home.sandbox.log.calls("kf/service_state/trans")) == known


async def test_what_waits_for_its_next_try_is_not_overtaken(home: House) -> None:
    """A second word, and a move of the session, wait for the first word, whatever they are due by."""
    chat = await Chat.begin(home)
    await chat.write("1")
    home.sandbox.faults.add("errcode", SEND, errcode=-1, count=1)
    await chat.say("先说的", "first")
    await chat.say("后说的", "second")
    assert await chat.heard() == ["第 1 条"]
    await home.wait(3)
    assert await chat.heard() == ["第 1 条", "先说的", "后说的"]


async def test_humans_are_seen_taking_over_and_leaving(home: House) -> None:
    """Taken, written, transferred, ended; the customer's next word is for the bot again."""
    chat, desk = await Chat.begin(home), home.sandbox.kf
    await chat.write("1")
    await desk.servicer_takes("guide-lin", chat.who, chat.open_kfid)
    await desk.servicer_writes("guide-lin", chat.who, chat.open_kfid, "我来")
    await quiet(home)
    assert (await chat.session()).servicer_userid == "guide-lin"
    await desk.servicer_transfers("guide-lin", chat.who, chat.open_kfid, "guide-zhou")
    await quiet(home)
    assert (await chat.session()).servicer_userid == "guide-zhou"
    await desk.servicer_ends("guide-zhou", chat.who, chat.open_kfid)
    await quiet(home)
    assert (await chat.session()).service_state == 4
    await home.clock.advance(5)
    await chat.write("1")
    assert len(await chat.heard()) == 2
    assert (await chat.session()).service_state == 1


async def test_what_is_taken_back_is_forgotten(home: House) -> None:
    """In our copy, and in the event that brought it."""
    chat = await Chat.begin(home)
    msgid = await home.sandbox.kf.customer_writes(chat.who, chat.open_kfid, "我的电话是 13800000000")
    await quiet(home)
    await home.sandbox.kf.customer_recalls(chat.who, chat.open_kfid, msgid)
    await quiet(home)
    [row] = await home.rows("SELECT text, recalled FROM kf_messages WHERE origin = 'customer'")
    assert (row.text, bool(row.recalled)) == ("", True)
    assert not [row for row in await home.rows("SELECT body FROM inbox") if "13800000000" in row.body]


async def test_a_session_that_nobody_ended_is_over_after_its_48_hours(home: House) -> None:
    """WeCom tells of no such end; the customer's next word is for the bot again."""
    chat = await Chat.begin(home)
    await chat.write("1")
    await home.sandbox.kf.servicer_takes("guide-lin", chat.who, chat.open_kfid)
    await home.sandbox.kf.servicer_writes("guide-lin", chat.who, chat.open_kfid, "我来")
    await quiet(home)
    assert (await chat.session()).service_state == 3
    await home.clock.advance(3 * 24 * 3600)
    await chat.write("1")
    assert len(await chat.heard()) == 2
    assert (await chat.session()).service_state == 1


async def test_nobody_is_greeted_past_a_human(home: House) -> None:
    """Who comes back while a person has the session is left to that person, though a code would allow a word."""
    chat = await Chat.begin(home)
    await chat.write("1")
    await home.sandbox.kf.servicer_takes("guide-lin", chat.who, chat.open_kfid)
    await home.sandbox.kf.servicer_ends("guide-lin", chat.who, chat.open_kfid)
    await home.clock.advance(3 * 24 * 3600)
    await home.sandbox.kf.servicer_writes("guide-lin", chat.who, chat.open_kfid, "还在吗")
    await home.sandbox.kf.customer_enters(chat.open_kfid, external_userid=chat.who)
    await quiet(home)
    assert await chat.heard() == ["第 1 条"]
    assert ("refused", "人工正在接待，机器人没有插话") in await chat.states()

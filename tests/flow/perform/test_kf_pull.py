"""Pulling 微信客服: pages, tokens, cursors and crashes; nothing is lost, and nothing comes twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.flow.perform import kf_pull
from bot.router import Router
from bot.scrm.actions.kf import PullKfMessages
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfMessageReceived
from bot.scrm.facts import Facts
from bot.scrm.kf import speak
from bot.store import inbox, kf_accounts, outbox
from bot.store.codec import own_event
from handlers import kf as behaviour
from sandbox.world.kf import TOKEN_SECONDS
from tests.house import House, house, sqlite_url

SYNC = "kf/sync_msg"
RECEIVED = "SELECT body FROM inbox WHERE name = 'KfMessageReceived' ORDER BY id"


def answering() -> Router:
    """Bookkeeping, and an answer to every message."""
    parrot = Router()

    @parrot.on(KfMessageReceived)
    async def answer(event: KfMessageReceived, facts: Facts) -> Decision:
        if event.history:
            return Decision()
        session = (await facts.kf.session(event.open_kfid, event.external_userid)).heard(event.created_at)
        return speak(session, f"answer/{event.msgid}", f"答 {event.text}", facts.now)

    return Router().include(behaviour.router, parrot)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A house where only 微信客服 lives, and every message is answered."""
    async with house(sqlite_url(tmp_path), router=answering(), waits=False) as here:
        await here.until("客服账号", lambda: here.rows("SELECT 1 FROM kf_links"))
        await quiet(here)
        yield here


async def quiet(home: House) -> None:
    """Every bell is heard, and all that follows is done."""
    await home.sandbox.callbacks_settled()
    await home.settled()


async def account(home: House) -> str:
    """The open_kfid of the sample account."""
    return str(await home.scalar("SELECT open_kfid FROM kf_accounts WHERE account_id = 'advisor'"))


async def said(home: House) -> list[str]:
    """What the bot has been told, in the order of the inbox."""
    events = [own_event("KfMessageReceived", row.body) for row in await home.rows(RECEIVED)]
    return [event.text for event in events if isinstance(event, KfMessageReceived)]


async def customer(home: House, open_kfid: str, n: int = 1) -> str:
    """Somebody who has come in."""
    return await home.sandbox.kf.customer_enters(open_kfid, external_userid=f"wm-{n}", name=f"客户{n}")


async def silently(home: House, open_kfid: str, *texts: str, n: int = 1) -> str:
    """A customer writes, and no bell is heard."""
    who = await customer(home, open_kfid, n)
    await quiet(home)
    home.sandbox.faults.add("lost", "kf_msg_or_event")
    for text in texts:
        await home.sandbox.kf.customer_writes(who, open_kfid, text)
    await home.sandbox.callbacks_settled()
    home.sandbox.faults.clear()
    return who


async def pull(home: House, open_kfid: str, token: str | None = None, cause: int = 10**6) -> None:
    """Pull, as if a bell had rung."""
    action = PullKfMessages(open_kfid=open_kfid, kf_token=token)
    write = partial(outbox.put, cause=cause, run=0, actions=[action], now=home.clock.now())
    await home.app.database.write(write)
    for lane in home.app.lanes:
        lane.wake()
    await quiet(home)


async def answers(home: House, open_kfid: str, who: str) -> list[str]:
    """What the bot said, as the customer's phone shows it."""
    return [line["text"] for line in await home.sandbox.kf.chat(who, open_kfid) if line["sender"] == "bot"]


def calls(home: House) -> list[dict[str, Any]]:
    return [call["body"] for call in home.sandbox.log.calls(SYNC)]


async def test_a_bell_brings_what_was_said(home: House) -> None:
    """Told, remembered and answered; the customer has a person, and a name."""
    open_kfid = await account(home)
    who = await customer(home, open_kfid)
    await home.sandbox.kf.customer_writes(who, open_kfid, "你好")
    await quiet(home)
    assert await said(home) == ["你好"]
    assert await answers(home, open_kfid, who) == ["答 你好"]
    rows = await home.rows("SELECT origin, text, state FROM kf_messages ORDER BY origin DESC")
    assert [tuple(row) for row in rows] == [("customer", "你好", ""), ("bot", "答 你好", "sent")]
    [person] = await home.rows(
        "SELECT p.name, i.how FROM people p JOIN identities i USING (person_id) WHERE i.value = 'wm-1'"
    )
    assert tuple(person) == ("客户1", "kf")


async def test_page_after_page(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it in order, and the next pull begins behind it."""
    monkeypatch.setattr(kf_pull, "PAGE", 3)
    open_kfid = await account(home)
    texts = [str(n) for n in range(10)]
    await silently(home, open_kfid, *texts)
    await pull(home, open_kfid)
    assert await said(home) == texts
    before = len(calls(home))
    await pull(home, open_kfid, cause=10**6 + 1)
    assert len(calls(home)) == before + 1
    assert await said(home) == texts


async def test_an_empty_page_may_have_more_behind_it(home: House) -> None:
    """has_more rules, whatever the list holds."""
    open_kfid = await account(home)
    await silently(home, open_kfid, "在吗")
    home.sandbox.faults.add("kf_empty_pages", SYNC, count=4)
    before = len(calls(home))
    await pull(home, open_kfid)
    assert len(calls(home)) == before + 5
    assert await said(home) == ["在吗"]


async def test_pages_that_never_end_are_left_for_later(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A WeCom that is not well is not asked a thousand times a second."""
    monkeypatch.setattr(kf_pull, "STANDSTILL", 3)
    open_kfid = await account(home)
    await silently(home, open_kfid, "在吗")
    home.sandbox.faults.add("kf_empty_pages", SYNC)
    before = len(calls(home))
    await pull(home, open_kfid)
    assert len(calls(home)) == before + 3
    home.sandbox.faults.clear()
    await home.wait(2)
    assert await said(home) == ["在吗"]


async def test_a_token_that_has_run_out_is_left_away(home: House) -> None:
    """Once; the call without one may be made rarely."""
    open_kfid = await account(home)
    await silently(home, open_kfid, "在吗")
    before = len(calls(home))
    await pull(home, open_kfid, token="ENC-from-yesterday")
    assert [call.get("token") for call in calls(home)[before:]] == ["ENC-from-yesterday", None]
    assert await said(home) == ["在吗"]


async def test_a_refused_cursor_begins_anew_and_nothing_comes_twice(home: House) -> None:
    """From the oldest of three days; what was answered stays answered."""
    open_kfid = await account(home)
    who = await silently(home, open_kfid, "一", "二")
    await pull(home, open_kfid)
    await home.app.database.write(
        lambda conn: kf_accounts.keep_page(conn, open_kfid=open_kfid, cursor="what?", since_at=0, arrivals=[], now=1)
    )
    await home.sandbox.kf.customer_writes(who, open_kfid, "三")
    await quiet(home)
    assert await said(home) == ["一", "二", "三"]
    assert await answers(home, open_kfid, who) == ["答 一", "答 二", "答 三"]


async def test_a_page_that_could_not_be_kept_is_pulled_again(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page and cursor are one: the crash between them loses neither."""
    monkeypatch.setattr(kf_pull, "PAGE", 2)
    open_kfid = await account(home)
    texts = [str(n) for n in range(5)]
    who = await silently(home, open_kfid, *texts)
    keep, crashes = kf_accounts.keep_page, [2, 1]

    def crashing(conn: Any, **page: Any) -> None:
        keep(conn, **page)
        crashes[0] -= 1
        if crashes[0] == 0:
            crashes.pop(0)
            raise OSError("disk full")

    monkeypatch.setattr(kf_pull.kf_accounts, "keep_page", crashing)
    crashes.append(10**9)
    await pull(home, open_kfid)
    await home.wait(5)
    assert len(crashes) == 1
    assert await said(home) == texts
    assert sorted(await answers(home, open_kfid, who)) == [f"答 {text}" for text in texts]


async def test_what_was_there_before_us_is_history(home: House) -> None:
    """Kept, never answered; what comes after is."""
    open_kfid = await home.sandbox.kf.admin_adds("老账号", granted=False)
    who = await customer(home, open_kfid, 7)
    await home.sandbox.kf.customer_writes(who, open_kfid, "三小时前")
    await quiet(home)
    await home.clock.advance(3 * 3600)
    await home.sandbox.kf.admin_grants(open_kfid)
    await home.sandbox.kf.customer_writes(who, open_kfid, "现在")
    await quiet(home)
    assert await said(home) == ["三小时前", "现在"]
    assert await answers(home, open_kfid, who) == ["答 现在"]
    rows = await home.rows("SELECT text, history FROM kf_messages WHERE origin = 'customer' ORDER BY said_at")
    assert [(row.text, bool(row.history)) for row in rows] == [("三小时前", True), ("现在", False)]


async def test_a_lost_bell_is_made_up_for(home: House) -> None:
    """After an hour without a pull the account is asked once."""
    open_kfid = await account(home)
    who = await silently(home, open_kfid, "有人吗")
    assert await said(home) == []
    await home.clock.advance(3700)
    await home.app.schedule.tick()
    await quiet(home)
    assert await answers(home, open_kfid, who) == ["答 有人吗"]


def crashes_between_page_and_cursor(monkeypatch: pytest.MonkeyPatch, dice: random.Random) -> list[int]:
    """What a page brought is written, and the machine stops before its cursor is: at the first page, then now and then.

    The sizes of the pages that this befell.
    """
    keep, crashed = kf_accounts.keep_page, list[int]()

    def crashing(conn: Any, **page: Any) -> None:
        if page["arrivals"] and (not crashed or dice.random() < 0.1):
            inbox.put(conn, page["arrivals"])
            crashed.append(len(page["arrivals"]))
            raise OSError("stopped")
        keep(conn, **page)

    monkeypatch.setattr(kf_pull.kf_accounts, "keep_page", crashing)
    return crashed


def ran_out(home: House) -> int:
    """How often WeCom refused a bell's token, and was asked without one."""
    tokens = [call.get("token") for call in calls(home)]
    return sum(1 for before, after in pairwise(tokens) if before and not after)


async def everything_once(home: House, monkeypatch: pytest.MonkeyPatch, conversations: int, rounds: int) -> None:
    """Everybody writes in every round. Bells get lost, doubled, and late until their token has run out; pages fail,
    answers get lost on the way, and the machine stops between a page and its cursor."""
    open_kfid, dice = await account(home), random.Random(conversations)
    crashed = crashes_between_page_and_cursor(monkeypatch, random.Random(conversations))
    home.sandbox.faults.add("lost", "kf_msg_or_event", probability=0.5)
    home.sandbox.faults.add("duplicated", "kf_msg_or_event", probability=0.2)
    home.sandbox.faults.add("kf_empty_pages", SYNC, probability=0.2)
    home.sandbox.faults.add("reset_after", SYNC, probability=0.05)
    home.sandbox.faults.add("reset_after", "kf/send_msg", probability=0.05)
    sent: Counter[str] = Counter()
    who = [await customer(home, open_kfid, n) for n in range(conversations)]
    await quiet(home)
    for spoken in range(rounds):
        for n in dice.sample(range(conversations), conversations):
            text = f"{n}/{spoken}"
            await home.sandbox.kf.customer_writes(who[n], open_kfid, text)
            sent[text] += 1
            if sent.total() % 100 == 0:
                await quiet(home)
        await home.wait(2)
        late = next(call["token"] for call in reversed(calls(home)) if call.get("token"))
        await home.clock.advance(TOKEN_SECONDS)
        await pull(home, open_kfid, token=late, cause=10**6 + 1 + spoken)
    home.sandbox.faults.clear()
    await home.clock.advance(61)
    await pull(home, open_kfid)
    await home.wait(20)
    assert Counter(await said(home)) == sent
    for n in range(conversations):
        expected = [f"答 {n}/{spoken}" for spoken in range(rounds)]
        assert sorted(await answers(home, open_kfid, who[n])) == sorted(expected)
    assert crashed and ran_out(home) >= rounds // 2


async def test_every_message_is_told_and_answered_once(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under faults, over many conversations."""
    monkeypatch.setattr(kf_pull, "PAGE", 20)
    await everything_once(home, monkeypatch, conversations=25, rounds=3)


async def test_many_bells_are_one_pull(home: House) -> None:
    """What rang before WeCom was asked is answered by that call; what rings later is not."""
    open_kfid = await account(home)
    await silently(home, open_kfid, "在吗")
    before, action = len(calls(home)), PullKfMessages(open_kfid=open_kfid)

    def ring(conn: Any) -> None:
        for cause in range(100):
            outbox.put(conn, cause=10**6 + cause, run=0, actions=[action], now=home.clock.now())

    await home.app.database.write(ring)
    home.app.lanes[1].wake()
    await quiet(home)
    assert await said(home) == ["在吗"]
    assert len(calls(home)) == before + 1
    await pull(home, open_kfid, cause=10**7)
    assert len(calls(home)) == before + 2


@pytest.mark.slow
async def test_ten_thousand_messages_of_five_hundred_customers(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """None lost, none told or answered twice."""
    monkeypatch.setattr(kf_pull, "PAGE", 100)
    await everything_once(home, monkeypatch, conversations=500, rounds=20)

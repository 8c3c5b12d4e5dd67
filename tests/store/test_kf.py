"""Sessions and their windows, messages and accounts, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.scrm.kf import KfSession
from bot.scrm.person import Profile
from bot.scrm.records import Record, TagPerson
from bot.scrm.records.kf import (
    HearKf,
    NoteKfEntered,
    NoteKfFailed,
    NoteKfMessage,
    NoteKfSettled,
    SaveKfAccount,
    SaveKfCustomer,
    SaveKfLink,
    SaveKfState,
    SpendKfSend,
)
from bot.store import kf, kf_accounts, people, records
from bot.store.database import Database
from bot.store.people import GuardFailedError

WHERE: dict[str, Any] = {"open_kfid": "wk1", "external_userid": "wm-1"}
T = 1_700_000_000


def spend(n: int, at: int = T) -> SpendKfSend:
    return SpendKfSend(**WHERE, msgid=f"m{n}", text=f"第 {n} 条", at=at)


def settled(n: int, state: str, at: int = T) -> NoteKfSettled:
    return NoteKfSettled(**WHERE, msgid=f"m{n}", state=state, reason="", at=at)


async def remember(database: Database, *wanted: Record) -> None:
    def job(conn: Connection) -> None:
        for record in wanted:
            records.apply(conn, 1, record)

    await database.write(job)


async def session(database: Database) -> KfSession:
    return await database.read(lambda conn: kf.session(conn, "wk1", "wm-1"))


async def test_a_session_nobody_knows_is_a_fresh_one(database: Database) -> None:
    """Nothing said, nothing spent."""
    assert await session(database) == KfSession(**WHERE)


async def test_what_is_known_of_a_session(database: Database) -> None:
    """How they came, when they spoke, who has it; each account has its own."""
    await remember(
        database,
        NoteKfEntered(**WHERE, at=T, scene="kf-official", scene_param="p", channel_id="kf-official"),
        HearKf(**WHERE, at=T + 5),
        SaveKfState(**WHERE, service_state=3, servicer_userid="lin", at=T + 6),
        HearKf(open_kfid="wk2", external_userid="wm-1", at=T + 9),
        NoteKfEntered(**WHERE, at=T + 7),
    )
    known = KfSession(**WHERE, service_state=3, servicer_userid="lin", customer_at=T + 5, scene="kf-official")
    assert await session(database) == known


async def test_five_and_no_more(database: Database) -> None:
    """The sixth is refused with all that came with it, until the customer speaks."""
    await remember(database, HearKf(**WHERE, at=T), *(spend(n) for n in range(5)))
    with pytest.raises(GuardFailedError):
        await remember(database, spend(5))
    assert (await session(database)).sends == 5
    await remember(database, *(settled(n, "sent", T + 1) for n in range(5)), HearKf(**WHERE, at=T + 2), spend(6, T + 3))
    assert (await session(database)).sends == 1


async def test_the_same_message_is_spent_once(database: Database) -> None:
    """Decided again it counts no second time; one that did not leave may be tried anew."""
    await remember(database, HearKf(**WHERE, at=T), spend(1), spend(1))
    assert (await session(database)).sends == 1
    await remember(database, settled(1, "refused"), settled(1, "refused"))
    assert (await session(database)).sends == 0
    await remember(database, spend(1), settled(1, "unknown"), settled(1, "refused"))
    assert (await session(database)).sends == 1


async def test_what_is_still_out_counts_into_the_new_window(database: Database) -> None:
    """WeCom may take it after the customer's word: then it is one of the five."""
    await remember(database, HearKf(**WHERE, at=T), spend(1), spend(2), settled(2, "sent", T + 9))
    await remember(database, HearKf(**WHERE, at=T + 5))
    assert (await session(database)).sends == 2
    await remember(database, settled(1, "expired"))
    assert (await session(database)).sends == 1


async def test_what_left_in_the_second_of_the_customer_s_word_counts(database: Database) -> None:
    """Nobody can tell which of the two WeCom saw first; a greeting by its code is beside the five all the same."""
    await remember(database, HearKf(**WHERE, at=T), spend(1, T + 5), settled(1, "sent", T + 5))
    greeting = NoteKfMessage(**WHERE, msgid="hello", origin="bot", msgtype="text", at=T + 5)
    await remember(database, greeting, NoteKfSettled(**WHERE, msgid="hello", state="sent", reason="", at=T + 5))
    await remember(database, HearKf(**WHERE, at=T + 5))
    assert (await session(database)).sends == 1


async def test_a_decision_sees_what_is_still_out(database: Database) -> None:
    """It reads the session before the customer's word is noted: what it makes of it is what will be noted."""
    await remember(database, HearKf(**WHERE, at=T), *(spend(n) for n in range(5)))
    before = await session(database)
    await remember(database, HearKf(**WHERE, at=T + 9))
    assert before.heard(T + 9) == await session(database)
    assert before.heard(T + 9).silent_because(T + 9)


async def test_old_news_opens_no_window(database: Database) -> None:
    """Pages may come twice and out of order."""
    await remember(database, HearKf(**WHERE, at=T), spend(1), HearKf(**WHERE, at=T - 1))
    assert (await session(database)).sends == 1
    await remember(database, SaveKfState(**WHERE, service_state=4, at=T), HearKf(**WHERE, at=T))
    assert (await session(database)).service_state == 0


async def test_five_are_out_when_wecom_says_so(database: Database) -> None:
    """fail_type 6."""
    await remember(database, HearKf(**WHERE, at=T), spend(1), settled(1, "sent"))
    await remember(database, NoteKfFailed(**WHERE, msgid="m1", reason="满了", full=True))
    assert (await session(database)).sends == 5


SECONDS = st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), SECONDS),
        st.tuples(st.just("spend"), SECONDS),
        st.tuples(st.just("settle"), SECONDS, st.integers(0, 30)),
    ),
    max_size=40,
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_never_six_in_a_window_whatever_the_order(database: Database, steps: list[tuple[Any, ...]]) -> None:
    """WeCom counts what it takes after the customer's last word; we never count fewer."""

    class UndoneError(Exception):
        pass

    def play(conn: Connection) -> None:
        now, taken, out = T, 0, []
        for number, (what, seconds, *which) in enumerate(steps):
            now += seconds
            if what == "hear":
                taken = 0
                records.apply(conn, 1, HearKf(**WHERE, at=now))
            elif what == "spend":
                before = conn.begin_nested()
                try:
                    records.apply(conn, 1, spend(number, now))
                    out.append(number)
                    before.commit()
                except GuardFailedError:
                    before.rollback()
            elif out:
                n = out.pop(which[0] % len(out))
                sent = which[0] % 3
                taken += 1 if sent else 0
                records.apply(conn, 1, settled(n, "sent" if sent else "refused", now))
            assert taken <= kf.session(conn, "wk1", "wm-1").sends <= 5
        raise UndoneError

    with pytest.raises(UndoneError):
        await database.write(play)


async def test_an_account_is_found_by_either_name(database: Database) -> None:
    """And a bell of one that nobody wrote down makes no second row when it is."""
    page: dict[str, Any] = {"open_kfid": "wk1", "arrivals": [], "now": T}
    await database.write(lambda conn: kf_accounts.keep_page(conn, cursor="c1", since_at=T - 600, **page))
    await remember(database, SaveKfAccount(account_id="advisor", open_kfid="wk1", name="顾问", at=T + 5))
    await database.write(lambda conn: kf_accounts.keep_page(conn, cursor="c2", since_at=T, **page))
    [account] = await database.read(kf_accounts.all_accounts)
    assert account == kf_accounts.StoredAccount("wk1", "advisor", "顾问", "c2", T - 600, T, 0)
    await remember(database, SaveKfAccount(account_id="advisor", open_kfid="wk9", name="顾问", at=T + 9))
    accounts = await database.read(kf_accounts.all_accounts)
    assert [(a.open_kfid, a.account_id, a.since_at) for a in accounts] == [
        ("wk1", None, T - 600),
        ("wk9", "advisor", T + 9),
    ]


async def test_a_link_is_kept(database: Database) -> None:
    """It can be listed nowhere else."""
    await remember(database, SaveKfLink(channel_id="c", open_kfid="wk1", url="https://kf", at=T))
    assert await database.read(lambda conn: kf_accounts.link(conn, "c")) == ("wk1", "https://kf")
    assert await database.read(lambda conn: kf_accounts.link(conn, "d")) is None


async def test_strangers_are_those_without_a_profile(database: Database) -> None:
    """Whoever has spoken is known by id, and by name once somebody asked."""
    note = NoteKfMessage(**WHERE, msgid="m", origin="customer", msgtype="text", at=T)
    await remember(database, note, SaveKfCustomer(external_userid="wm-2", profile=Profile(name="二"), at=T))
    assert await database.read(lambda conn: kf.strangers(conn, {"wm-1", "wm-2", "wm-3"})) == ["wm-1", "wm-3"]


async def test_kf_fills_gaps_and_overwrites_nothing(database: Database) -> None:
    """What the guides' side knows is the fuller truth."""
    told = SaveKfCustomer(external_userid="wm-1", profile=Profile(name="微信名", gender=1), at=T)
    await remember(database, told)
    again = SaveKfCustomer(external_userid="wm-1", profile=Profile(name="新名", avatar="a"), at=T + 1)
    await remember(database, again)
    [row] = await database.read(lambda conn: conn.execute(text("SELECT name, avatar, gender FROM people")).all())
    assert tuple(row) == ("微信名", "a", 1)


async def test_one_unionid_is_one_person(database: Database) -> None:
    """The older one stays, with all that both had."""
    tag = TagPerson(userid="lin", external_userid="wm-1", tag="肤质/干性", source="survey/x", at=T)
    unknown = SaveKfCustomer(external_userid="wm-1", profile=Profile(gender=1), at=T)
    await remember(database, unknown, tag, HearKf(open_kfid="wk2", external_userid="wm-2", at=T + 5))
    first, second = [await database.read(lambda conn, w=w: people.person(conn, w)) for w in ("wm-1", "wm-2")]
    assert first and second and first.person_id < second.person_id
    union = Profile(unionid="u1")
    await remember(database, SaveKfCustomer(external_userid="wm-1", profile=union, at=T + 6))
    named = SaveKfCustomer(external_userid="wm-2", profile=Profile(name="林", unionid="u1"), at=T + 7)
    await remember(database, named)
    both = [await database.read(lambda conn, w=w: people.person(conn, w)) for w in ("wm-1", "wm-2")]
    assert both == [people.Person(first.person_id, "林")] * 2
    rows = await database.read(lambda conn: conn.execute(text("SELECT person_id FROM kf_sessions")).all())
    assert [row.person_id for row in rows] == [first.person_id]
    known = await database.read(
        lambda conn: conn.execute(text("SELECT kind, how FROM identities ORDER BY value")).all()
    )
    assert [tuple(row) for row in known] == [
        ("unionid", "kf/customer/batchget"),
        ("external_userid", "kf"),
        ("external_userid", "kf"),
    ]

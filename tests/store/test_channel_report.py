"""The numbers of every channel, on both databases."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.scrm.channel_report import ChannelNumbers
from bot.store.channel_report import channel_numbers
from bot.store.database import Database
from bot.store.tables import Deliveries, FollowLog, Identities, Orders
from bot.store.tables.kf import KfAccounts, KfMessages, KfSessions
from bot.store.tables.surveys import SurveyRuns
from bot.store.upsert import columns

DAY = 86_400
START, END = 100 * DAY, 110 * DAY


def logged(n: int, what: str, at: int, channel: str | None = "parcel") -> dict[str, Any]:
    who = {"userid": "lin", "external_userid": f"wm-{n}", "person_id": n}
    return {**who, "channel_id": channel, "what": what, "at": at}


def order(n: int, paid_at: int, *, first: bool = True, channel: str | None = "parcel") -> dict[str, Any]:
    money = {"paid_at": paid_at, "total_fen": 26_800, "refunded_fen": 800, "state": "paid", "items": []}
    return {"order_id": f"o{n}", "person_id": n, "channel_id": channel, "is_first": first, **money, "saved_at": 1}


def run(n: int, state: str, ended_at: int) -> dict[str, Any]:
    about = {"survey_id": "s", "version": "1", "person_id": n, "state": state, "started_at": START}
    return {"run_id": f"r{n}", **about, "expires_at": END, "ended_at": ended_at}


def welcome(n: int, at: int) -> dict[str, Any]:
    return {"person_id": n, "userid": "lin", "touchpoint": "welcome", "cause": n, "delivered_at": at}


async def fill(database: Database) -> None:
    rows: list[tuple[type, list[dict[str, Any]]]] = [
        (
            FollowLog,
            [
                logged(1, "added", START),
                logged(2, "added", START + 5),
                logged(3, "added", START + 9),
                logged(4, "added", START - 1),
                logged(5, "added", START, "store"),
                logged(6, "added", START, None),
                logged(1, "lost", START + 6 * DAY),
                logged(2, "lost", START + 8 * DAY),
                logged(4, "removed", START + DAY),
                logged(5, "moved", START + DAY, "store"),
                logged(3, "added", END),
            ],
        ),
        (Deliveries, [welcome(1, START + 2), welcome(2, START + 5 + 2 * DAY), welcome(5, START)]),
        (SurveyRuns, [run(1, "done", START + 9), run(2, "expired", START + 9), run(3, "done", START)]),
        (Orders, [order(1, START + DAY), order(2, START, first=False), order(5, END, channel="store")]),
    ]

    def job(conn: Connection) -> None:
        for table, some in rows:
            conn.execute(columns(table).insert(), some)

    await database.write(job)


async def test_a_channel_is_told_from_the_add_to_the_first_order(database: Database) -> None:
    """Within the time asked for; who was handed over is not gone; a survey of an earlier life does not count."""
    await fill(database)
    found = await database.read(partial(channel_numbers, since_at=START, until_at=END))
    assert found == [
        ChannelNumbers(
            channel_id="parcel",
            added=3,
            greeted=1,
            surveyed=1,
            lost_soon=1,
            parted=3,
            first_orders=1,
            first_order_fen=26_000,
        ),
        ChannelNumbers(channel_id="store", added=1, greeted=1),
        ChannelNumbers(channel_id=None, added=1),
    ]
    assert found[0].net == 0
    assert (found[0].cost(180), found[0].cost_per_first_order(180), found[1].cost_per_first_order(180)) == (
        540,
        540,
        None,
    )


def came(n: int, at: int, channel: str | None = "kf-official", kf: str = "wk-1") -> list[tuple[type, dict[str, Any]]]:
    """Who enters by a link."""
    who = {"open_kfid": kf, "external_userid": f"wm-{n}", "person_id": n, "channel_id": channel, "entered_at": at}
    zero = {"service_state": 0, "servicer_userid": "", "customer_at": 0, "sends": 0, "scene": "", "scene_param": ""}
    return [(KfSessions, {**who, **zero})]


def known(n: int, at: int, how: str = "kf") -> list[tuple[type, dict[str, Any]]]:
    row = {"kind": "external_userid", "value": f"wm-{n}", "person_id": n, "how": how, "known_at": at}
    return [(Identities, row)]


def said(n: int, at: int, state: str = "sent") -> list[tuple[type, dict[str, Any]]]:
    about = {"open_kfid": "wk-1", "msgid": f"m{n}", "external_userid": f"wm-{n}", "person_id": n, "msgtype": "text"}
    rest = {"text": "", "counted": False, "reason": "", "recalled": False, "history": False}
    return [(KfMessages, {**about, **rest, "origin": "bot", "said_at": at, "state": state})]


async def test_who_came_by_a_kf_link_is_a_newcomer_of_it_once(database: Database) -> None:
    """By that way alone, or before a guide; not who was known before, was there before us, or came by no link."""
    account = {"open_kfid": "wk-1", "since_at": START - 5, "pulled_at": 0, "covered": 0, "name": "", "cursor": ""}
    rows: list[tuple[type, dict[str, Any]]] = [
        (KfAccounts, account),
        (KfAccounts, account | {"open_kfid": "wk-2"}),
        *(one for n in (1, 2, 3) for one in known(n, START)),
        *came(1, START),
        *came(1, START + DAY, "parcel", "wk-2"),  # a second way in: still one person
        *came(2, START),
        (FollowLog, logged(2, "added", START + DAY, "store")),
        (FollowLog, logged(2, "added", START + 2 * DAY, "store") | {"userid": "zhou"}),
        (FollowLog, logged(2, "lost", START + 3 * DAY, "store")),
        *came(3, START, None),
        *known(4, START, "callback"),
        (FollowLog, logged(4, "added", START, "store")),
        *came(4, START + DAY),
        *known(5, START - 9),
        *came(5, START - 9),
        *known(6, END),
        *came(6, END),
        *said(1, START + 3),
        *said(2, START + 3, "refused"),
        (SurveyRuns, run(2, "done", START + 9)),
    ]

    def job(conn: Connection) -> None:
        for table, row in rows:
            conn.execute(columns(table).insert(), row)

    await database.write(job)
    found = await database.read(partial(channel_numbers, since_at=START, until_at=END))
    assert {numbers.channel_id: numbers for numbers in found} == {
        "kf-official": ChannelNumbers(channel_id="kf-official", added=2, greeted=1, surveyed=1, lost_soon=1),
        "store": ChannelNumbers(channel_id="store", added=2, parted=1),  # 2's second guide, and 4
    }


async def test_nothing_happened_is_no_channel(database: Database) -> None:
    """And no error."""
    assert await database.read(partial(channel_numbers, since_at=0, until_at=END)) == []

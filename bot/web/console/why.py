"""Why something went out or did not, and the least that would turn it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from bot.content.places import Places
from bot.flow.held_now import waiting
from bot.flow.outlook import Outlook, entries_of, reckoned
from bot.scrm.gates.answer import Explained, of_pool
from bot.scrm.gates.outcome import GONE, LET_GO, became
from bot.scrm.plan_told import limited
from bot.store import belongings, in_hand, planning, standing
from bot.store.standing import Decision
from bot.web.console.overview import DAYS, Overview
from bot.web.console.remedies import gates, places, remedies
from bot.web.console.room import Answer, Page, Room, Visit, clock, paged, title_of
from bot.web.console.search import searched
from bot.web.console.sheet import Cell, Field, Form, Part, Section, Sheet, Words

TOLD: Final = ("什么时候", "哪里", "怎么样", "为什么", "没放行的门", "最少改什么")
ASK: Final = "条目的编号、内容的标题或里面的话；或一位客户：名字、备注、任何编号、#人员编号"


async def show(room: Room, visit: Visit) -> Answer:
    """An entry with its reasons; a customer has a page of their own."""
    asked = visit.query.get("q", "").strip().replace("\0", "")[:200]
    if not asked:
        return _sheet(asked, Words("从今天、日历、计划里点一条，也能到这里。", "soft"))
    if "/" in asked and (sheet := await _entry(room, visit, asked)):
        return sheet
    person_id = await room.database.read(partial(belongings.find, customer=asked))
    if person_id is not None:
        return f"/console/customers/{person_id}"
    return await searched(room, visit, asked, _form(asked))


async def _entry(room: Room, visit: Visit, asked: str) -> Sheet | None:
    """A line that is there, or was; None: there never was one of this name."""
    content = room.content()
    calendar, _, entry = asked.partition("/")
    offset, limit = visit.window("decided")
    read = partial(standing.decisions, calendar=calendar, entry=entry, offset=offset, limit=limit)
    decided = await room.database.read(read)
    if asked not in entries_of(content) and not decided:
        return None
    overview = await room.overviews.newest()
    waits, left = await room.database.read(partial(planning.out, calendar=calendar, entry=entry, now=visit.now))
    look_at = await room.database.read(partial(in_hand.next_look, calendar=calendar, entry=entry))
    names = _names(overview.outlook) if overview else {}
    what = Field(name="what", value=f"条目/{asked}", kind="hidden")
    stop = Form(to="/console/switches", button="停掉这一条", fields=(what,), method="get")
    sections = (
        Section(
            "",
            (
                _form(asked),
                *_limits(room, asked),
                Words(f"还没到截止的：{LET_GO} {waits:,} 个，{GONE} {left:,} 个。{_read_next(look_at, room)}"),
                stop,
            ),
        ),
        *await _waits(room, asked, visit),
        await _to_come(overview, room, asked, visit),
        Section("定过的", (_decided(room, visit, decided, names),), "来自记录，最近的在前。"),
    )
    return Sheet(f"为什么 {asked}", sections)


def _read_next(look_at: int | None, room: Room) -> str:
    """That WeCom tells nobody who pressed, and when it is asked next."""
    return f"谁点了发送，要我们去读企业微信才知道，下一次在 {clock(look_at, room.timezone)}。" if look_at else ""


def _limits(room: Room, asked: str) -> list[Words]:
    """That it is tried out, or goes to some first."""
    content, entry = room.content(), entries_of(room.content()).get(asked)
    calendar = next((each for each in content.calendars if each.id == asked.partition("/")[0]), None)
    said = limited(calendar, entry) if calendar and entry else ""
    return [Words(f"{said}。", "bad")] if said else []


def _sheet(asked: str, *more: Part) -> Sheet:
    return Sheet("为什么", (Section("", (_form(asked), *more)),))


def _form(asked: str) -> Form:
    return Form(
        to="/console/why", button="问", fields=(Field(name="q", label=ASK, value=asked),), method="get", tone="main"
    )


async def _waits(room: Room, asked: str, visit: Visit) -> list[Section]:
    """What it is held back from at this moment; nothing where it is not."""
    offset, limit = visit.window("held")
    found = await waiting(room.database, room.content(), room.timezone, asked, visit.now, offset, limit)
    if not found:
        return []
    there = await places(room)
    rows = [(*_row(each.explained, room, there), each.until) for each in found]
    return [Section("推迟着的", (paged(visit, "held", (*TOLD, "等到什么时候"), rows),), "现在再看一遍的结果。")]


async def _to_come(overview: Overview | None, room: Room, asked: str, visit: Visit) -> Section:
    """The next slot of the entry, for its pools or for one of them, each with the least that would turn it."""
    title, pool = "下一次", visit.query.get("pool", "").strip()
    if overview is None:
        return Section(title, (Words(room.overviews.why_none),))
    which = Field(name="pool", label="只看一个：群名、chat_id 或导购 userid", value=pool)
    look = Form(
        to="/console/why", button="看", fields=(Field(name="q", value=asked, kind="hidden"), which), method="get"
    )
    outlook = overview.outlook
    if pool and outlook.guides is not None:
        owner = frozenset(userid for userid in _owners(outlook, pool) if userid not in outlook.guides)
        if owner:
            outlook = await asyncio.to_thread(reckoned, outlook, room.content(), room.timezone, owner)
    answers = await asyncio.to_thread(_next, outlook, asked, pool, visit)
    there = await places(room)
    table = paged(visit, "next", TOLD, [_row(one, room, there) for one in answers], f"接下来 {DAYS} 天没有要发的。")
    return Section(title, (look, table), room.overviews.how(overview, visit.now))


def _owners(outlook: Outlook, pool: str) -> list[str]:
    """Whose hand sends to a pool of this name or id."""
    pools = (each for board in outlook.boards.values() for each in board.pools)
    return [each.userid for each in pools if pool in (each.id, each.name)]


def _next(outlook: Outlook, entry: str, pool: str, visit: Visit) -> list[Explained]:
    """What the entry's next slot comes to, pool by pool."""
    (offset, limit), to_come = visit.window("next"), outlook.after(visit.now).foreseen
    mine = [each for each in to_come if f"{each.situation.calendar.id}/{each.situation.entry.id}" == entry]
    first = [each for each in mine if each.situation.slot.at == mine[0].situation.slot.at]
    first = [each for each in first if pool in ("", each.situation.pool.id, each.situation.pool.name)]
    return [of_pool(each) for each in first[offset : offset + limit]]


def _row(one: Explained, room: Room, there: Places) -> tuple[Cell, ...]:
    title = f"“{one.title}”" if one.title else ""
    why = (one.because, gates(one), remedies(one, room, there))
    return one.when, one.pool, f"{one.outcome}{title}", *why


def _names(outlook: Outlook) -> dict[str, str]:
    return {pool.id: pool.name for board in outlook.boards.values() for pool in board.pools}


def _decided(room: Room, visit: Visit, decided: list[Decision], names: dict[str, str]) -> Part:
    content = room.content()
    rows: list[tuple[Cell, ...]] = [
        (
            clock(each.at, room.timezone),
            names.get(each.pool, each.pool),
            became(each.outcome, waits=each.settled_at is None, by_hand=each.by_hand),
            title_of(content, each.item),
            each.because,
            "；".join(f"{stop['gate']}：{stop['because']}" for stop in each.stops),
            clock(each.retry_at, room.timezone),
        )
        for each in decided
    ]
    head = ("什么时候", "哪里", "怎么定的", "内容", "为什么", "没放行的门", "什么时候再看")
    return paged(visit, "decided", head, rows, "还没有定过。")


PAGES = (Page("GET", "/console/why", "see", show),)

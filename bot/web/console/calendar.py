"""The calendar by month and by week: every slot in the colour of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from bot.content.snapshot import Content
from bot.scrm.calendar import Slot
from bot.scrm.gates.outcome import GOES
from bot.scrm.gates.situations import find_entry
from bot.scrm.kind import KINDS
from bot.scrm.plan_told import limited
from bot.scrm.slots import slots
from bot.scrm.week import WEEKDAYS, local_time
from bot.store import standing
from bot.store.standing import Stood
from bot.web.console.overview import Overview
from bot.web.console.room import Page, Room, Visit
from bot.web.console.sheet import Day, Days, Legend, Link, Section, Sheet, Table, Tone

Key = tuple[int, str, str]
Line = tuple[str, Tone, str, str]
OPEN: Final = "由配比来挑"

GONE, WAITS, HELD, MISSED, GOES_AHEAD, STUCK = STATES = ("已发出", "等导购点", "推迟着", "没发出", "会发出", "会卡住")
"""How a slot stands, or is to come, in a word."""

LEGEND: Final = (
    (tuple((kind, kind) for kind in KINDS), "四类内容，各一种颜色"),
    (((OPEN, ""),), "还没定下来发哪一类，没有颜色"),
    (((GONE, ""),), "有群或导购已经发了，或者已经交给导购手发"),
    (((WAITS, ""),), "放行了，还有导购没点发送"),
    (((HELD, ""),), "有一道门没放行，截止以前还会再看"),
    (((MISSED, ""),), "跳过了、没赶上、到截止没人点，或者那时还没有这一条"),
    (((GOES_AHEAD, ""),), "推算：到时至少有一个群、一位导购能发"),
    (((STUCK, ""),), "推算：照现在这样到时发不了，点开看差什么"),
    ((("没有字", ""),), "七天以后的，或者现在没有可以发的群、导购"),
    ((("（试跑）", ""),), "照样决定、照样记下，什么也不发"),
    ((("（试点）", ""),), "先只给几个群、几位导购"),
    ((("粗框", ""),), "今天"),
)
OUTSIDE: Final = ((("虚线框", ""),), "上个月、下个月的日子")


async def show(room: Room, visit: Visit) -> Sheet:
    """A month, or a week of it."""
    weekly = visit.query.get("by") == "week"
    today = local_time(visit.now, room.timezone).date()
    asked = _day(visit.query.get("day", ""), today)
    first, last = _week(asked) if weekly else _month(asked)
    lines = await _lines(room, visit.now, first, last)
    days = tuple(_shown(first + timedelta(n), asked, today, lines, weekly) for n in range((last - first).days))
    title = f"{first.month} 月 {first.day} 日这一周" if weekly else f"{asked.year} 年 {asked.month} 月"
    overview = await room.overviews.newest()
    how = (
        "过去的来自记录；七天内的是推算，"
        + (room.overviews.aged(overview.at, visit.now) if overview else "还没有算好")
        + "；更远的来自日历文件。"
    )
    legend = Legend("颜色和字是什么意思", LEGEND if weekly else (*LEGEND, OUTSIDE))
    return Sheet(title, (Section("", (_around(asked, weekly), legend, Days(days)), how),))


async def _lines(room: Room, now: int, first: date, last: date) -> dict[date, list[Line]]:
    """Day → its slots in the order of time, each with its colour, where its reasons are, and how it stands."""
    content, zone = room.content(), ZoneInfo(room.timezone)
    begin, end = (int(datetime.combine(day, datetime.min.time(), zone).timestamp()) for day in (first, last))
    known = await room.database.read(partial(standing.stood, from_at=begin, until_at=min(end, now + 1)))
    ahead = _foreseen(await room.overviews.newest())
    kinds = {key: each.kind for found in (ahead, known) for key, each in found.items() if each.kind}
    due = {
        (slot.at, slot.calendar, slot.entry): slot.by_at
        for slot in slots(content.calendars, content.days, begin, end, room.timezone)
    }
    lines: dict[date, list[Line]] = {}
    for key in sorted({*due, *known}):
        local = local_time(key[0], room.timezone)
        words, tone = _said(content, key, kinds)
        state = _state(known.get(key), ahead.get(key), over=due.get(key, 0) < now)
        lines.setdefault(local.date(), []).append(
            (f"{local:%H:%M} {words}", tone, f"/console/why?q={key[1]}/{key[2]}", state)
        )
    return lines


def _state(known: Stood | None, ahead: Stood | None, *, over: bool) -> str:
    """By what was decided; of what is to come, by what is foreseen. Nothing of what is far away, or only tried."""
    each = known or (None if over else ahead)
    if each is None:
        return MISSED if over else ""
    if "waiting" in each.outcomes:
        return WAITS
    if each.outcomes & set(GOES):
        return GONE if known else GOES_AHEAD
    if "tried" in each.outcomes:
        return ""
    return (HELD if "held" in each.outcomes else MISSED) if known else STUCK


def _foreseen(overview: Overview | None) -> dict[Key, Stood]:
    """How each slot of the next days would come to stand; its kind, by the first pool that gets any."""
    found: dict[Key, Stood] = {}
    for each in overview.outlook.foreseen if overview else ():
        slot, decision = each.situation.slot, each.decision
        key = (slot.at, slot.calendar, slot.entry)
        so_far = found.get(key, Stood(None, frozenset()))
        kind = decision.item.kind if decision.item and decision.outcome in GOES else None
        found[key] = Stood(so_far.kind or kind, so_far.outcomes | {decision.outcome})
    return found


def _said(content: Content, key: Key, kinds: Mapping[Key, str]) -> tuple[str, Tone]:
    found = find_entry(content, Slot(key[0], key[1], key[2], key[0]))
    item = content.library.get(found[1].item or "") if found else None
    kind = kinds.get(key) or (item.kind if item else "")
    where = found[1].touchpoint if found else ""
    title = item.title if item else key[2] if not found else OPEN
    limits = limited(*found) if found else ""
    marks = "".join(f"（{word}）" for word in ("试跑", "试点") if word in limits)
    return f"{where} {title}{marks}".strip(), kind if kind in KINDS else ""


def _shown(day: date, asked: date, today: date, lines: Mapping[date, list[Line]], weekly: bool) -> Day:
    heading = f"{day.month}/{day.day} {WEEKDAYS[day.weekday()]}"
    outside = not weekly and day.month != asked.month
    return Day(heading, tuple(lines.get(day, ())), day == today, outside)


def _around(asked: date, weekly: bool) -> Table:
    step = timedelta(7) if weekly else None
    before = asked - step if step else asked.replace(day=1) - timedelta(1)
    after = asked + step if step else (asked.replace(day=28) + timedelta(4)).replace(day=1)
    by = "&by=week" if weekly else ""
    links = (
        Link("前一周" if weekly else "前一月", f"/console/calendar?day={before}{by}"),
        Link("后一周" if weekly else "后一月", f"/console/calendar?day={after}{by}"),
        Link("按月看", f"/console/calendar?day={asked}")
        if weekly
        else Link("按周看", f"/console/calendar?day={asked}&by=week"),
    )
    return Table(name="around", head=("", "", ""), rows=[links])


def _day(words: str, today: date) -> date:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return today
    return found if 2000 <= found.year <= 2200 else today


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(7)


def _month(day: date) -> tuple[date, date]:
    """Whole weeks around it."""
    first = day.replace(day=1)
    last = (first + timedelta(32)).replace(day=1)
    return first - timedelta(first.weekday()), last + timedelta(-last.weekday() % 7)


PAGES = (Page("GET", "/console/calendar", "see", show),)

"""The calendar by month and by week: every slot in the colour of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from bot.content.snapshot import Content
from bot.scrm.calendar import Slot
from bot.scrm.gates.decide import GOES
from bot.scrm.gates.situations import find_entry
from bot.scrm.kind import KINDS
from bot.scrm.plan_told import limited
from bot.scrm.slots import slots
from bot.scrm.week import WEEKDAYS, local_time
from bot.store import standing
from bot.web.console.overview import Overview
from bot.web.console.room import Page, Room, Visit
from bot.web.console.sheet import Day, Days, Link, Section, Sheet, Table, Tone, Words

Key = tuple[int, str, str]
OPEN: Final = "由配比来挑"


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
    colours = Words("四种颜色：" + "、".join(KINDS) + "；还没定下来的没有颜色。", "soft")
    return Sheet(title, (Section("", (_around(asked, weekly), Days(days), colours), how),))


async def _lines(room: Room, now: int, first: date, last: date) -> dict[date, list[tuple[str, Tone, str]]]:
    """Day → its slots in the order of time, each with its colour and where its reasons are."""
    content, zone = room.content(), ZoneInfo(room.timezone)
    begin, end = (int(datetime.combine(day, datetime.min.time(), zone).timestamp()) for day in (first, last))
    known = await room.database.read(partial(standing.kinds, from_at=begin, until_at=min(end, now + 1)))
    kinds = _foreseen(await room.overviews.newest()) | known
    due = {
        (slot.at, slot.calendar, slot.entry)
        for slot in slots(content.calendars, content.days, begin, end, room.timezone)
    }
    found: dict[date, list[tuple[str, Tone, str]]] = {}
    for key in sorted(due | set(known)):
        local = local_time(key[0], room.timezone)
        words, tone = _said(content, key, kinds)
        line = (f"{local:%H:%M} {words}", tone, f"/console/why?q={key[1]}/{key[2]}")
        found.setdefault(local.date(), []).append(line)
    return found


def _foreseen(overview: Overview | None) -> dict[Key, str]:
    """The kind that each slot of the next days would come to, by its first pool that gets any."""
    found: dict[Key, str] = {}
    for each in overview.outlook.foreseen if overview else ():
        if each.decision.outcome in GOES and each.decision.item:
            slot = each.situation.slot
            found.setdefault((slot.at, slot.calendar, slot.entry), each.decision.item.kind)
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


def _shown(day: date, asked: date, today: date, lines: Mapping[date, list[tuple[str, Tone, str]]], weekly: bool) -> Day:
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

"""The week to come, slot by slot, and what is different since somebody looked last."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Final

from bot.flow import plan_last
from bot.scrm.calendar import SlotKey
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.decide import SAID
from bot.scrm.plan_told import names, shown, told
from bot.web.console.overview import DAYS, Overview
from bot.web.console.room import Page, Room, Visit, clock, cut
from bot.web.console.sheet import Cell, Form, Link, Section, Sheet, Table, Words

KEPT: Final = "记下了。以后说的“不同”，从现在这一份比起。"
WHAT: Final = (("added", "多了"), ("gone", "少了"), ("changed", "变了"))


async def show(room: Room, visit: Visit) -> Sheet:
    """What would go out, wait or be let be, and why."""
    overview = await room.overviews.newest()
    if overview is None:
        return Sheet("计划", (Section("", (Words(room.overviews.why_none),)),))
    content = await asyncio.to_thread(partial(_parts, overview, room, visit))
    return Sheet("计划", content, KEPT if visit.query.get("said") == "kept" else "")


def _parts(overview: Overview, room: Room, visit: Visit) -> tuple[Section, ...]:
    foreseen, zone = overview.outlook.foreseen, room.timezone
    how = overview.how(visit.now, room.content().version)
    head = ("时间", "条目", "发到", "怎么样", "内容", "为什么")
    plan = cut(visit, "plan", head, _rows(foreseen, zone), overview.outlook.empty or "没有。")
    yields = [(each["at"], each["entry"], each["because"], names(each["pools"])) for each in overview.conflicts]
    gaps = [
        (f"第 {each['week']} 周", each["touchpoint"], each["kind"], each["count"], names(each["pools"]))
        for each in overview.missing
    ]
    return (
        Section("和上次看的不同", _difference(overview, room, visit)),
        Section(f"接下来 {DAYS} 天", (plan,), how),
        Section("互相让路的", (cut(visit, "conflicts", ("时间", "条目", "为什么", "哪里"), yields),), how),
        Section("会缺的内容", (cut(visit, "missing", ("什么时候", "触点", "类别", "缺几条", "哪里"), gaps),), how),
    )


def _rows(foreseen: Iterable[Foreseen], timezone: str) -> list[tuple[Cell, ...]]:
    """One line a slot and outcome: the pools that have it in common together."""
    alike: dict[tuple[SlotKey, str, str, str, str], list[str]] = defaultdict(list)
    for each in foreseen:
        s, decision = each.situation, each.decision
        item = f"{decision.item.kind} {decision.item.title}" if decision.item else ""
        key = (s.slot.key, s.touchpoint, SAID[decision.outcome], item, decision.because)
        alike[key].append(s.pool.name)
    rows: list[tuple[Cell, ...]] = []
    for (slot, touchpoint, outcome, item, because), pools in sorted(
        alike.items(), key=lambda one: (one[0][0][2], one[0])
    ):
        entry = Link(f"{slot[0]}/{slot[1]}", f"/console/why?q={slot[0]}/{slot[1]}")
        rows.append((clock(slot[2], timezone), entry, f"{touchpoint} {names(pools)}", outcome, item, because))
    return rows


def _difference(overview: Overview, room: Room, visit: Visit) -> tuple[Table | Words | Form, ...]:
    now = shown(overview.outlook.foreseen, overview.at, overview.until_at)
    found = plan_last.since_last(room.data, now)
    keep = Form(to="/console/plan/keep", button="记下现在这一份")
    if found is None:
        return Words("还没有记下过一份来比。"), keep
    said = told(found, room.timezone)
    rows = [
        (word, each["at"], each["entry"], each["was"], each["now"], names(each["pools"]))
        for name, word in WHAT
        for each in said[name]
    ]
    counts = Counter(str(row[0]) for row in rows)
    sums = "，".join(f"{word} {count}" for word, count in counts.items()) or "一样"
    table = cut(visit, "difference", ("怎么", "时间", "条目", "原来", "现在", "哪里"), rows)
    return (Words(sums), table, keep) if rows else (Words(sums), keep)


async def keep(room: Room, visit: Visit) -> str:
    """Compare with this one from now on."""
    overview = await room.overviews.newest()
    if overview is not None:
        plan = shown(overview.outlook.foreseen, overview.at, overview.until_at)
        await asyncio.to_thread(plan_last.keep, room.data, plan)
    return "/console/plan?said=kept"


PAGES = (Page("GET", "/console/plan", "see", show), Page("POST", "/console/plan/keep", "see", keep))

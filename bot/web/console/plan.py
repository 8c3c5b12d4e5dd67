"""The week to come, slot by slot, and what is different since somebody looked last."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from bot.flow import plan_last, steps_told
from bot.scrm.calendar import SlotKey
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.outcome import SAID
from bot.scrm.plan_told import limited, names, shown, told
from bot.store.audit import Change, note
from bot.web.console.overview import DAYS, Overview
from bot.web.console.room import Page, Room, Visit, clock, cut
from bot.web.console.sheet import Cell, Form, Link, Section, Sheet, Table, Words

KEPT: Final = "记下了。以后说的“不同”，从现在这一份比起。"
STEPS: Final = ("时间", "序列的一步", "客户", "导购", "怎么样", "内容", "为什么")
EACH: Final = "每位客户到时还要一个个看：退订、疲劳、接待中的不打扰。点开客户能看到走到哪一步。"
GOES: Final = "“发出”是到点会放行；导购在企业微信里点了，才真的发出去。到了点的看“今天”。"
WHAT: Final = (("added", "多了"), ("gone", "少了"), ("changed", "变了"))


async def show(room: Room, visit: Visit) -> Sheet:
    """What would go out, wait or be let be, and why."""
    overview = await room.overviews.newest()
    if overview is None:
        return Sheet("计划", (Section("", (Words(room.overviews.why_none),)),))
    content = await asyncio.to_thread(partial(_parts, overview, room, visit))
    return Sheet("计划", content, KEPT if visit.query.get("said") == "kept" else "")


def _parts(overview: Overview, room: Room, visit: Visit) -> tuple[Section, ...]:
    foreseen, zone = overview.outlook.after(visit.now).foreseen, room.timezone
    how = room.overviews.how(overview, visit.now)
    head = ("时间", "条目", "发到", "怎么样", "内容", "为什么")
    planned = (each for each in foreseen if not each.situation.slot.is_step)
    plan = cut(visit, "plan", head, _rows(planned, zone), overview.outlook.empty or "没有。")
    steps = [_step(each) for each in steps_told.steps(overview.outlook, zone)]
    yields = [(each["at"], each["entry"], each["because"], names(each["pools"])) for each in overview.conflicts]
    gaps = [
        (f"第 {each['week']} 周", each["touchpoint"], each["kind"], each["count"], names(each["pools"]))
        for each in overview.missing
    ]
    return (
        Section("和上次看的不同", _difference(overview, room, visit)),
        Section(f"接下来 {DAYS} 天", (plan, Words(GOES, "soft")), how),
        Section("自动序列", (cut(visit, "steps", STEPS, steps, "没有客户会走到哪一步。"), Words(EACH, "soft")), how),
        Section("互相让路的", (cut(visit, "conflicts", ("时间", "条目", "为什么", "哪里"), yields),), how),
        Section("会缺的内容", (cut(visit, "missing", ("什么时候", "触点", "类别", "缺几条", "哪里"), gaps),), how),
    )


def _rows(foreseen: Iterable[Foreseen], timezone: str) -> list[tuple[Cell, ...]]:
    """One line a slot and outcome: the pools that have it in common together."""
    alike: dict[tuple[SlotKey, str, str, str, str], list[str]] = defaultdict(list)
    limits: dict[SlotKey, str] = {}
    for each in foreseen:
        s, decision = each.situation, each.decision
        item = f"{decision.item.kind} {decision.item.title}" if decision.item else ""
        key = (s.slot.key, s.touchpoint, SAID[decision.outcome], item, decision.because)
        alike[key].append(s.pool.name)
        limits[s.slot.key] = limited(s.calendar, s.entry)
    rows: list[tuple[Cell, ...]] = []
    for (slot, touchpoint, outcome, item, because), pools in sorted(
        alike.items(), key=lambda one: (one[0][0][2], one[0])
    ):
        entry = Link(f"{slot[0]}/{slot[1]}", f"/console/why?q={slot[0]}/{slot[1]}")
        held = f"（{limits[slot]}）" if limits[slot] else ""
        rows.append((clock(slot[2], timezone), entry, f"{touchpoint} {names(pools)}{held}", outcome, item, because))
    return rows


def _step(row: dict[str, Any]) -> tuple[Cell, ...]:
    entry = Link(row["entry"], f"/console/why?q={row['entry']}")
    return row["at"], entry, *(row[name] for name in ("people", "guides", "outcome", "item", "because"))


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
    if overview is None:
        return "/console/plan"  # which says that there is none yet
    plan = shown(overview.outlook.foreseen, overview.at, overview.until_at)
    await asyncio.to_thread(plan_last.keep, room.data, plan)
    change = Change(by=visit.doer, what="记下计划", target=f"接下来 {DAYS} 天")
    await room.database.write(lambda conn: note(conn, change))
    return "/console/plan?said=kept"


PAGES = (Page("GET", "/console/plan", "see", show), Page("POST", "/console/plan/keep", "see", keep))

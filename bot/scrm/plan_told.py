"""A plan as people read it: what is shown of it, what is different, what is in its way, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.scrm.calendar import Calendar, Entry
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.outcome import SAID
from bot.scrm.plan_diff import Difference, Line, LineKey, Plan
from bot.scrm.stock import Gap
from bot.scrm.week import local_time

NAMES: Final = 3


def names(pools: Sequence[str]) -> str:
    """A few of them by name, and how many they are."""
    return "、".join(pools[:NAMES]) + (f"等 {len(pools)} 个" if len(pools) > NAMES else "")


def limited(calendar: Calendar, entry: Entry) -> str:
    """How a line is held back for now; empty when it is not."""
    first = [*(f"群 {name}" for name in entry.pilot.groups), *entry.pilot.guides]
    said = ["试跑：照样决定，什么也不发"] if calendar.shadow else []
    return "；".join([*said, *([f"试点：先只发到 {'、'.join(first)}"] if first else [])])


def shown(foreseen: Iterable[Foreseen], from_at: int, until_at: int) -> Plan:
    """The plan as it is shown; who comes to a step of a sequence when is another matter."""
    lines: dict[LineKey, Line] = {}
    for each in foreseen:
        s, decision = each.situation, each.decision
        if s.slot.is_step:
            continue
        item = f"{decision.item.kind} {decision.item.title}" if decision.item else ""
        key = (s.slot.at, f"{s.calendar.id}/{s.entry.id}", s.pool.id)
        lines[key] = Line(s.pool.name, SAID[decision.outcome], item)
    return Plan(from_at, until_at, lines)


def told(found: Difference, timezone: str) -> dict[str, list[dict[str, Any]]]:
    """The difference, the pools that have it in common as one line. `was`: of what changed."""
    added = ((key, None, line) for key, line in found.added.items())
    gone = ((key, line, None) for key, line in found.gone.items())
    changed = ((key, was, line) for key, (was, line) in found.changed.items())
    return {
        "added": _alike(added, timezone),
        "gone": _alike(gone, timezone),
        "changed": _alike(changed, timezone),
    }


def conflicts(foreseen: Iterable[Foreseen], timezone: str) -> list[dict[str, Any]]:
    """The entries that yield to another, the pools that have it in common as one."""
    alike: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for each in foreseen:
        s = each.situation
        for stop in each.decision.stops:
            if stop.gate == "冲突":
                alike[s.slot.at, f"{s.calendar.id}/{s.entry.id}", stop.because].append(s.pool.name)
    return [
        {"at": _clock(at, timezone), "entry": entry, "because": because, "pools": pools}
        for (at, entry, because), pools in sorted(alike.items())
    ]


def missing(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """The gaps, those that pools have in common as one."""
    alike: dict[tuple[int, str, str, int], list[str]] = defaultdict(list)
    for gap in gaps:
        alike[gap.week, gap.pool.touchpoint, gap.kind, gap.count].append(gap.pool.name or gap.pool.id)
    return [
        {"week": week, "touchpoint": touchpoint, "kind": kind, "count": count, "pools": pools}
        for (week, touchpoint, kind, count), pools in sorted(alike.items())
    ]


def _alike(lines: Iterable[tuple[LineKey, Line | None, Line | None]], timezone: str) -> list[dict[str, Any]]:
    together: dict[tuple[int, str, str, str], list[str]] = defaultdict(list)
    for (at, entry, _), was, now in lines:
        named = now or was
        together[at, entry, _said(was), _said(now)].append(named.name if named else "")
    return [
        {"at": _clock(at, timezone), "entry": entry, "was": was, "now": now, "pools": sorted(pools)}
        for (at, entry, was, now), pools in sorted(together.items())
    ]


def _said(line: Line | None) -> str:
    return " ".join(filter(None, (line.outcome, line.item))) if line else ""


def _clock(at: int, timezone: str) -> str:
    return f"{local_time(at, timezone):%m-%d %H:%M}"

"""What `plan` showed last, in a file beside the database, and what is different now.

A file, for it is nobody's fact: no decision rests on it, nothing of a customer is in it, and losing it costs one
comparison. A table would be migrated, backed up and cleaned for that.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.scrm.plan_diff import Difference, Line, LineKey, Plan, difference

if TYPE_CHECKING:
    from bot.scrm.gates.ahead import Foreseen

FILE = "plan.json"


def shown(foreseen: Iterable[Foreseen], from_at: int, until_at: int) -> Plan:
    """The plan as it is shown."""
    from bot.scrm.gates.decide import SAID

    lines: dict[LineKey, Line] = {}
    for each in foreseen:
        s, decision = each.situation, each.decision
        item = f"{decision.item.kind} {decision.item.title}" if decision.item else ""
        key = (s.slot.at, f"{s.calendar.id}/{s.entry.id}", s.pool.id)
        lines[key] = Line(s.pool.name, SAID[decision.outcome], item)
    return Plan(from_at, until_at, lines)


def since_last(folder: Path, now: Plan) -> Difference | None:
    """What is different from what was shown last, which this takes the place of; None: nothing to compare with."""
    before = _read(folder / FILE)
    _write(folder / FILE, now)
    if before is None or min(before.until_at, now.until_at) <= max(before.from_at, now.from_at):
        return None
    return difference(before, now)


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


def _alike(lines: Iterable[tuple[LineKey, Line | None, Line | None]], timezone: str) -> list[dict[str, Any]]:
    from bot.scrm.week import local_time

    together: dict[tuple[int, str, str, str], list[str]] = defaultdict(list)
    for (at, entry, _), was, now in lines:
        named = now or was
        together[at, entry, _said(was), _said(now)].append(named.name if named else "")
    return [
        {
            "at": f"{local_time(at, timezone):%m-%d %H:%M}",
            "entry": entry,
            "was": was,
            "now": now,
            "pools": sorted(pools),
        }
        for (at, entry, was, now), pools in sorted(together.items())
    ]


def _said(line: Line | None) -> str:
    return " ".join(filter(None, (line.outcome, line.item))) if line else ""


def _read(file: Path) -> Plan | None:
    """What was shown last; None: nothing, or nothing that can be read."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        lines = {(at, entry, pool): Line(*line) for at, entry, pool, *line in kept["lines"]}
        return Plan(kept["from_at"], kept["until_at"], lines)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, plan: Plan) -> None:
    from bot.store.papers import write_privately

    lines = [[*key, line.name, line.outcome, line.item] for key, line in plan.lines.items()]
    kept = {"from_at": plan.from_at, "until_at": plan.until_at, "lines": lines}
    write_privately(file, json.dumps(kept, ensure_ascii=False) + "\n")

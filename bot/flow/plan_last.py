"""The plan that was looked at last, in a file beside the database.

A file, for it is nobody's fact: no decision rests on it, nothing of a customer is in it, and losing it costs one
comparison. A table would be migrated, backed up and cleaned for that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from bot.scrm.plan_diff import Difference, Line, Plan, difference
from bot.store.papers import write_privately

FILE: Final = "plan.json"


def since_last(folder: Path, now: Plan) -> Difference | None:
    """What is different from what was kept; None: nothing to compare with."""
    before = _read(folder / FILE)
    if before is None or min(before.until_at, now.until_at) <= max(before.from_at, now.from_at):
        return None
    return difference(before, now)


def keep(folder: Path, plan: Plan) -> None:
    """Compare with this from now on."""
    lines = [[*key, line.name, line.outcome, line.item] for key, line in plan.lines.items()]
    kept = {"from_at": plan.from_at, "until_at": plan.until_at, "lines": lines}
    write_privately(folder / FILE, json.dumps(kept, ensure_ascii=False) + "\n")


def _read(file: Path) -> Plan | None:
    """What was kept; None: nothing, or nothing that can be read."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        lines = {(at, entry, pool): Line(*line) for at, entry, pool, *line in kept["lines"]}
        return Plan(kept["from_at"], kept["until_at"], lines)
    except (OSError, ValueError, KeyError, TypeError):
        return None

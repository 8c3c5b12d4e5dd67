"""Steps of sequences as people read them: how many customers come to which step when, and what stands in its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from bot.flow.outlook import Outlook
from bot.scrm.calendar import SlotKey
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.outcome import SAID
from bot.scrm.steps_ahead import StepAhead
from bot.scrm.week import local_time


def steps(outlook: Outlook, timezone: str) -> list[dict[str, Any]]:
    """A row for each slot of a step and what it comes to, over the guides whose customers go with it."""
    decided = {(each.situation.slot.key, each.situation.pool.userid): each for each in outlook.foreseen}
    rows: list[dict[str, Any]] = []
    for slot, alike in ((one.slot, _alike(one.slot.key, one.steps, decided)) for one in outlook.steps):
        for (outcome, item, because), userids in alike.items():
            rows.append(
                {
                    "at": f"{local_time(slot.at, timezone):%m-%d %H:%M}",
                    "entry": f"{slot.calendar}/{slot.entry}",
                    "people": len(userids),
                    "guides": len(set(userids)),
                    "outcome": outcome,
                    "item": item,
                    "because": because,
                }
            )
    return rows


def _alike(
    key: SlotKey, coming: Iterable[StepAhead], decided: Mapping[tuple[SlotKey, str], Foreseen]
) -> dict[tuple[str, str, str], list[str]]:
    """(outcome, item, why) → the guide of each customer whom it is so for."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for step in coming:
        each = decided.get((key, step.userid))
        if each is None:
            found["跳过", "", "没有导购能发"].append(step.userid)
            continue
        item = each.decision.item
        said = f"{item.kind} {item.title}" if item else ""
        found[SAID[each.decision.outcome], said, each.decision.because].append(step.userid)
    return found

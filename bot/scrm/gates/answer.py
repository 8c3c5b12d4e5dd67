"""Why something would or would not be sent, in the words of those who ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.changes import Change
from bot.scrm.gates.decide import SAID
from bot.scrm.gates.explain import slot_changes
from bot.scrm.gates.for_person import Coming, changes_for
from bot.scrm.gates.said import said
from bot.scrm.gates.verdict import Stop
from bot.scrm.week import spoken

Answer = dict[str, Any]


def of_pool(each: Foreseen) -> Answer:
    """Of a slot and a pool."""
    decision = each.decision
    changes = () if decision.goes else slot_changes(each.situation)
    return _answer(each, SAID[decision.outcome], decision.because, decision.stops, changes)


def of_customer(each: Coming) -> Answer:
    """Of a one-to-one slot and a customer."""
    if each.reaches:
        return _answer(each.foreseen, "会收到", each.foreseen.decision.because, (), ())
    because = "" if each.stops else each.foreseen.decision.because
    return _answer(each.foreseen, "收不到", because, each.stops, changes_for(each))


def _answer(
    each: Foreseen, outcome: str, because: str, stops: Iterable[Stop], changes: tuple[Change, ...] | None
) -> Answer:
    """What a slot comes to. `changes`: the fewest that would turn it; None: there are none. `at`: epoch seconds."""
    s, item = each.situation, each.decision.item
    return {
        "at": s.slot.at,
        "when": spoken(s.slot.at, s.timezone),
        "entry": f"{s.calendar.id}/{s.entry.id}",
        "pool": s.pool.name,
        "outcome": outcome,
        "item": item.id if item else "",
        "title": item.title if item else "",
        "because": because,
        "stops": [{"gate": stop.gate, "because": stop.because, "source": stop.source} for stop in stops],
        "changes": None if changes is None else [said(change, s.timezone) for change in changes],
    }

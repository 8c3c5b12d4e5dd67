"""When a gate about a person opens by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.scrm.gates.people import PersonGate
from bot.scrm.gates.reach import Reach
from bot.scrm.rules.condition import Fact, compares
from bot.scrm.rules.facts import DAY, HOUR

_UNITS = {
    "hours_since_add": HOUR,
    "seconds_since_add": 1,
    "days_since_order": DAY,
    "seconds_since_lost": 1,
    "seconds_since_item": 1,
}


def opens_at(reach: Reach, gate: PersonGate) -> int | None:
    """The first instant after now at which this gate is not shut any more, all else as it is; None: none is known."""
    now = reach.ahead.at
    for at in sorted({at for at in _turns(reach, gate) if at > now}):
        if not gate.is_shut(replace(reach, ahead=replace(reach.ahead, at=at)).values()):
            return at
    return None


def _turns(reach: Reach, gate: PersonGate) -> Iterator[int]:
    """The instants at which a fact of the gate may change: something grows old enough, or falls out of a window."""
    person, window = reach.person, reach.ahead.window
    for fact in gate.condition.facts:
        if fact.name in ("sent", "points"):
            yield from (touch.at + fact.seconds for touch in person.touches)
        elif fact.name == "clicks":
            yield from (at + fact.seconds for at in person.clicks or ())
        elif fact.name == "quota_used" and window:
            yield window.end_at
    for fact, bound in compares(gate.condition.tree):
        began_at = _began_at(reach, fact)
        if began_at is not None:
            yield from (began_at + (bound + more) * _UNITS[fact.name] for more in (0, 1))


def _began_at(reach: Reach, fact: Fact) -> int | None:
    person = reach.person
    if fact.name in ("hours_since_add", "seconds_since_add"):
        return person.added_at
    if fact.name == "days_since_order":
        return max(person.orders, default=None)
    if fact.name == "seconds_since_lost":
        return person.lost_at
    if fact.name == "seconds_since_item":
        return max((t.at for t in person.touches if t.item == reach.ahead.item.id and t.addressed), default=None)
    return None

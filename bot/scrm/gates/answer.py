"""Why something would or would not be sent, in the words of those who ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.changes import Change
from bot.scrm.gates.explain import slot_changes
from bot.scrm.gates.for_person import Coming, changes_for
from bot.scrm.gates.outcome import SAID
from bot.scrm.gates.said import said
from bot.scrm.gates.verdict import Stop
from bot.scrm.week import spoken

NO_WAY: Final = "没有办法改到能发"
"""Said where nothing would turn it."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change that would turn it, with others or alone; `said`: as people read it."""

    change: Change
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a slot comes to. `remedies`: the fewest changes that would turn it; None: there are none. `entry`:
    calendar/entry; `at`: epoch seconds."""

    at: int
    when: str
    entry: str
    pool: str
    outcome: str
    item: str
    title: str
    because: str
    stops: tuple[Stop, ...]
    remedies: tuple[Remedy, ...] | None

    def told(self) -> dict[str, Any]:
        """The same, for scripts."""
        plain = ("at", "when", "entry", "pool", "outcome", "item", "title", "because")
        return {
            **{name: getattr(self, name) for name in plain},
            "stops": [{"gate": stop.gate, "because": stop.because, "source": stop.source} for stop in self.stops],
            "changes": None if self.remedies is None else [each.said for each in self.remedies],
        }


def of_pool(each: Foreseen) -> Explained:
    """Of a slot and a pool."""
    decision = each.decision
    changes = () if decision.goes else slot_changes(each.situation)
    return _answer(each, SAID[decision.outcome], decision.because, decision.stops, changes)


def of_customer(each: Coming) -> Explained:
    """Of a one-to-one slot and a customer."""
    if each.reaches:
        return _answer(each.foreseen, "会收到", each.foreseen.decision.because, (), ())
    because = "" if each.stops else each.foreseen.decision.because
    return _answer(each.foreseen, "收不到", because, each.stops, changes_for(each))


def _answer(
    each: Foreseen, outcome: str, because: str, stops: Iterable[Stop], changes: tuple[Change, ...] | None
) -> Explained:
    s, item = each.situation, each.decision.item
    return Explained(
        at=s.slot.at,
        when=spoken(s.slot.at, s.timezone),
        entry=f"{s.calendar.id}/{s.entry.id}",
        pool=s.pool.name,
        outcome=outcome,
        item=item.id if item else "",
        title=item.title if item else "",
        because=because,
        stops=tuple(stops),
        remedies=None if changes is None else tuple(Remedy(change, said(change, s)) for change in changes),
    )

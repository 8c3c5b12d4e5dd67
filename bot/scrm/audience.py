"""Whom a one-to-one item is for, as one value that outlives the content it was decided by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.scrm.calendar import Slot
from bot.scrm.gates.people import PersonGate
from bot.scrm.rules.condition import Fact, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The customers of some guides, and the gates that each has to pass. Gates are numbered from 1.

    `at`: the instant that the gates are asked for; `quota_since_at`: when the window of WeCom's quota began, 0
    without one. `known`: facts that are the same for everybody: of the item, the moment, the pool.
    """

    slot: Slot
    item: str
    topic: str
    at: int
    quota_since_at: int
    gates: tuple[PersonGate, ...]
    known: Mapping[Fact, Value]
    userids: tuple[str, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that a gate asks of the single person, each once."""
        asked = (fact for gate in self.gates for fact in _ordered(gate))
        return tuple(fact for fact in dict.fromkeys(asked) if fact not in self.known)

    @property
    def point_facts(self) -> tuple[Fact, ...]:
        """The facts that count exposures."""
        return tuple(fact for fact in self.facts if fact.name == "points")

    @property
    def held_out(self) -> tuple[int, ...]:
        """The numbers of the gates that keep people without it to measure by."""
        return tuple(n for n, gate in numbered(self.gates) if gate.name == "对照组")


def numbered(gates: tuple[PersonGate, ...]) -> Iterator[tuple[int, PersonGate]]:
    """Gates with their numbers, from 1; 0 stands for nobody in the way."""
    return enumerate(gates, 1)


def _ordered(gate: PersonGate) -> list[Fact]:
    return sorted(gate.condition.facts, key=lambda f: (f.name, f.seconds, f.touchpoint or "", f.kind or ""))

"""What a person's decision rests on, asked again under other circumstances: later, or with something changed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.gates.people import Ahead, PersonGate, first_shut, person_gates, shut_gates
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.rules.facts import PersonNow, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A person, and an item ahead of them."""

    person: PersonNow
    ahead: Ahead

    @property
    def gates(self) -> tuple[PersonGate, ...]:
        return person_gates(self.ahead)

    def values(self) -> dict[Fact, Value]:
        """Every fact that a gate asks for and that is known."""
        ahead = self.ahead
        facts = {fact for gate in self.gates for fact in gate.condition.facts}
        since_at = ahead.window.start_at if ahead.window else 0
        return values_of(self.person, facts, ahead.item, ahead.at, since_at) | dict(ahead.known)

    def stops(self) -> list[PersonGate]:
        """Every gate that is shut, in order; a rule that lets through keeps those after it from being asked."""
        return list(shut_gates(self.gates, self.values()))

    def stop(self) -> PersonGate | None:
        """The gate at which they stop; None: they get it."""
        return first_shut(self.gates, self.values())

"""A condition as a tree of plain values: one source for the check of one person and for the set in the database.

`bot.content.cel` makes it from what staff write, `selectors` from `what` and `who`, gates make it by themselves.
`holds` checks one person, `bot.store.condition_sql` asks the same of a set.
Unknown is not 0: where a fact that a condition uses is unknown, the condition does not hold, negated or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.scrm.rules.check import Check, check_of
from bot.scrm.rules.tree import (
    Among,
    And,
    Compare,
    ConditionError,
    Const,
    Fact,
    Has,
    Matches,
    Node,
    Not,
    Op,
    Or,
    Truth,
    Value,
    compares,
    facts_of,
)

__all__ = [
    "ALWAYS",
    "Among",
    "And",
    "Compare",
    "Condition",
    "ConditionError",
    "Const",
    "Fact",
    "Has",
    "Matches",
    "Node",
    "Not",
    "Op",
    "Or",
    "Truth",
    "Value",
    "all_of",
    "compares",
]


@dataclass(frozen=True, slots=True)
class Condition:
    """`text`: as people read it, in the words of the file that it comes from."""

    tree: Node
    text: str = ""
    facts: frozenset[Fact] = field(init=False, repr=False, compare=False)
    """Every fact it uses."""
    _check: Check = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", frozenset(facts_of(self.tree)))
        object.__setattr__(self, "_check", check_of(self.tree))

    def unknown(self, values: Mapping[Fact, Value]) -> frozenset[Fact]:
        """The facts it would need and `values` does not have."""
        return frozenset(fact for fact in self.facts if fact not in values)

    def holds(self, values: Mapping[Fact, Value]) -> bool:
        """Whether it holds. Raises ConditionError when a value is of another kind than it was compiled for."""
        return self._check(values)


ALWAYS: Final = Condition(Const(True))


def all_of(*conditions: Condition) -> Condition:
    """The condition that all of these hold."""
    if len(conditions) == 1:
        return conditions[0]
    return Condition(And(tuple(c.tree for c in conditions)), " && ".join(f"({c.text})" for c in conditions))

"""A condition as a tree of plain values: one source for the check of one person and for the set in the database.

`rules/cel.py` makes it from what staff write, gates make it by themselves, `bot.store` turns it into SQL.
Unknown is not 0: where a fact that a condition uses is unknown, the condition does not hold, negated or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Final, Literal

from bot.scrm.kind import Kind, Touchpoint

Value = str | int | float | bool | frozenset[str]
Op = Literal["==", "!=", "<", "<=", ">", ">="]

_COMPARE: Final = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class ConditionError(Exception):
    """A fact is not of the kind that the condition was compiled for: the rule failed, and nothing is sent by it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by name. `seconds`: how far back it counts; `touchpoint`, `kind`: what it counts; None: everything."""

    name: str
    seconds: int = 0
    touchpoint: Touchpoint | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Const:
    """A value as written."""

    value: Value


@dataclass(frozen=True, slots=True)
class Compare:
    """left op right."""

    op: Op
    left: Fact | Const
    right: Fact | Const


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a value is one of some: kind in ['导购', '活动']."""

    left: Fact | Const
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a set holds a value: '肤质/敏感肌' in tags."""

    left: Fact
    value: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class Truth:
    """A fact that is yes or no by itself."""

    fact: Fact


Node = Compare | Among | Has | And | Or | Not | Truth | Const


@dataclass(frozen=True, slots=True)
class Condition:
    """`text`: as people read it, in the words of the file that it comes from."""

    tree: Node
    text: str = ""

    @property
    def facts(self) -> frozenset[Fact]:
        """Every fact it uses."""
        return frozenset(_facts(self.tree))

    def unknown(self, values: Mapping[Fact, Value]) -> frozenset[Fact]:
        """The facts it would need and `values` does not have."""
        return frozenset(fact for fact in self.facts if fact not in values)

    def holds(self, values: Mapping[Fact, Value]) -> bool:
        """Whether it holds. Raises ConditionError when a value is of another kind than it was compiled for."""
        return not self.unknown(values) and _holds(self.tree, values)


ALWAYS: Final = Condition(Const(True))


def all_of(*conditions: Condition) -> Condition:
    """The condition that all of these hold."""
    text = " && ".join(f"({c.text})" if len(conditions) > 1 else c.text for c in conditions)
    return Condition(And(tuple(c.tree for c in conditions)), text)


def compares(node: Node) -> Iterator[tuple[Fact, int]]:
    """Every comparison of a fact with a whole number, as (fact, number)."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from compares(part)
        case Not(part):
            yield from compares(part)
        case Compare(_, Fact() as fact, Const(int() as bound)) | Compare(_, Const(int() as bound), Fact() as fact):
            yield fact, bound


def _facts(node: Node) -> Iterator[Fact]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _facts(part)
        case Not(part):
            yield from _facts(part)
        case Compare(_, left, right):
            yield from (side for side in (left, right) if isinstance(side, Fact))
        case Among(Fact() as fact, _) | Has(fact, _) | Truth(fact):
            yield fact


def _holds(node: Node, values: Mapping[Fact, Value]) -> bool:
    match node:
        case And(parts):
            return all(_holds(part, values) for part in parts)
        case Or(parts):
            return any(_holds(part, values) for part in parts)
        case Not(part):
            return not _holds(part, values)
        case Compare(op, left, right):
            return _compare(op, _value(left, values), _value(right, values))
        case Among(left, allowed):
            return _value(left, values) in allowed
        case Has(fact, value):
            held = values[fact]
            if not isinstance(held, frozenset):
                raise ConditionError(fact.name)
            return value in held
        case Truth(fact):
            return _yes(values[fact], fact.name)
        case Const(value):
            return _yes(value, "")


def _compare(op: Op, left: Value, right: Value) -> bool:
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if not numbers and type(left) is not type(right):
        raise ConditionError(f"{left!r} {op} {right!r}")
    return bool(_COMPARE[op](left, right))


def _value(side: Fact | Const, values: Mapping[Fact, Value]) -> Value:
    return side.value if isinstance(side, Const) else values[side]


def _yes(value: Value, name: str) -> bool:
    if not isinstance(value, bool):
        raise ConditionError(name)
    return value

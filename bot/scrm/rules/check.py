"""A tree as a check of one row of values, compiled once: asking a million people costs no walk over the tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, itemgetter, le, lt, ne
from typing import Any, Final

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
    facts_of,
)

Check = Callable[[Mapping[Fact, Value]], bool]
Test = Callable[[Sequence[Any]], bool]
"""Asks the values of a condition's facts, in the order of `_Compiler.facts`."""

_COMPARE: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
_NUMBER: Final = (int, float)
_TEXT: Final = (str,)
_YES_NO: Final = (bool,)
_SET: Final = (frozenset,)


def check_of(tree: Node) -> Check:
    """What says whether a tree holds for these values: no where a fact that it uses is unknown.

    The check raises ConditionError when a value is of another kind than the tree was compiled for.
    """
    facts = tuple(dict.fromkeys(facts_of(tree)))
    pick, test = _picker(facts), _Compiler({fact: i for i, fact in enumerate(facts)}).test(tree)

    def check(values: Mapping[Fact, Value]) -> bool:
        try:
            row = pick(values)
        except KeyError:
            return False
        return test(row)

    return check


def _picker(facts: tuple[Fact, ...]) -> Callable[[Mapping[Fact, Value]], Sequence[Value]]:
    """What takes the values of these facts out of a mapping; KeyError where one is unknown."""
    if len(facts) > 1:
        return itemgetter(*facts)
    return lambda values: [values[fact] for fact in facts]


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Turns nodes into closures. `places`: where in the row each fact's value stands."""

    places: Mapping[Fact, int]

    def test(self, node: Node) -> Test:
        match node:
            case And(parts):
                return _all(tuple(map(self.test, parts)))
            case Or(parts):
                return _any(tuple(map(self.test, parts)))
            case Not(part):
                inner = self.test(part)
                return lambda row: not inner(row)
            case Compare(op, left, right):
                return self._compare(op, left, right)
            case Among(left, allowed):
                return self._among(left, allowed)
            case Has(fact, value):
                held = self._value(fact, _SET)
                return lambda row: value in held(row)
            case Matches(fact, _):
                name, fits = self._value(fact, _TEXT), re.compile(node.expression).match
                return lambda row: fits(name(row)) is not None
            case Truth(fact):
                return self._value(fact, _YES_NO)
            case Const():
                return self._value(node, _YES_NO)

    def _compare(self, op: Op, left: Fact | Const, right: Fact | Const) -> Test:
        compare, kinds = _COMPARE[op], _kinds(left, right)
        if isinstance(left, Fact) and isinstance(right, Const) and kinds:
            return _compare_fact(compare, self.places[left], left.name, right.value, kinds)
        first, second = self._value(left, kinds), self._value(right, kinds)

        def test(row: Sequence[Any]) -> bool:
            one, other = first(row), second(row)
            if _kind(one) is not _kind(other):
                raise ConditionError(f"{left} {op} {right}")
            return compare(one, other)

        return test

    def _among(self, left: Fact | Const, allowed: tuple[Value, ...]) -> Test:
        kinds = _kinds(*map(Const, allowed)) if allowed else ()
        value, wanted = self._value(left, kinds), frozenset(allowed)
        return lambda row: value(row) in wanted

    def _value(self, side: Fact | Const, kinds: tuple[type, ...]) -> Callable[[Sequence[Any]], Any]:
        """What reads a side, and refuses a value that is of none of these kinds (empty: of any)."""
        if isinstance(side, Const):
            _checked(side.value, kinds, "")
            return lambda row: side.value
        place, name = self.places[side], side.name
        return lambda row: _checked(row[place], kinds, name)


def _compare_fact(
    compare: Callable[[Any, Any], bool], place: int, name: str, wanted: Value, kinds: tuple[type, ...]
) -> Test:
    """The commonest comparison, of a fact and what was written, with no call in between."""

    def test(row: Sequence[Any]) -> bool:
        value = row[place]
        if type(value) not in kinds:
            raise ConditionError(name)
        return compare(value, wanted)

    return test


def _all(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 2:
        one, other = tests
        return lambda row: one(row) and other(row)

    def test(row: Sequence[Any]) -> bool:
        for part in tests:  # noqa: SIM110 (a generator costs more than the tests)
            if not part(row):
                return False
        return True

    return test


def _any(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 2:
        one, other = tests
        return lambda row: one(row) or other(row)

    def test(row: Sequence[Any]) -> bool:
        for part in tests:  # noqa: SIM110
            if part(row):
                return True
        return False

    return test


def _kinds(*sides: Fact | Const) -> tuple[type, ...]:
    """The types that a comparison with these constants can take; empty when there is none."""
    return next((_kind(side.value) for side in sides if isinstance(side, Const)), ())


def _kind(value: object) -> tuple[type, ...]:
    """The types that a value can be compared with. Yes and no are no numbers."""
    return next((kinds for kinds in (_YES_NO, _NUMBER, _TEXT, _SET) if type(value) in kinds), ())


def _checked(value: Any, kinds: tuple[type, ...], name: str) -> Any:
    if kinds and type(value) not in kinds:
        raise ConditionError(name)
    return value

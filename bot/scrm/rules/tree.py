"""The tree of a condition, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.scrm.kind import Kind, Touchpoint

Value = str | int | float | bool | frozenset[str]
Op = Literal["==", "!=", "<", "<=", ">", ">="]


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
class Matches:
    """Whether a name fits a pattern in which * stands for anything: 会员群*."""

    left: Fact
    pattern: str

    @property
    def expression(self) -> str:
        """The same as a regular expression that Python, SQLite and PostgreSQL read alike."""
        return r"(?s)\A" + ".*".join(map(re.escape, self.pattern.split("*"))) + r"\Z"


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


Node = Compare | Among | Has | Matches | And | Or | Not | Truth | Const


def facts_of(node: Node) -> Iterator[Fact]:
    """Every fact below a node, as often as it stands there."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from facts_of(part)
        case Not(part):
            yield from facts_of(part)
        case Compare(_, left, right):
            yield from (side for side in (left, right) if isinstance(side, Fact))
        case Among(Fact() as fact, _) | Has(fact, _) | Matches(fact, _) | Truth(fact):
            yield fact


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

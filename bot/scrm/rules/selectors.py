"""`what` and `who` of a file as conditions: one engine, one SQL, one explanation for plain fields and CEL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.scrm.kind import TOUCHPOINTS, Touchpoint
from bot.scrm.rules.condition import (
    ALWAYS,
    Among,
    And,
    Compare,
    Condition,
    Const,
    Fact,
    Has,
    Matches,
    Node,
    Not,
    Or,
    all_of,
)
from bot.scrm.rules.rule import What
from bot.scrm.who import Who

TAGS = Fact("tags")
TOUCHPOINT = Fact("touchpoint")


def what_condition(what: What) -> Condition:
    """That it is content of this sort."""
    lines = (("kind", what.kinds), ("topic", what.topics), ("touchpoint", what.touchpoints))
    named = [_among(key, key, values) for key, values in lines if values]
    return _joined([*named, *([_among("items", "item", what.items)] if what.items else ())])


def who_condition(who: Who) -> Condition:
    """That it is somebody of these."""
    return _joined([*_who_lines(who), *([who.when] if who.when else ())])


def _who_lines(who: Who) -> Iterator[Condition]:
    has = {path: Has(TAGS, path) for path in (*who.tags_any, *who.tags_all, *who.tags_none)}
    if who.tags_any:
        yield _line("tags_any", who.tags_any, Or(tuple(has[path] for path in who.tags_any)))
    if who.tags_all:
        yield _line("tags_all", who.tags_all, And(tuple(has[path] for path in who.tags_all)))
    if who.tags_none:
        yield _line("tags_none", who.tags_none, Not(Or(tuple(has[path] for path in who.tags_none))))
    if who.channels:
        yield _among("channels", "channel", who.channels)
    if who.guides:
        yield _among("guides", "guide", who.guides)
    if who.groups:
        yield _line("groups", who.groups, Or(tuple(Matches(Fact("group"), pattern) for pattern in who.groups)))


def touchpoints_of(condition: Condition) -> frozenset[Touchpoint]:
    """The touchpoints that it names by itself, in its outermost parts joined by "and"; all when it names none."""
    left = set(TOUCHPOINTS)
    for node in _conjuncts(condition.tree):
        match node:
            case Compare("==", fact, Const(value)) | Compare("==", Const(value), fact) if fact == TOUCHPOINT:
                left &= {value}
            case Compare("!=", fact, Const(value)) | Compare("!=", Const(value), fact) if fact == TOUCHPOINT:
                left -= {value}
            case Among(fact, values) if fact == TOUCHPOINT:
                left &= set(values)
    return frozenset(left)


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _among(key: str, fact: str, values: Sequence[str]) -> Condition:
    return _line(key, values, Among(Fact(fact), tuple(values)))


def _line(key: str, values: Iterable[str], tree: Node) -> Condition:
    return Condition(tree, f"{key}: {' '.join(values)}")


def _joined(lines: Sequence[Condition]) -> Condition:
    return all_of(*lines) if lines else ALWAYS

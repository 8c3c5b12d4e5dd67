"""Trees of conditions as plain JSON and back, and as a line for people where no file holds the words."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from bot.scrm.rules.condition import Condition
from bot.scrm.rules.tree import Among, And, Compare, Const, Fact, Has, Matches, Node, Not, Or, Truth

_NODES: Final[dict[str, type]] = {
    cls.__name__: cls for cls in (Among, And, Compare, Const, Fact, Has, Matches, Not, Or, Truth)
}
_DAY: Final = 86_400


def to_json(part: Any) -> Any:
    """A node, or a value in it, as JSON: ["Compare", ">=", ["Fact", "orders", …], ["Const", 2]]."""
    if type(part).__name__ in _NODES:
        return [type(part).__name__, *(to_json(getattr(part, field.name)) for field in fields(part))]
    if isinstance(part, tuple):
        return {"of": [to_json(each) for each in part]}
    if isinstance(part, frozenset):
        return {"set": sorted(part)}
    return part


def from_json(written: Any) -> Any:
    """What `to_json` wrote. Raises KeyError for what it never writes."""
    match written:
        case [str() as name, *parts]:
            return _NODES[name](*map(from_json, parts))
        case {"of": parts}:
            return tuple(map(from_json, parts))
        case {"set": values}:
            return frozenset(values)
    return written


def said(condition: Condition) -> str:
    """As people read it: its own words, or the tree in those of the rule language."""
    return condition.text or _said(condition.tree)


def _said(node: Node | Fact) -> str:
    match node:
        case And(parts):
            return " && ".join(f"({_said(part)})" for part in parts)
        case Or(parts):
            return " || ".join(f"({_said(part)})" for part in parts)
        case Not(part):
            return f"!({_said(part)})"
        case Compare(op, left, right):
            return f"{_said(left)} {op} {_said(right)}"
        case Among(left, values):
            return f"{_said(left)} in {list(values)}"
        case Has(fact, value):
            return f"{value!r} in {_said(fact)}"
        case Matches(fact, pattern):
            return f"{_said(fact)} ~ {pattern}"
        case Truth(fact):
            return _said(fact)
        case Const(value):
            return repr(value)
        case Fact(name, seconds, touchpoint, kind):
            return "_".join(part for part in (name, touchpoint or "", kind or "", _span(seconds)) if part)


def _span(seconds: int) -> str:
    """As the rule language has it, which counts in days; caps may count in less."""
    if not seconds:
        return ""
    return f"{seconds}s" if seconds % _DAY else f"{seconds // _DAY}d"

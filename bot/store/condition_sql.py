"""Conditions as SQL: asked of a million people in one statement, with the same answer as person by person.

Unknown is NULL here, and whatever asks something unknown is not true. Comparisons that all have to hold come to NULL
then, which is not true either; around OR and NOT every column is guarded, so that NOT never turns "unknown" into "yes".
The result itself is never NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, false, not_, null, or_, true

from bot.scrm.rules.check import check_of
from bot.scrm.rules.condition import (
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
    Op,
    Or,
    Truth,
    Value,
)
from bot.scrm.rules.rule import Rule
from bot.scrm.rules.tree import facts_of
from bot.store.tables import PersonTags
from bot.store.upsert import columns

person_tags = columns(PersonTags)

TAGS: Final = Fact("tags")
_COMPARE: Final[Mapping[Op, Callable[[Any, Any], Any]]] = {
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip

Yes = ColumnElement[bool]
ALWAYS, NEVER = true(), false()
"""Conditions of which no column is asked. There is one of each, so they are known by `is`."""


def predicate(
    condition: Condition,
    *,
    known: Mapping[Fact, Value],
    asked: Mapping[Fact, ColumnElement[Any]],
    has_tag: Callable[[str], Yes] | None = None,
    certain: Collection[Fact] = (),
) -> Yes:
    """A condition for WHERE.

    Args:
        known: facts that are the same for every row: of the item, the moment, the pool.
        asked: where the others stand, row by row; NULL means unknown. A fact in neither is unknown for everybody.
        has_tag: whether the person of the row has a tag, see `tag_of`; they are unknown without it.
        certain: facts of `asked` that are never NULL, so that a costly column is not computed twice to see it.

    Raises:
        ConditionError: a value of `known` is of another kind than the condition was compiled for.
    """
    unknown = {fact for fact in condition.facts - known.keys() - asked.keys() if fact != TAGS or has_tag is None}
    if unknown:
        return NEVER
    answer = _Renderer(known, asked, has_tag or _no_tag).node(condition.tree)
    doubtful = [fact for fact in _ordered(condition) if fact in asked and fact not in known and fact not in certain]
    if answer is NEVER or not doubtful:
        return answer
    if _all_have_to_hold(condition.tree):
        return answer.is_(true())
    return _all([*(asked[fact].is_not(None) for fact in doubtful), answer])


def speaking(
    rules: Sequence[Rule],
    *,
    known: Mapping[Fact, Value],
    asked: Mapping[Fact, ColumnElement[Any]],
    has_tag: Callable[[str], Yes] | None = None,
) -> ColumnElement[str | None]:
    """The id of the rule that speaks for each row, NULL where none holds. `rules`: loudest first, as by `ranked`.

    The other arguments, and what is raised, are those of `predicate`.
    """
    cases = [(predicate(rule.condition, known=known, asked=asked, has_tag=has_tag), rule.id) for rule in rules]
    return case(*cases, else_=null()) if cases else cast(null(), Text)


def tag_of(person_id: ColumnElement[int]) -> Callable[[str], Yes]:
    """Whether somebody has a tag, whichever of their guides set it."""

    def has_tag(path: str) -> Yes:
        return exists().where(person_tags.c.person_id == person_id, person_tags.c.tag == path)

    return has_tag


def _ordered(condition: Condition) -> list[Fact]:
    """Its facts in the order in which they stand, so that one condition is always one statement."""
    return list(dict.fromkeys(facts_of(condition.tree)))


def _all_have_to_hold(node: Node) -> bool:
    return all(map(_all_have_to_hold, node.parts)) if isinstance(node, And) else not isinstance(node, Or | Not)


def _no_tag(path: str) -> Yes:
    return NEVER


def _all(parts: Iterable[Yes]) -> Yes:
    """AND. SQLAlchemy's own leaves a part that never holds among the others where one AND stands in another, and their
    columns would be asked for nothing."""
    asked = [part for part in parts if part is not ALWAYS]
    if any(part is NEVER for part in asked):
        return NEVER
    return and_(*asked) if asked else ALWAYS


def _any(parts: Iterable[Yes]) -> Yes:
    """OR, in the same way."""
    asked = [part for part in parts if part is not NEVER]
    if any(part is ALWAYS for part in asked):
        return ALWAYS
    return or_(*asked) if asked else NEVER


@dataclass(frozen=True, slots=True)
class _Renderer:
    known: Mapping[Fact, Value]
    asked: Mapping[Fact, ColumnElement[Any]]
    has_tag: Callable[[str], Yes]

    def node(self, node: Node) -> Yes:
        match node:
            case And(parts):
                return _all(map(self.node, parts))
            case Or(parts):
                return _any(map(self.node, parts))
            case Not(part):
                return not_(self.node(part))
        if all(fact in self.known for fact in facts_of(node)):
            return ALWAYS if check_of(node)(self.known) else NEVER
        return self._leaf(node)

    def _leaf(self, node: Compare | Among | Has | Matches | Truth | Const) -> Yes:
        """One that asks at least one column."""
        match node:
            case Compare(op, left, right):
                answer: Yes = _COMPARE[op](self._side(left), self._side(right))
                return answer
            case Among(Fact() as fact, allowed):
                return self.asked[fact].in_(allowed)
            case Has(fact, value) if fact == TAGS:
                return self.has_tag(value)
            case Matches(fact, _):
                return self.asked[fact].regexp_match(node.expression)
            case Truth(fact):
                return self.asked[fact].is_(true())
        raise TypeError(f"cannot be asked of a column: {node}")

    def _side(self, side: Fact | Const) -> Any:
        if isinstance(side, Const):
            return side.value
        return self.known[side] if side in self.known else self.asked[side]

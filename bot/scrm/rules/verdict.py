"""Of several rules that hold: which one speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.scrm.rules.condition import ConditionError, Fact, Value
from bot.scrm.rules.rule import STRICTEST_FIRST, Rule, Then


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one item, moment, pool and perhaps person.

    `rule`: the one that speaks; None: none holds, and nothing is in the way. `held`: all that hold, loudest first.
    `failed`: those that could not be asked. Each counts as one that holds and says 推迟, and `failed` is to be
    counted where it is acted on.
    """

    then: Then = "放行"
    rule: Rule | None = None
    held: tuple[Rule, ...] = ()
    failed: tuple[Rule, ...] = ()


def erred(rule: Rule) -> str:
    """What to say of a rule that could not be asked."""
    return f"规则 {rule.id} 出错，先不发：它要的数据类型不对，请检查 {rule.source or '这条规则'}"


def ranked(rules: Iterable[Rule], now: int) -> list[Rule]:
    """The rules that count now (epoch seconds), loudest first: of those that hold, the first speaks. A rule that puts
    off until an instant says nothing from then on."""
    live = (r for r in rules if not r.off and r.valid.holds(now) and (r.until_at is None or now < r.until_at))
    return sorted(live, key=lambda rule: _rank(rule, rule.then))


def verdict(rules: Iterable[Rule], values: Mapping[Fact, Value], now: int) -> Verdict:
    """The highest priority speaks, then the strictest, then the first in the files. `now`: epoch seconds."""
    found: list[tuple[Rule, Then]] = []
    failed: list[Rule] = []
    for rule in ranked(rules, now):
        try:
            if rule.condition.holds(values):
                found.append((rule, rule.then))
        except ConditionError:
            failed.append(rule)
            found.append((rule, "推迟"))
    found.sort(key=lambda pair: _rank(*pair))  # a failed one may have to move
    if not found:
        return Verdict()
    speaks, then = found[0]
    return Verdict(then, speaks, tuple(rule for rule, _ in found), tuple(failed))


def _rank(rule: Rule, then: Then) -> tuple[int, int]:
    return -rule.priority, STRICTEST_FIRST.index(then)

"""The sample brand's rules are right among its other files, and none of them is only for show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.cel import Known
from bot.content.load import load
from bot.content.rules import RulesFile, rules
from bot.content.rules_check import problems
from bot.scrm.kind import KINDS
from bot.scrm.rules.condition import Among, And, Compare, Const, Fact, Has, Node, Not, Or, Truth, Value
from bot.scrm.rules.rule import Rule
from bot.scrm.rules.verdict import verdict
from bot.yamlfile import Document, parse, validate

ROOT = Path(__file__).parent.parent.parent
TIMEZONE = "Asia/Shanghai"
KIND, HOUR, TAGS = Fact("kind"), Fact("hour"), Fact("tags")


def read(text: str, name: str) -> tuple[Document, RulesFile]:
    document = parse(name, text.encode())
    return document, validate(document, RulesFile)


@pytest.fixture(scope="module")
def shipped() -> list[tuple[Document, RulesFile]]:
    paths = sorted((ROOT / "content" / "rules").glob("*.yaml"))
    return [read(path.read_text(encoding="utf-8"), f"content/rules/{path.name}") for path in paths]


def test_they_are_right_in_the_midst_of_the_brands_other_files(shipped: list[tuple[Document, RulesFile]]) -> None:
    content = load(ROOT / "content", ROOT / "templates" / "messages")
    known = Known(
        topics=content.care.topics,
        personas=content.personas,
        channels=content.channels,
        tags=[tag.path for tag in content.taxonomy.tags],
        guides={userid for channel in content.channels.values() for userid in channel.userids},
    )
    assert [str(problem) for problem in problems(shipped, known)] == []


def test_each_of_them_can_change_a_decision(shipped: list[tuple[Document, RulesFile]]) -> None:
    """There is a case that is decided otherwise without it."""
    every = rules(shipped, TIMEZONE)
    assert len(every) >= 10
    assert idle(every) == []


SHADOWED = """\
rules:
  - {id: all-selling, what: {kind: 导购}, then: 审批, by: 店长, because: 带价格的内容要店长看过}
  - {id: tired, what: {kind: 导购}, when: clicks_28d == 0, then: 换类, to: 互动, because: 换个话题}
"""


def test_a_rule_in_the_shadow_of_another_is_found_out() -> None:
    """At the same priority 审批 is stricter than 换类, so the second never speaks; with a higher one it does."""
    assert idle(rules([read(SHADOWED, "r.yaml")], TIMEZONE)) == ["tired"]
    louder = SHADOWED.replace("换个话题", "换个话题, priority: 60")
    assert idle(rules([read(louder, "r.yaml")], TIMEZONE)) == []


def idle(every: tuple[Rule, ...]) -> list[str]:
    """The rules that can be taken away without anything being decided otherwise."""
    return [rule.id for rule in every if not any(decides(rule, every, values) for values in cases(rule))]


def decides(rule: Rule, every: tuple[Rule, ...], values: dict[Fact, Value]) -> bool:
    with_it, without = (verdict(kept, values, now=0) for kept in (every, [r for r in every if r is not rule]))
    return (with_it.then, target(with_it.rule)) != (without.then, target(without.rule))


def target(rule: Rule | None) -> object:
    return rule and (rule.to, rule.by, rule.until_at)


def cases(rule: Rule) -> Iterator[dict[Fact, Value]]:
    """Every kind, morning and afternoon, somebody with and without another tag, and values around each literal."""
    near: dict[Fact, list[Value]] = {KIND: list(KINDS), HOUR: [10, 15]}
    near |= {fact: list(dict.fromkeys(around(rule.condition.tree, fact))) for fact in rule.condition.facts}
    for chosen in itertools.product(*near.values()):
        values = dict(zip(near, chosen, strict=True))
        yield values
        if isinstance(tags := values.get(TAGS), frozenset):
            yield {**values, TAGS: tags | {"诱因/熬夜"}}


def around(node: Node, fact: Fact) -> Iterator[Value]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from around(part, fact)
        case Not(part):
            yield from around(part, fact)
        case Compare(_, Fact() as asked, Const(value)) if asked == fact:
            yield from (value - 1, value, value + 1) if isinstance(value, int) else (value,)
        case Among(Fact() as asked, values) if asked == fact:
            yield from values
        case Has(asked, value) if asked == fact:
            yield from (frozenset(), frozenset((value,)))
        case Truth(asked) if asked == fact:
            yield from (True, False)

"""Whom a one-to-one slot is for: from pools to people."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.gates.addressed import ahead_of, audiences
from bot.scrm.gates.decide import decide
from bot.scrm.gates.situation import Met, Situation
from bot.scrm.item import Item, Variant
from bot.scrm.rules.condition import Compare, Condition, Const, Fact
from bot.scrm.rules.rule import Rule
from bot.scrm.switch import Switch
from bot.scrm.who import Who
from tests.scrm.gates.plain import entry, item, situation
from tests.scrm.gates.worlds import NOON

LONG_AGO = Condition(Compare(">", Fact("days_since_order"), Const(90)), "days_since_order > 90")
WORDS = (Variant(outlets=("私聊",), text="…"),)
CARE = item("care", "科普", variants=WORDS, who=Who(tags_all=("会员/付费会员",)))


def slot_of(guide: str, one: Item = CARE, who: Who | None = None, rules: tuple[Rule, ...] = ()) -> Situation:
    """The same slot for the customers of one guide."""
    line = entry(touchpoint="私聊", item=one.id, who=who or Who(when=LONG_AGO))
    s = situation(one, entry=line, rules=rules)
    return replace(s, pool=replace(s.pool, id=guide, name=guide, userid=guide))


def rule(id_: str, tree: Compare) -> Rule:
    return Rule(id=id_, then="跳过", because=id_, condition=Condition(tree, id_), about_people=True)


def test_what_asks_about_people_does_not_stop_a_guide() -> None:
    """Neither the line's condition, nor the tags of the item, nor that other customers had it a week ago."""
    s = replace(slot_of("guide-lin"), met=(Met(NOON - 7 * 86_400, "care", "科普", "护肤知识", "e"),))
    assert decide(s).outcome == "sent"
    gates = ahead_of(s, CARE)
    assert [condition.text for condition in (*gates.audience, *gates.item_audience)] == [
        LONG_AGO.text,
        "tags_all: 会员/付费会员",
    ]


def test_guides_of_whom_the_same_is_asked_are_looked_at_together() -> None:
    """One walk over all their customers; a rule that names a guide needs one of its own for each."""
    going = [(slot_of(guide), CARE) for guide in ("guide-lin", "guide-wu", "guide-zhou")]
    (all_of_them,) = audiences(going)
    assert all_of_them.userids == ("guide-lin", "guide-wu", "guide-zhou") and not all_of_them.known
    named = rule("not-lin", Compare("==", Fact("guide"), Const("guide-lin")))
    apart = list(audiences([(slot_of(s.pool.userid, rules=(named,)), CARE) for s, _ in going]))
    assert [one.userids for one in apart] == [("guide-lin",), ("guide-wu",), ("guide-zhou",)]
    assert [one.known[Fact("guide")] for one in apart] == ["guide-lin", "guide-wu", "guide-zhou"]


def test_a_rule_that_is_switched_off_asks_nobody() -> None:
    """Nor does one about pools: that has been asked before."""
    shy = rule("shy", Compare("<", Fact("orders"), Const(1)))
    s = slot_of("guide-lin", rules=(shy,))
    assert ahead_of(s, CARE).rules == (shy,)
    assert ahead_of(replace(s, switches=frozenset({Switch("规则", "shy")})), CARE).rules == ()

"""From the guides that a one-to-one slot was let go to, to the customers whom it is for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.scrm.gates.audience import Audience, audience
from bot.scrm.gates.people import Ahead, person_gates
from bot.scrm.gates.rules import facts_about
from bot.scrm.gates.situation import Situation
from bot.scrm.item import Item
from bot.scrm.rules.condition import Compare, Condition, Const
from bot.scrm.rules.facts import STEP_AT
from bot.scrm.rules.selectors import who_condition
from bot.scrm.switch import Switch
from bot.scrm.who import EVERYONE, Who


def ahead_of(s: Situation, item: Item) -> Ahead:
    """What a guide's customers are asked for this item: of item, moment and pool only what some gate wants to know."""
    ahead = Ahead(
        item=item,
        entry=s.entry,
        care=s.care,
        at=s.now,
        timezone=s.timezone,
        quota=s.quota,
        audience=(*_asked(s.entry.who), *_on_step(s)),
        item_audience=_asked(item.who),
        rules=tuple(r for r in s.rules if r.about_people and Switch("规则", r.id) not in s.switches),
    )
    asked = {fact for gate in person_gates(ahead) for fact in gate.condition.facts}
    return replace(ahead, known={fact: value for fact, value in facts_about(s, item).items() if fact in asked})


def _asked(who: Who) -> tuple[Condition, ...]:
    return () if who == EVERYONE else (who_condition(who),)


def _on_step(s: Situation) -> Iterator[Condition]:
    """A step of a sequence is for those who have come to it."""
    if s.slot.is_step:
        yield Condition(Compare("==", STEP_AT, Const(s.slot.at)), f"走到 {s.slot.entry} 这一步")


def audiences(going: Iterable[tuple[Situation, Item]]) -> Iterator[Audience]:
    """Whom to look at: guides of whom the same is asked for the same item go together."""
    alike: dict[tuple[object, ...], list[tuple[Ahead, Situation]]] = defaultdict(list)
    for s, item in going:
        ahead = ahead_of(s, item)
        rules = tuple(rule.id for rule in ahead.rules)
        alike[item.id, rules, frozenset(ahead.known.items())].append((ahead, s))
    for together in alike.values():
        ahead, first = together[0]
        yield audience(first.slot, ahead, [s.pool.userid for _, s in together])

"""The gates about one person, as conditions: one source for a person's check and for the set in the database.

There they are one CASE: the first that is shut is the reason why somebody does not get it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.scrm.calendar import Entry
from bot.scrm.care import Care, caps_in_force
from bot.scrm.gates.verdict import GateName
from bot.scrm.holdout import DRAWS
from bot.scrm.item import Item
from bot.scrm.quota import Allowance, Quota, allowance
from bot.scrm.rules.condition import Compare, Condition, Const, Fact, Truth, Value
from bot.scrm.rules.facts import (
    HELD_OUT,
    OPTED_OUT,
    QUOTA_USED,
    SECONDS_SINCE_ADD,
    SECONDS_SINCE_ITEM,
    SECONDS_SINCE_LOST,
    TRUST_ITEMS,
)
from bot.scrm.rules.rule import Rule
from bot.scrm.rules.verdict import ranked
from bot.scrm.span import spelled

SELLING: Final = "导购"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGate:
    """Shut for whom `condition` holds; with `unless`, for whom it does not (nobody knows whether it does, included).

    `source`: which row of which file, or which rule. `for_good`: neither time nor people open it.
    `passes`: for whom it holds the rules after it are not asked (放行).
    """

    name: GateName
    condition: Condition
    because: str
    unless: bool = False
    source: str = ""
    rule: Rule | None = None
    for_good: bool = False
    passes: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether it is not asked of somebody whom a rule before it let through."""
        return self.name == "个人规则"

    def is_shut(self, values: Mapping[Fact, Value]) -> bool:
        """Whether somebody with these facts stops here (of one that `passes`: is past the rules here)."""
        return self.condition.holds(values) != self.unless


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A one-to-one item about to go out at `at` (epoch seconds).

    `audience`, `item_audience`: `who` of entry and item. `rules`: those about people; `known`: what they
    may ask of the item, the moment and the pool.
    """

    item: Item
    entry: Entry
    care: Care
    at: int
    timezone: str
    quota: Quota
    audience: tuple[Condition, ...] = ()
    item_audience: tuple[Condition, ...] = ()
    rules: tuple[Rule, ...] = ()
    known: Mapping[Fact, Value] = field(default_factory=dict)

    @property
    def window(self) -> Allowance | None:
        """WeCom's window at that moment; None: without limit, or a guide sends by hand."""
        return allowance(self.quota, self.at, self.timezone) if self.entry.via == "群发" else None

    @property
    def weight(self) -> int:
        """Hundredths of a fatigue point that it costs."""
        return self.care.budget.weights.get("私聊", 0)


def person_gates(ahead: Ahead) -> tuple[PersonGate, ...]:
    """Every gate that a person has to pass, in order. The control comes last: it is of those who would have got it."""
    return (
        *(_audience(c, f"entry.{ahead.entry.id}.who") for c in ahead.audience),
        *(_audience(c, f"item.{ahead.item.id}.who") for c in ahead.item_audience),
        PersonGate(name="退订", condition=Condition(Truth(OPTED_OUT)), because="客户不想收到这个话题", for_good=True),
        *_quota(ahead),
        *_cooling(ahead),
        *_fatigue(ahead),
        *_trust(ahead),
        _rest(ahead.item),
        *_rules(ahead),
        *_hold_out(ahead),
    )


def first_shut(gates: tuple[PersonGate, ...], values: Mapping[Fact, Value]) -> PersonGate | None:
    """The gate at which somebody stops; None: they get it."""
    return next(shut_gates(gates, values), None)


def shut_gates(gates: tuple[PersonGate, ...], values: Mapping[Fact, Value]) -> Iterator[PersonGate]:
    """Every gate that is shut, in order."""
    for n, gate in enumerate(gates):
        if gate.is_shut(values):
            if gate.passes:
                yield from shut_gates(tuple(later for later in gates[n + 1 :] if not later.is_rule), values)
                return
            yield gate


def _at_least(fact: Fact, least: int) -> Condition:
    return Condition(Compare(">=", fact, Const(least)))


def _below(fact: Fact, bound: int) -> Condition:
    return Condition(Compare("<", fact, Const(bound)))


def _audience(condition: Condition, source: str) -> PersonGate:
    because = f"不在人群里：{condition.text}"
    return PersonGate(name="人群", condition=condition, unless=True, because=because, source=source)


def _quota(ahead: Ahead) -> Iterator[PersonGate]:
    if ahead.window is None:
        return
    reserve = ahead.quota.reserve.get("私聊", 0)
    most = ahead.window.most - reserve
    because = f"企业微信的群发额度只剩备用的 {reserve} 条" if reserve else "企业微信的群发额度已用完"
    yield PersonGate(name="平台额度", condition=_at_least(QUOTA_USED, most), because=because, source="quota.reserve")


def _cooling(ahead: Ahead) -> Iterator[PersonGate]:
    """After a customer left a guide. What they said is opt-out, an open case is a tag and so a matter of rules."""
    for cooling in ahead.care.cooling:
        if cooling.kinds and ahead.item.kind not in cooling.kinds:
            continue
        pause = cooling.pause_seconds
        condition = _at_least(SECONDS_SINCE_LOST, 0) if pause is None else _below(SECONDS_SINCE_LOST, pause)
        span = "不再打扰" if pause is None else f"{spelled(pause)}内不打扰"
        yield PersonGate(name="冷静期", condition=condition, because=f"客户删除过导购，{span}", source="care.cooling")


def _fatigue(ahead: Ahead) -> Iterator[PersonGate]:
    budget, kind = ahead.care.budget, ahead.item.kind
    for cap in caps_in_force(ahead.care.caps, "私聊", ahead.at):
        if cap.kind in (None, kind):
            fact = Fact("sent", cap.per_seconds, "私聊", cap.kind)
            yield PersonGate(name="疲劳", condition=_at_least(fact, cap.most), because=cap.said, source=cap.source)
    room = budget.most * 100 - ahead.weight
    condition = _at_least(Fact("points", budget.per_seconds), room + 1)
    because = f"{spelled(budget.per_seconds)}疲劳预算 {budget.most} 分，放不下这一条的 {ahead.weight / 100:g} 分"
    yield PersonGate(name="疲劳", condition=condition, because=because, source="care.budget")


def _trust(ahead: Ahead) -> Iterator[PersonGate]:
    if ahead.item.kind != SELLING:
        return
    before = ahead.care.before_selling
    yield PersonGate(
        name="先信任",
        condition=_below(SECONDS_SINCE_ADD, before.after_add_seconds),
        because=f"加好友不到 {spelled(before.after_add_seconds)}，先不推销",
        source="care.before_selling.after_add",
    )
    yield PersonGate(
        name="先信任",
        condition=_below(TRUST_ITEMS, before.trust_items),
        because=f"还没收到过 {before.trust_items} 条科普或互动，先不推销",
        source="care.before_selling.trust_items",
    )


def _rest(item: Item) -> PersonGate:
    return PersonGate(
        name="重复",
        condition=_below(SECONDS_SINCE_ITEM, item.repeat_after_seconds),
        because=f"{spelled(item.repeat_after_seconds)}内已收到过“{item.title}”",
        source=f"item.{item.id}.repeat_after",
    )


def _hold_out(ahead: Ahead) -> Iterator[PersonGate]:
    if ahead.item.kind == SELLING and ahead.care.hold_out_percent:
        bound = ahead.care.hold_out_percent * DRAWS // 100
        because = f"对照组：{ahead.care.hold_out_percent}% 的客户这次不发，用来看效果"
        yield PersonGate(name="对照组", condition=_below(HELD_OUT, bound), because=because, source="care.hold_out")


def _rules(ahead: Ahead) -> Iterator[PersonGate]:
    """The rules over people, the one that speaks first; for one person a swap is a skip: the words are for all."""
    for rule in ranked(ahead.rules, ahead.at):
        yield PersonGate(
            name="个人规则",
            condition=rule.condition,
            because=rule.because,
            source=f"rule.{rule.id}",
            rule=rule,
            passes=rule.then == "放行",
        )

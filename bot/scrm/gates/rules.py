"""The gate of rules: what the exceptions say of this item, here, now. Rules over people come later, one by one."""

from __future__ import annotations

from collections.abc import Iterator

from bot.scrm.gates.changes import Approve, Edit, WaitUntil
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.verdict import Stop
from bot.scrm.item import Item
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.rules.rule import Rule
from bot.scrm.rules.verdict import Verdict, erred, verdict
from bot.scrm.switch import Switch
from bot.scrm.week import local_time

DAY = 86_400


def approval_by(item: Item, role: str) -> str:
    """How an approval by this role is known in `Situation.approved`."""
    return f"{item.digest}@{role}"


def facts_about(s: Situation, item: Item) -> dict[Fact, Value]:
    """What rules may ask of an item, the moment and the pool; what is unknown is left out."""
    values: dict[Fact, Value] = {Fact("item"): item.id, Fact("kind"): item.kind, Fact("topic"): item.topic}
    if item.first_seen_at is not None:
        values[Fact("item_age_days")] = (s.now - item.first_seen_at) // DAY
    return values | facts_of_pool(s)


def facts_of_pool(s: Situation) -> dict[Fact, Value]:
    """What may be asked of the moment and the pool, whatever goes out."""
    local = local_time(s.now, s.timezone)
    values: dict[Fact, Value] = {
        Fact("touchpoint"): s.touchpoint,
        Fact("persona"): s.pool.persona,
        Fact("guide"): s.pool.userid,
        Fact("hour"): local.hour,
        Fact("weekday"): local.isoweekday(),
        Fact("is_workday"): s.is_workday,
        Fact("stage"): s.pool.stage,
        **s.pool.facts,
    }
    if s.touchpoint == "群":
        values[Fact("group")] = s.pool.name
    return values


def spoken_of(s: Situation, item: Item) -> Verdict:
    """What the rules that are not about people say of an item."""
    rules = [r for r in s.rules if not r.about_people and Switch("规则", r.id) not in s.switches]
    return verdict(rules, facts_about(s, item), s.now)


def ruled(s: Situation, item: Item) -> Iterator[Stop]:
    """No rule is against it, or one that speaks before those lets it through. An approval that is given steps aside."""
    said = spoken_of(s, item)
    for rule in said.held:
        then = "推迟" if rule in said.failed else rule.then
        if then == "放行":
            return
        if then != "审批" or approval_by(item, rule.by or "") not in s.approved:
            yield _stop(s, item, rule, failed=rule in said.failed)


def _stop(s: Situation, item: Item, rule: Rule, *, failed: bool) -> Stop:
    off = Edit("rule", rule.id, "off", "是")
    if failed:
        return Stop(gate="规则", because=erred(rule), changes=(off,), rule=rule, failed=True, source=rule.source)
    if rule.then == "审批":
        ways = (Approve(item.id, rule.by or ""), off)
        return Stop(gate="审批", because=rule.because, changes=ways, rule=rule, source=rule.source)
    wait = (WaitUntil(rule.until_at),) if rule.until_at is not None else ()
    return Stop(
        gate="规则", because=rule.because, until_at=rule.until_at, changes=(*wait, off), rule=rule, source=rule.source
    )

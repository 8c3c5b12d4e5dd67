"""Why somebody does not get an item, and what would open each gate."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.care import Care
from bot.scrm.gates.changes import Change, Edit, Raise, WaitUntil
from bot.scrm.gates.later import opens_at
from bot.scrm.gates.people import PersonGate
from bot.scrm.gates.reach import Reach
from bot.scrm.gates.verdict import Stop
from bot.scrm.rules.condition import Fact, compares
from bot.scrm.rules.facts import TRUST_ITEMS
from bot.scrm.span import MINUTE, whole
from bot.scrm.week import spoken


def person_stops(reach: Reach, at: int | None = None) -> list[Stop]:
    """Every gate that is shut for this person at an instant, in order, each with what would open it."""
    later = reach if at is None else replace(reach, ahead=replace(reach.ahead, at=at))
    return [_stop(later, gate) for gate in later.stops()]


def changed(reach: Reach, change: Change) -> Reach:
    """The same question, had this been so. Raises ValueError for a change that is no person's matter."""
    ahead = reach.ahead
    match change:
        case WaitUntil(at):
            return replace(reach, ahead=replace(ahead, at=at))
        case Raise("quota.reserve", by):
            reserve = {**ahead.quota.reserve, "私聊": ahead.quota.reserve.get("私聊", 0) - by}
            return replace(reach, ahead=replace(ahead, quota=replace(ahead.quota, reserve=reserve)))
        case Raise(source, by):
            return replace(reach, ahead=replace(ahead, care=raised(ahead.care, source, by)))
        case Edit("entry", _, "who"):
            return replace(reach, ahead=replace(ahead, audience=()))
        case Edit("item", _, "who"):
            return replace(reach, ahead=replace(ahead, item_audience=()))
        case Edit("item", _, "repeat_after", int(seconds)):
            return replace(reach, ahead=replace(ahead, item=replace(ahead.item, repeat_after_seconds=seconds)))
        case Edit("rule", id_, "off"):
            rules = tuple(rule for rule in ahead.rules if rule.id != id_)
            return replace(reach, ahead=replace(ahead, rules=rules))
        case Edit("care", _, key, to):
            return replace(reach, ahead=replace(ahead, care=_edited(ahead.care, key, to)))
    raise ValueError(change)


def _stop(reach: Reach, gate: PersonGate) -> Stop:
    if gate.for_good:
        return Stop(gate=gate.name, because=gate.because)
    until_at = opens_at(reach, gate)
    wait = (WaitUntil(until_at),) if until_at is not None else ()
    because = gate.because + _tally(reach, gate)
    if until_at is not None:
        because += f"；{spoken(until_at, reach.ahead.timezone)} 后可发"
    return Stop(
        gate=gate.name,
        because=because,
        until_at=until_at,
        changes=(*wait, *_openers(reach, gate)),
        rule=gate.rule,
        source=gate.source,
    )


def _tally(reach: Reach, gate: PersonGate) -> str:
    """How many there were, where that is what shut the gate."""
    if gate.name not in ("疲劳", "平台额度"):
        return ""
    fact, value, _ = _measured(reach, gate)
    return f"，已用 {value / 100:g} 分" if fact.name == "points" else f"，已发 {value} 条"


def _openers(reach: Reach, gate: PersonGate) -> tuple[Change, ...]:
    """What would open a gate besides time."""
    ahead = reach.ahead
    match gate.name:
        case "人群":
            of_item = gate.source.startswith("item.")
            return (Edit("item", ahead.item.id, "who") if of_item else Edit("entry", ahead.entry.id, "who"),)
        case "个人规则" if gate.rule:
            return (Edit("rule", gate.rule.id, "off", "是"),)
        case "冷静期":
            return (Edit("care", "cooling", "cooling", 0),)
        case "对照组":
            return (Edit("care", "hold_out", "hold_out", 0),)
    fact, value, bound = _measured(reach, gate)
    match gate.name:
        case "平台额度":
            over = value - bound + 1
            return (Raise(gate.source, over),) if over <= ahead.quota.reserve.get("私聊", 0) else ()
        case "疲劳":
            over = value - bound + 1
            return (Raise(gate.source, -(-over // 100) if fact.name == "points" else over),)
        case "先信任" if fact == TRUST_ITEMS:
            return (Edit("care", "before_selling", "trust_items", value),)
        case "先信任" if value >= MINUTE:  # files know no seconds
            return (Edit("care", "before_selling", "after_add", whole(value)),)
        case "重复" if value >= MINUTE:
            return (Edit("item", ahead.item.id, "repeat_after", whole(value)),)
    return ()


def _measured(reach: Reach, gate: PersonGate) -> tuple[Fact, int, int]:
    """What a gate measures, its value for this person, and the bound."""
    fact, bound = next(compares(gate.condition.tree))
    value = reach.values()[fact]
    assert isinstance(value, int)
    return fact, value, bound


def raised(care: Care, source: str, by: int) -> Care:
    """The same manners with one cap or budget raised."""
    if source == "care.guide_load":
        load = care.guide_load
        return replace(care, guide_load=replace(load, cards_per_day=load.cards_per_day + by))
    if source == "care.budget":
        return replace(care, budget=replace(care.budget, most=care.budget.most + by))
    caps = tuple(replace(c, most=c.most + by) if c.source == source else c for c in care.caps)
    return replace(care, caps=caps)


def _edited(care: Care, key: str, to: int | str) -> Care:
    match key, to:
        case "away", _:
            return replace(care, away=())
        case "cooling", _:
            return replace(care, cooling=())
        case "hold_out", int(percent):
            return replace(care, hold_out_percent=percent)
        case "after_add", int(seconds):
            return replace(care, before_selling=replace(care.before_selling, after_add_seconds=seconds))
        case "trust_items", int(count):
            return replace(care, before_selling=replace(care.before_selling, trust_items=count))
    raise ValueError(key)

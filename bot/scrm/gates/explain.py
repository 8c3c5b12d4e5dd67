"""Why a slot did not go to a pool, and the smallest set of changes that would have turned it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

from bot.scrm.gates.changes import Approve, Change, Edit, Raise, Stock, SwitchOn, WaitUntil
from bot.scrm.gates.decide import candidates, chosen, item_stops, slot_stops, swap
from bot.scrm.gates.person import raised
from bot.scrm.gates.pool import outlet
from bot.scrm.gates.rules import approval_by
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.smallest import smallest
from bot.scrm.gates.verdict import Stop
from bot.scrm.item import Item, Variant
from bot.scrm.kind import Kind
from bot.scrm.period import ALWAYS_VALID
from bot.scrm.who import EVERYONE


def slot_changes(s: Situation) -> tuple[Change, ...] | None:
    """The fewest changes by which something would go out; None: there are none."""
    items = list(candidates(s, chosen(s)))
    if items:
        return _fewest(s, items)
    if s.entry.item is not None:
        return (Edit("entry", s.entry.id, "item"),)
    return min(filter(None, (_with_more(s, kind) for kind in s.entry.pick)), key=len, default=None)


def _with_more(s: Situation, kind: Kind) -> tuple[Change, ...] | None:
    """The changes beside an item more of this kind."""
    stock = Stock((kind,))
    more = _fewest(changed(s, stock), [_an_item(s, kind)])
    return None if more is None else (stock, *more)


def _fewest(s: Situation, items: Sequence[Item]) -> tuple[Change, ...] | None:
    """The fewest changes by which one of these would go out."""

    @cache
    def later(at: int) -> tuple[Situation, list[Stop], list[Item]]:
        then = replace(s, now=at)
        return then, slot_stops(then), list(candidates(then, chosen(then)))

    def stops_at(item: Item, at: int) -> list[Stop]:
        then, shut, offered = later(at)
        return [*shut, *_item_stops(then, item, offered)]

    return smallest([partial(stops_at, item) for item in items], s.now)


def _item_stops(s: Situation, item: Item, offered: Sequence[Item]) -> list[Stop]:
    """What is in the way of an item. One that stands in by a rule needs that rule."""
    if item not in offered:
        return [Stop(gate="规则", because="没有规则让它顶替")]
    stops = item_stops(s, item)
    if item.kind in s.entry.pick or item.id == s.entry.item:
        return stops
    rule = swap(s, offered[:1])
    return [replace(stop, changes=()) if stop.rule == rule else stop for stop in stops]


def changed(s: Situation, change: Change) -> Situation:
    """The same slot and pool, had this been so."""
    match change:
        case WaitUntil(at):
            return replace(s, now=at)
        case Raise("quota.reserve", by):
            reserve = {**s.quota.reserve, s.touchpoint: s.quota.reserve.get(s.touchpoint, 0) - by}
            return replace(s, quota=replace(s.quota, reserve=reserve))
        case Raise(source, by):
            return replace(s, care=raised(s.care, source, by))
        case Approve(id_, role):
            item = s.library.get(id_)
            if item is None:  # of an item that is still to be written
                return s
            return replace(s, approved=s.approved | {approval_by(item, role) if role else item.digest})
        case SwitchOn(switch):
            return replace(s, switches=s.switches - {switch})
        case Stock(kinds):
            fresh = _an_item(s, kinds[0])
            return replace(s, library={**s.library, fresh.id: fresh}, approved=s.approved | {fresh.digest})
        case Edit("entry" | "calendar" | "rule"):
            return _edited_plan(s, change)
        case Edit():
            return _edited_item(s, change)


def _edited_plan(s: Situation, edit: Edit) -> Situation:
    match edit.part, edit.key, edit.to:
        case "entry", "by", int(minutes):
            return replace(s, slot=replace(s.slot, by_at=s.slot.at + minutes * 60))
        case "entry", "priority", int(priority):
            return replace(s, entry=replace(s.entry, priority=priority))
        case "entry", "draft", _:
            return replace(s, entry=replace(s.entry, draft=False))
        case "calendar", "draft", _:
            return replace(s, calendar=replace(s.calendar, draft=False))
        case "calendar", "valid", _:
            return replace(s, calendar=replace(s.calendar, valid=ALWAYS_VALID))
        case "rule", "off", _:
            return replace(s, rules=tuple(rule for rule in s.rules if rule.id != edit.id))
    raise ValueError(edit)


def _edited_item(s: Situation, edit: Edit) -> Situation:
    if edit.part == "offer":
        offer = replace(s.offers[edit.id], valid=ALWAYS_VALID)
        return replace(s, offers={**s.offers, edit.id: offer})
    item = s.library[edit.id]
    match edit.key, edit.to:
        case "draft", _:
            item = replace(item, draft=False)
        case "valid", _:
            item = replace(item, valid=ALWAYS_VALID)
        case "offer", _:
            item = replace(item, offer=None)
        case "personas", str(persona):
            item = replace(item, personas=(*item.personas, persona))
        case "who", _:
            item = replace(item, who=EVERYONE)
        case "variants", _:
            item = replace(item, variants=(*item.variants, Variant(outlets=(outlet(s),), text=item.title)))
        case "repeat_after", int(seconds):
            item = replace(item, repeat_after_seconds=seconds)
        case "text", _:
            return replace(s, refused={digest: why for digest, why in s.refused.items() if digest != item.digest})
        case _:
            raise ValueError(edit)
    return replace(s, library={**s.library, item.id: item})


def _an_item(s: Situation, kind: Kind) -> Item:
    """An item that nothing is against."""
    words = Variant(outlets=(outlet(s),), text="…")
    return Item(id="new", title="新内容", kind=kind, topic=s.entry.topic or "", variants=(words,), digest="new")

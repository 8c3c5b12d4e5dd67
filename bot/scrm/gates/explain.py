"""Why a slot did not go to a pool, and the smallest set of changes that would have turned it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

from bot.scrm.gates.changes import Approve, Change, Edit, Stock, WaitUntil
from bot.scrm.gates.decide import candidates, chosen, item_stops, slot_stops, swap
from bot.scrm.gates.pool import outlet
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.smallest import smallest
from bot.scrm.gates.verdict import Stop
from bot.scrm.item import Item, Variant
from bot.scrm.kind import Kind

REWORDS = frozenset((("item", "text"), ("item", "variants"), ("offer", "valid")))
"""Edits by which something else would be seen than what was approved."""

StopsBeside = Callable[[Situation, Item], list[Stop]]


def none_beside(_s: Situation, _item: Item) -> list[Stop]:
    """Nothing but the slot and the item is asked."""
    return []


def slot_changes(s: Situation) -> tuple[Change, ...] | None:
    """The fewest changes by which something would go out; None: there are none."""
    items = list(candidates(s, chosen(s)))
    if items:
        return fewest(s, items)
    if s.entry.item is not None:
        return (Edit("entry", s.entry.id, "item"),)
    return min(filter(None, (_with_more(s, kind) for kind in s.entry.pick)), key=len, default=None)


def _with_more(s: Situation, kind: Kind) -> tuple[Change, ...] | None:
    """The changes beside an item more of this kind."""
    fresh = an_item(s, kind)
    stocked = replace(s, library={**s.library, fresh.id: fresh}, approved=s.approved | {fresh.digest})
    more = fewest(stocked, [fresh])
    return None if more is None else (Stock((kind,)), *more)


def fewest(s: Situation, items: Sequence[Item], beside: StopsBeside = none_beside) -> tuple[Change, ...] | None:
    """The fewest changes by which one of these would go out. `beside`: further gates, of whoever is to get it."""

    @cache
    def later(at: int) -> tuple[Situation, list[Stop], list[Item]]:
        then = replace(s, now=at)
        return then, slot_stops(then), list(candidates(then, chosen(then)))

    def stops_at(item: Item, at: int) -> list[Stop]:
        then, shut, offered = later(at)
        return [*shut, *_item_stops(then, item, offered), *beside(then, item)]

    return smallest([partial(stops_at, item) for item in items], s.now)


def _item_stops(s: Situation, item: Item, offered: Sequence[Item]) -> list[Stop]:
    """What is in the way of an item. One that stands in by a rule needs that rule."""
    if item not in offered:
        return [Stop(gate="规则", because="没有规则让它顶替")]
    stops = item_stops(s, item)
    stops += _approvals(s, item, stops)
    if item.kind in s.entry.pick or item.id == s.entry.item:
        return stops
    rule = swap(s, offered)
    return [replace(stop, changes=()) if stop.rule == rule else stop for stop in stops]


def _approvals(s: Situation, item: Item, stops: Sequence[Stop]) -> list[Stop]:
    """The approvals that rewording it, or its offer, would void: they are to be given anew."""
    ways = [next((way for way in stop.changes if not isinstance(way, WaitUntil)), None) for stop in stops]
    if not any(way in REWORDS for way in ((w.part, w.key) for w in ways if isinstance(w, Edit))):
        return []
    prefix = f"{item.digest}@"
    roles = [role.removeprefix(prefix) for role in sorted(s.approved) if role.startswith(prefix)]
    given = ["", *roles] if item.digest in s.approved else roles
    return [Stop(gate="审批", because="改过的要重新审批", changes=(Approve(item.id, role),)) for role in given]


def an_item(s: Situation, kind: Kind) -> Item:
    """An item that nothing is against."""
    words = Variant(outlets=(outlet(s),), text="…")
    return Item(id="new", title="新内容", kind=kind, topic=s.entry.topic or "", variants=(words,), digest="new")

"""Why a slot did not go to a pool, and the smallest set of changes that would have turned it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from bot.scrm.gates.changes import Approve, Change, Edit, Raise, Stock, WaitUntil
from bot.scrm.gates.decide import candidates, chosen, instead, item_stops, planned, slot_stops, swap, tried_before
from bot.scrm.gates.pool import ITEM_GATES, outlet
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.smallest import Answer, fewer, fixes, smallest
from bot.scrm.gates.verdict import Stop
from bot.scrm.item import Item, Variant
from bot.scrm.kind import Kind

REWORDS = frozenset((("item", "text"), ("item", "variants"), ("offer", "valid")))
"""Edits by which something else would be seen than what was approved."""

MOST_SETS = 64
"""Sets of rules that are looked at without."""

StopsBeside = Callable[[Situation, Item], list[Stop]]
"""The gates of whoever is to get an item of a slot."""


def slot_changes(s: Situation) -> Answer:
    """The fewest changes by which something would go out; None: there are none."""
    if any(True for _ in candidates(s, chosen(s))):
        return fewest(s)
    if s.entry.item is not None:
        return (Edit("entry", s.entry.id, "item"),)
    return min(filter(None, (_with_more(s, kind) for kind in s.entry.pick)), key=len, default=None)


def _with_more(s: Situation, kind: Kind) -> Answer:
    """The changes beside an item more of this kind."""
    fresh = an_item(s, kind)
    stocked = replace(s, library={**s.library, fresh.id: fresh}, approved=s.approved | {fresh.digest})
    more = fewest(stocked)
    return None if more is None else (Stock((kind,)), *more)


def fewest(s: Situation, beside: StopsBeside | None = None) -> Answer:
    """The fewest changes by which something would go out. `beside`: and reach somebody, whose gates these are; then it
    has to be what goes out first, for all of the pool get the same.

    Without one rule another may speak, and want another kind: so each set of rules is tried that could be off.
    """
    best, swaps = None, any(rule.then == "换类" for rule in s.rules)
    tried, ahead = 0, deque[frozenset[str]]([frozenset()])
    while ahead and tried < MOST_SETS and (best is None or len(ahead[0]) < len(best)):
        off, tried = ahead.popleft(), tried + 1
        met = set[str]()
        found = smallest(partial(_ways, _without(s, off), beside, met), s.now)
        if found is not None:
            best = fewer(best, (*found, *(Edit("rule", id_, "off", "是") for id_ in sorted(off))))
        ahead += [more for id_ in sorted(met) if swaps and (more := off | {id_}) not in ahead]
    return best


def _without(s: Situation, off: frozenset[str]) -> Situation:
    return replace(s, rules=tuple(rule for rule in s.rules if rule.id not in off))


def _ways(s: Situation, beside: StopsBeside | None, met: set[str], at: int) -> list[list[Stop]]:
    """What could go out at an instant, and which gates are shut for it. `met`: takes up the rules that speak."""
    then = replace(s, now=at)
    shut, found = slot_stops(then), list[list[Stop]]()
    for item, stops, before in _offered(then):
        met.update(stop.rule.id for stop in stops if stop.rule)
        asked = [*shut, *stops, *(beside(then, item) if beside else ())]
        if beside is None or not any(
            _opens(asked, _with_approvals(then, each, item_stops(then, each))) for each in before
        ):
            found.append(asked)
    return found


def _opens(asked: Sequence[Stop], others: Sequence[Stop]) -> bool:
    """Whether what opens these gates opens the others too: then what stands behind those would go first."""
    changes = fixes(asked) or ()
    return all(any(_does(change, way) for change in changes for way in stop.changes) for stop in others)


def _does(change: Change, way: Change) -> bool:
    if isinstance(change, Raise) and isinstance(way, Raise):
        return change.source == way.source and change.by >= way.by
    return change == way


def _offered(s: Situation) -> Iterator[tuple[Item, list[Stop], list[Item]]]:
    """What is wanted; and what would be tried instead, by a rule that is needed then, once what it takes the place of
    would be first to go. With each, what would be tried before it."""
    wanted = list(planned(s, chosen(s)))
    for item in wanted:
        yield item, _with_approvals(s, item, item_stops(s, item)), tried_before(s, item)
    speaks = swap(s, wanted)
    for item in wanted:
        rule, others = instead(s, item)
        is_first = item == wanted[0] and rule == speaks
        opened = [] if is_first else [stop for gate in ITEM_GATES for stop in gate(s, item)]
        for n, other in enumerate(others):
            needed = [replace(stop, changes=()) if stop.rule == rule else stop for stop in item_stops(s, other)]
            stops = [*_with_approvals(s, item, opened), *_with_approvals(s, other, needed)]
            yield other, stops, [*tried_before(s, item), *others[:n]]


def _with_approvals(s: Situation, item: Item, stops: list[Stop]) -> list[Stop]:
    return stops + _approvals(s, item, stops)


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

"""What the library will lack: the controller run ahead over the slots to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.scrm.item import Item
from bot.scrm.kind import KINDS, Kind, Outlet
from bot.scrm.mix import Choice, MixState, PoolRef, charged, choose, fixed
from bot.scrm.pick_item import ALONE, Place, fitting, pick_item, rested
from bot.scrm.week import week_began_at

WEEK = 7 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingSlot:
    """A slot to come. Open: `pick` holds the kinds it allows, `topic` narrows it. Fixed: `item` is its item's id."""

    at: int
    outlet: Outlet
    pick: tuple[Kind, ...] = ()
    item: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a pool can be given: the items that may go to it at all, and when each last reached it (epoch seconds)."""

    items: tuple[Item, ...]
    sent_at: Mapping[str, int]
    place: Place = ALONE

    def kinds(self, slot: ComingSlot) -> frozenset[Kind]:
        """The kinds that there is stock of for a slot."""
        return frozenset(item.kind for item in self._fitting(slot) if rested(item, self.sent_at, slot.at))

    def take(self, slot: ComingSlot, kind: Kind) -> tuple[Item, Shelf] | None:
        """The item of a kind for an open slot, and the shelf after it; None: there is none."""
        item = pick_item([i for i in self._fitting(slot) if i.kind == kind], self.sent_at, slot.at, self.place)
        return (item, self.after(item.id, slot.at)) if item else None

    def named(self, item_id: str) -> Item | None:
        """The item with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def after(self, item_id: str, at: int) -> Shelf:
        """The shelf once the item has reached the pool."""
        return Shelf(self.items, {**self.sent_at, item_id: at}, self.place)

    def _fitting(self, slot: ComingSlot) -> list[Item]:
        return fitting(self.items, slot.outlet, slot.at, slot.topic)


@dataclass(frozen=True, slots=True)
class Gap:
    """So many items of a kind that a pool will lack in a week. `week`: 1 is the week of the forecast's first day."""

    pool: PoolRef
    week: int
    week_at: int
    kind: Kind
    count: int

    def __str__(self) -> str:
        return f"第 {self.week} 周 {self.pool.name or self.pool.id} 缺 {self.count} 条 {self.kind}"


def forecast(
    pool: PoolRef, state: MixState, shelf: Shelf, slots: Iterable[ComingSlot], now: int, timezone: str
) -> tuple[Gap, ...]:
    """Which kind will be missing in which week, and how many, if every slot leaves and the stage stays.

    It is no estimate: the same controller decides as on the day. What it cannot know are rules and gates that hold.
    """
    missing: Counter[tuple[int, int]] = Counter()
    for slot in sorted(slots, key=lambda s: s.at):
        choice, kind, shelf = decide(state, shelf, slot)
        state = charged(state, choice, kind)
        if choice.missing:
            missing[week_began_at(slot.at, timezone), KINDS.index(choice.missing)] += 1
    first_at = week_began_at(now, timezone)
    return tuple(
        Gap(pool, _weeks(first_at, week_at) + 1, week_at, KINDS[kind], count)
        for (week_at, kind), count in sorted(missing.items())
    )


def decide(state: MixState, shelf: Shelf, slot: ComingSlot) -> tuple[Choice, Kind | None, Shelf]:
    """What a slot gets when nothing holds it: the choice, the kind, the shelf after it.

    A fixed item that the shelf does not have leaves the slot empty and uncharged.
    """
    if slot.item is not None:
        item = shelf.named(slot.item)
        choice = fixed(state, item.kind) if item else Choice(order=(), due=choose(state, KINDS, ()).due, fixed=True)
        return choice, item.kind if item else None, shelf.after(slot.item, slot.at)
    choice = choose(state, slot.pick, shelf.kinds(slot))
    taken = shelf.take(slot, choice.order[0]) if choice.order else None
    return (choice, taken[0].kind, taken[1]) if taken else (choice, None, shelf)


def _weeks(from_at: int, to_at: int) -> int:
    """Whole weeks between two Mondays, whatever daylight saving did to them."""
    return round((to_at - from_at) / WEEK)

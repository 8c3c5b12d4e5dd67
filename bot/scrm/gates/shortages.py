"""What the library will lack in the days to come, pool by pool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.pool import entry_for_this_pool, for_this_pool, linted, outlet, slot_valid, switched_on
from bot.scrm.gates.situation import Situation
from bot.scrm.item import Item
from bot.scrm.mix import PoolRef
from bot.scrm.stock import ComingSlot, Gap, Shelf, forecast

_MEANT = (slot_valid, entry_for_this_pool, switched_on)


def shortages(foreseen: Iterable[Foreseen]) -> Iterator[Gap]:
    """Every gap of every pool, as if all that waits for approval had it. What is stopped or a draft needs nothing."""
    by_pool: dict[tuple[str, str], list[Situation]] = defaultdict(list)
    for each in foreseen:
        s = each.situation
        by_pool[s.touchpoint, s.pool.id].append(s)
    for situations in by_pool.values():
        first = situations[0]
        coming = [_coming(s) for s in situations if not any(True for gate in _MEANT for _ in gate(s))]
        pool = PoolRef(first.touchpoint, first.pool.id, first.pool.name)
        yield from forecast(pool, first.mix, _shelf(first), coming, first.now, first.timezone)


def _coming(s: Situation) -> ComingSlot:
    return ComingSlot(at=s.slot.at, outlet=outlet(s), pick=s.entry.pick, item=s.entry.item, topic=s.entry.topic)


def _shelf(s: Situation) -> Shelf:
    sent_at = {met.item: met.at for met in sorted(s.met, key=lambda met: met.at)}
    return Shelf(tuple(item for item in s.library.values() if _may_go(s, item)), sent_at, s.pool.place)


def _may_go(s: Situation, item: Item) -> bool:
    """Whether the pool may meet it at all, by its guide, once somebody approved it."""
    voiced = any(variant.persona in (None, s.pool.persona) for variant in item.variants)
    ours = not item.personas or s.pool.persona in item.personas
    return voiced and ours and not any(True for gate in (linted, for_this_pool) for _ in gate(s, item))

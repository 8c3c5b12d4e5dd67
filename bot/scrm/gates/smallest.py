"""The smallest set of changes that would turn a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from bot.scrm.gates.changes import Change, WaitUntil
from bot.scrm.gates.verdict import Stop

LATER = 40
"""So many instants at which things change by themselves are looked at, the nearest first."""

StopsAt = Callable[[int], list[Stop]]


def smallest(options: Sequence[StopsAt], now: int) -> tuple[Change, ...] | None:
    """The fewest changes that open every gate for one of the options; of equally few, those with the shortest wait.

    An option says which gates are shut at an instant, as things stand. None: nothing would turn it. No change of the
    answer can be left out: without it fewer changes, or less waiting, would have been found to do.
    """
    best: tuple[Change, ...] | None = None
    options = [cache(stops_at) for stops_at in options]
    for at in _instants(options, now):
        wait = (WaitUntil(at),) if at > now else ()
        for stops_at in options:
            changes = _fixes(stops_at(at))
            if changes is not None and (best is None or len(wait) + len(changes) < len(best)):
                best = (*wait, *changes)
    return best


def _instants(options: Sequence[StopsAt], now: int) -> list[int]:
    """Now, and the instants at which shut gates open, followed from one to the next."""
    found, fresh = {now}, [now]
    while fresh and len(found) < LATER:
        nearest = min(fresh)
        fresh.remove(nearest)
        opening = {stop.until_at for stops_at in options for stop in stops_at(nearest) if stop.until_at is not None}
        fresh += [at for at in opening if at > now and at not in found]
        found |= {at for at in opening if at > now}
    return sorted(found)


def _fixes(stops: Iterable[Stop]) -> tuple[Change, ...] | None:
    """A change for each gate, the mildest that is not waiting; None when a gate has none."""
    changes: dict[Change, None] = {}
    for stop in stops:
        change = next((c for c in stop.changes if not isinstance(c, WaitUntil)), None)
        if change is None:
            return None
        changes[change] = None
    return tuple(changes)

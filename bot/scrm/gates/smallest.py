"""The smallest set of changes that would turn a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.scrm.gates.changes import Change, WaitUntil
from bot.scrm.gates.verdict import Stop

LATER = 40
"""So many instants at which things change by themselves are looked at, the nearest first."""

StopsAt = Callable[[int], list[Stop]]


def smallest(stops_at: StopsAt, now: int) -> tuple[Change, ...] | None:
    """The fewest changes that open every gate; of equally few, those with the shortest wait. None: there are none.

    `stops_at`: every gate that is shut at an instant, as things stand. No change of the answer can be left out: what
    it does not cover at that instant is nothing, and with less waiting or fewer changes it would be smaller.
    """
    best: tuple[Change, ...] | None = None
    for at in _instants(stops_at, now):
        changes = _fixes(stops_at(at))
        if changes is None:
            continue
        wait = (WaitUntil(at),) if at > now else ()
        if best is None or len(wait) + len(changes) < len(best):
            best = (*wait, *changes)
    return best


def _instants(stops_at: StopsAt, now: int) -> list[int]:
    """Now, and the instants at which shut gates open, followed from one to the next."""
    found, fresh = [now], [now]
    while fresh and len(found) < LATER:
        nearest = min(fresh)
        fresh.remove(nearest)
        for at in sorted({stop.until_at for stop in stops_at(nearest) if stop.until_at is not None}):
            if at not in found and at > now:
                found.append(at)
                fresh.append(at)
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

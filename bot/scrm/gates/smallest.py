"""The smallest set of changes that would turn a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from bot.scrm.gates.changes import Change, WaitUntil
from bot.scrm.gates.verdict import Stop

LATER = 40
"""So many instants at which things change by themselves are looked at, the nearest first."""

Ways = Callable[[int], Sequence[Sequence[Stop]]]
"""The ways in which it could go at an instant, each with the gates that are shut for it."""

Answer = tuple[Change, ...] | None


def smallest(ways: Ways, now: int) -> Answer:
    """The fewest changes that open every gate in one of the ways; of equally few, those with the shortest wait.

    None: nothing would turn it. No change of the answer can be left out: without it fewer changes, or less waiting,
    would have been found to do.
    """
    best: Answer = None
    ways = cache(ways)
    for at in _instants(ways, now):
        wait = (WaitUntil(at),) if at > now else ()
        for stops in ways(at):
            changes = fixes(stops)
            if changes is not None and (best is None or len(wait) + len(changes) < len(best)):
                best = (*wait, *changes)
    return best


def fewer(one: Answer, other: Answer) -> Answer:
    """The one with fewer changes; of equally few, with the shorter wait."""
    return min((each for each in (one, other) if each is not None), key=_size, default=None)


def _size(changes: tuple[Change, ...]) -> tuple[int, int]:
    return len(changes), max((change.at for change in changes if isinstance(change, WaitUntil)), default=0)


def _instants(ways: Ways, now: int) -> list[int]:
    """Now, and the instants at which shut gates open, followed from one to the next."""
    found, fresh = {now}, [now]
    while fresh and len(found) < LATER:
        nearest = min(fresh)
        fresh.remove(nearest)
        opening = {stop.until_at for stops in ways(nearest) for stop in stops if stop.until_at is not None}
        fresh += [at for at in opening if at > now and at not in found]
        found |= {at for at in opening if at > now}
    return sorted(found)


def fixes(stops: Iterable[Stop]) -> tuple[Change, ...] | None:
    """A change for each gate, the mildest that is not waiting; None when a gate has none."""
    changes: dict[Change, None] = {}
    for stop in stops:
        change = next((c for c in stop.changes if not isinstance(c, WaitUntil)), None)
        if change is None:
            return None
        changes[change] = None
    return tuple(changes)

"""What is bound to happen later: the world has no clock, so whoever has one asks what is due."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from sandbox.world.wire import Event

Act = Callable[[int], list[Event]]


class Later:
    """Acts and their instants. `on_set`: told of each new instant, so that somebody waits for it."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Act]] = []
        self._order = itertools.count()
        self.on_set: Callable[[int], None] | None = None

    def set(self, at: int, act: Act) -> None:
        """`act` happens at `at` (epoch seconds) and returns its callbacks."""
        heapq.heappush(self._heap, (at, next(self._order), act))
        if self.on_set is not None:
            self.on_set(at)

    def due(self, now: int) -> list[Event]:
        """Do all that is due by `now`, each at its own instant; the callbacks."""
        events: list[Event] = []
        while self._heap and self._heap[0][0] <= now:
            at, _, act = heapq.heappop(self._heap)
            events += act(at)
        return events

    def instants(self) -> list[int]:
        """When something is due."""
        return sorted(at for at, _, _ in self._heap)

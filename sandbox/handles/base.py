"""What every handle of a noun has: the world, the time, and a way to say that something happened."""

from __future__ import annotations

from typing import Protocol

from sandbox.clock import Clock
from sandbox.world import World
from sandbox.world.wire import Event


class Happened(Protocol):
    """Logs what somebody did and sends its callbacks."""

    def __call__(self, action: str, events: list[Event], **about: object) -> None: ...


class Handle:
    """One noun's actions; every public method is an action of the control API, as `noun.method`."""

    def __init__(self, world: World, clock: Clock, happened: Happened) -> None:
        self._world, self._clock, self._happened = world, clock, happened

    def _now(self) -> int:
        return self._clock.now()

"""Who may go next: events of one line in order, lines side by side, deadlines past all but one in eight. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

PASS_IN_A_ROW = 7
"""So many pass, then a line that is ready has its turn: a flood of deadlines slows lines, and stops none."""


class Item(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def line(self) -> str: ...


I = TypeVar("I", bound=Item)  # noqa: E741


@dataclass(slots=True)
class _Line(Generic[I]):
    queue: deque[I]
    busy: bool = False


class Lines(Generic[I]):
    """Waiting items by line. The head of a line that is neither busy nor held is ready."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line[I]] = {}
        self._ready: deque[str] = deque()
        self._held: dict[str, int] = {}
        self._passing: deque[I] = deque()
        self._passed = 0
        self._count = 0

    def __len__(self) -> int:
        """How many items wait or are under way."""
        return self._count

    def add(self, item: I, *, passes: bool = False, held_until: int = 0) -> None:
        """Queue an item behind its line; `passes`: it has a deadline and waits for nobody."""
        self._count += 1
        if passes:
            self._passing.append(item)
            return
        line = self._lines.setdefault(item.line, _Line(deque()))
        line.queue.append(item)
        if len(line.queue) == 1 and not line.busy:
            self._open(item.line, held_until)

    def ready(self, now: int) -> Iterator[tuple[I, bool]]:
        """Take items that may go, as (item, passes); each must be given back by `done` or `hold`."""
        self._release(now)
        while self._passing or self._ready:
            if self._passing and not (self._ready and self._passed >= PASS_IN_A_ROW):
                self._passed += 1
                yield self._passing.popleft(), True
                continue
            self._passed = 0
            line = self._lines[self._ready.popleft()]
            line.busy = True
            yield line.queue[0], False

    def done(self, item: I, *, passes: bool) -> None:
        """An item is over: the next of its line may go."""
        self._count -= 1
        if passes:
            return
        line = self._lines[item.line]
        line.queue.popleft()
        line.busy = False
        if line.queue:
            self._open(item.line, 0)
        else:
            del self._lines[item.line]

    def hold(self, item: I, until: int, *, passes: bool) -> None:
        """An item failed: it keeps its line until then, and goes first."""
        if passes:
            self._count -= 1
            self.add(item, held_until=until)
            return
        line = self._lines[item.line]
        line.queue[0] = item
        line.busy = False
        self._open(item.line, until)

    def next_release(self) -> int | None:
        """When the earliest held line may go on."""
        return min(self._held.values(), default=None)

    def _open(self, name: str, held_until: int) -> None:
        if held_until:
            self._held[name] = held_until
        else:
            self._ready.append(name)

    def _release(self, now: int) -> None:
        for name in [n for n, until in self._held.items() if until <= now]:
            del self._held[name]
            self._ready.append(name)

"""Two plans side by side: what came in, what fell out, what became different since the last one was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LineKey = tuple[int, str, str]
"""at (epoch seconds), calendar/entry, pool (a chat_id or userid)."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a slot came to for a pool. `name`: of the pool; `outcome`, `item`: as people read them."""

    name: str
    outcome: str
    item: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was shown of the slots from one instant (included) to another (excluded), epoch seconds."""

    from_at: int
    until_at: int
    lines: Mapping[LineKey, Line]

    def between(self, from_at: int, until_at: int) -> dict[LineKey, Line]:
        """The lines whose moment lies there."""
        return {key: line for key, line in self.lines.items() if from_at <= key[0] < until_at}


@dataclass(frozen=True, slots=True)
class Difference:
    """`added` and `gone` with what they come or came to; `changed` with what it was and what it is now."""

    added: Mapping[LineKey, Line]
    gone: Mapping[LineKey, Line]
    changed: Mapping[LineKey, tuple[Line, Line]]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def difference(before: Plan, after: Plan) -> Difference:
    """Over the time that both looked at: what is over is not gone, and a longer look has not brought more."""
    both = max(before.from_at, after.from_at), min(before.until_at, after.until_at)
    was, now = before.between(*both), after.between(*both)
    return Difference(
        added={key: line for key, line in now.items() if key not in was},
        gone={key: line for key, line in was.items() if key not in now},
        changed={key: (was[key], line) for key, line in now.items() if key in was and was[key] != line},
    )

"""Which waiting events are in memory: those that can still be greeted first, the others in the order they came.

A line takes a small share of the places, so that one that stands still, or is busier than all, leaves room for others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection

from bot.scrm.reception import WELCOME_SECONDS
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Waiting

IN_HAND = 1_000
"""Events held in memory at most, beside those that pass; the rest wait on disk."""

READ_AT_ONCE = 200
"""Also the most events in hand that pass their line."""

LINE_SHARE = 20
"""Events of one line in hand, beside those that pass; when half of them are over, its next are read."""

FEW = 50
"""With fewer in hand, rows are looked for from the beginning: where transactions run side by side (PostgreSQL), one
may be committed after another that has a later id."""

FRESH_SECONDS = WELCOME_SECONDS - 3
"""A code younger than this is worth hurrying for; what is left of its life is for the way to WeCom."""

LATE_SECONDS = 3
"""A greeting leaves within one second, unless more come than can be greeted at once."""


class Hand:
    """The events that have been read and are not over yet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passing: dict[int, int] = {}
        self._in_line: set[int] = set()
        self._of_line: Counter[str] = Counter()
        self._full: set[str] = set()
        self._seen = 0
        self._more_fresh = self._more = False

    def __len__(self) -> int:
        return len(self._passing) + len(self._in_line)

    def from_the_beginning(self) -> None:
        """Let the next look find rows that wait again though they were passed over."""
        self._seen = 0

    async def take(self, now: int) -> list[tuple[Waiting, bool]]:
        """New rows, as many as there is room for, and whether each passes its line."""
        known = self._passing.keys() | self._in_line  # as of now: some end while we read, and are still found waiting
        room = min(READ_AT_ONCE, max(0, IN_HAND - len(self._in_line)))
        if low := {line for line in self._full if self._is_low(line)}:
            self._full -= low
            self.from_the_beginning()
        after = self._seen if len(self) >= FEW else 0
        look = partial(_look, now=now, after=after, room=room, full=tuple(self._full))
        fresh, rows = await self._database.read(look)
        self._more_fresh, self._more = len(fresh) == READ_AT_ONCE, len(rows) == room
        self._seen = max([after, *(row.id for row in rows)])
        passing = [row for row in fresh if row.id not in known]
        self._passing.update((row.id, row.received_at) for row in passing)
        in_line = [row for row in rows if row.id not in known and not _hurries(row, now) and self._has_room(row)]
        return [(row, True) for row in passing] + [(row, False) for row in in_line]

    def let_go(self, row: Waiting) -> None:
        """It is over."""
        self._passing.pop(row.id, None)
        if row.id in self._in_line:
            self._in_line.discard(row.id)
            self._of_line[row.line] -= 1
            if not self._of_line[row.line]:
                del self._of_line[row.line]

    def is_late(self, now: int) -> bool:
        """Whether somebody who can still be greeted has waited too long for it already."""
        return bool(self._passing) and now - min(self._passing.values()) >= LATE_SECONDS

    @property
    def wants_more(self) -> bool:
        """Half of what was read is done, and more waits on disk."""
        fresh = self._more_fresh and len(self._passing) <= READ_AT_ONCE // 2
        return fresh or (self._more and len(self._in_line) <= IN_HAND // 2) or any(map(self._is_low, self._full))

    def _has_room(self, row: Waiting) -> bool:
        """Whether its line does, and then it is in hand; else its line is read on when there is room."""
        if self._of_line[row.line] >= LINE_SHARE:
            self._full.add(row.line)
            return False
        self._in_line.add(row.id)
        self._of_line[row.line] += 1
        return True

    def _is_low(self, line: str) -> bool:
        return self._of_line[line] <= LINE_SHARE // 2


def _hurries(row: Waiting, now: int) -> bool:
    """What `inbox.hurrying` finds, and nobody else takes: so many pass at once, and no more."""
    return row.welcome_code is not None and not row.attempts and row.received_at > now - FRESH_SECONDS


def _look(
    conn: Connection, *, now: int, after: int, room: int, full: Sequence[str]
) -> tuple[list[Waiting], list[Waiting]]:
    fresh = inbox.hurrying(conn, since=now - FRESH_SECONDS, limit=READ_AT_ONCE)
    return fresh, inbox.waiting(conn, now=now, after=after, limit=room, but=full) if room else []

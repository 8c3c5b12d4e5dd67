"""What is counted over the last days, for a few spans to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.scrm.channel_report import ChannelNumbers
from bot.scrm.week import day_began_at
from bot.store import clicks, reactions
from bot.store.channel_report import channel_numbers
from bot.store.database import Database
from bot.store.ledger import Ledger, ledger
from bot.web.console.kept import Kept

SPANS: Final = (1, 7, 30, 90)
"""Days, today included."""

FRESH_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Span:
    """Counted `at` (epoch seconds)."""

    at: int
    ledger: Ledger
    channels: list[ChannelNumbers]
    clicks: list[tuple[str, int]]
    moments: list[dict[str, Any]]


class Spans:
    """days → what was counted over them."""

    def __init__(self, database: Database, clock: Clock, timezone: str) -> None:
        def kept(days: int) -> Kept[Span]:
            async def count() -> Span:
                now = clock.now()
                since_at = day_began_at(now, timezone) - (days - 1) * 86_400
                return await database.read(partial(_count, since_at=since_at, now=now), unhurried=True)

            return Kept(count, lambda one: one.at <= clock.now() < one.at + FRESH_SECONDS)

        self._of: Mapping[int, Kept[Span]] = MappingProxyType({days: kept(days) for days in SPANS})

    def __getitem__(self, days: int) -> Kept[Span]:
        return self._of[days]

    async def close(self) -> None:
        """Nobody needs them any more."""
        for each in self._of.values():
            await each.close()


def _count(conn: Connection, since_at: int, now: int) -> Span:
    return Span(
        now,
        ledger(conn, since_at),
        channel_numbers(conn, since_at, now + 1),
        clicks.by_item(conn, since_at),
        reactions.by_item(conn, since_at),
    )

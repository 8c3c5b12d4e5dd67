"""The week to come, the mix of every pool and what items brought, which takes seconds to reckon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.clock import Clock
from bot.content.snapshot import Content
from bot.flow.outlook import SEEN_BY_ALL, TO_ALL_AND_EACH, Outlook, foresee
from bot.scrm.approval import wanted
from bot.scrm.gates.quota_use import QuotaUse, quota_uses
from bot.scrm.gates.shortages import shortages
from bot.scrm.mix_report import MixReport
from bot.scrm.plan_told import conflicts, missing
from bot.scrm.week import DAY_SECONDS
from bot.store.database import Database
from bot.store.mix import reports
from bot.store.uplift import Measured, measured
from bot.web.console.kept import Kept

DAYS: Final = 7
BOUGHT_DAYS: Final = 7
"""Of the orders after an item."""

DECISIONS: Final = 2_000
"""A few seconds of reckoning at the worst; of a brand with more pools some guides stand for all."""

FRESH_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Overview:
    """Reckoned `at` (epoch seconds) on this edition of content. `missing`: as people read it; `wanted`: item → as whom
    a rule wants somebody's word."""

    at: int
    version: str
    outlook: Outlook
    mixes: tuple[MixReport, ...]
    missing: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    uses: list[QuotaUse]
    wanted: dict[str, frozenset[str]]
    uplift: Measured

    @property
    def until_at(self) -> int:
        """How far it looks."""
        return self.at + DAYS * DAY_SECONDS

    @property
    def part(self) -> str:
        """What of it is left out; empty when nothing is."""
        looked, there = self.outlook.guides, len(self.outlook.everybody)
        return "" if looked is None else f"人太多，只推算了 {there} 位导购里的 {len(looked)} 位，均匀挑的。"


class Overviews(Kept[Overview]):
    """Keeps the newest one."""

    def __init__(self, database: Database, content: Callable[[], Content], clock: Clock, timezone: str) -> None:
        def fresh(one: Overview) -> bool:
            return one.version == content().version and one.at <= clock.now() < one.at + FRESH_SECONDS

        super().__init__(lambda: overview(database, content(), clock.now(), timezone), fresh)
        self._content = content

    async def newest(self) -> Overview | None:
        """The newest there is; whoever edited content waits a moment to see what that comes to."""
        if self._newest is not None and self._newest.version != self._content().version:
            self.stale()
        return await super().newest()

    def how(self, one: Overview, now: int) -> str:
        """Where its numbers come from, and how old they are."""
        return f"按当时的内容、审批和开关推算的 {DAYS} 天，{self.aged(one.at, now)}。{one.part}"


async def overview(database: Database, content: Content, now: int, timezone: str) -> Overview:
    """How the days to come and the mix look now."""
    outlook = await foresee(database, content, timezone, DAYS, now, TO_ALL_AND_EACH, DECISIONS)
    mixes: list[MixReport] = []
    for touchpoint in SEEN_BY_ALL:
        of = partial(reports, touchpoint=touchpoint, plan=content.mix, now=now, timezone=timezone)
        mixes += await database.read(of, unhurried=True)
    brought = await database.read(partial(measured, within_days=BOUGHT_DAYS, now=now), unhurried=True)
    return await asyncio.to_thread(_overview, outlook, tuple(mixes), brought, content, now, timezone)


def _overview(
    outlook: Outlook, mixes: tuple[MixReport, ...], brought: Measured, content: Content, now: int, zone: str
) -> Overview:
    foreseen, span = outlook.foreseen, (now, now + DAYS * DAY_SECONDS)
    return Overview(
        at=now,
        version=content.version,
        outlook=outlook,
        mixes=mixes,
        missing=missing(shortages(each for each in foreseen if not each.situation.slot.is_step)),
        conflicts=conflicts(foreseen, zone),
        uses=quota_uses(outlook.boards["群"], foreseen, content.quota, span, zone),
        wanted=wanted(foreseen),
        uplift=brought,
    )

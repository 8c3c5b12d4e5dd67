"""The days to come as `plan` and `explain` look at them: every slot, decided on what is known now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import opened

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.scrm.board import Board
    from bot.scrm.calendar import Entry, Slot
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.gift import CodeStock
    from bot.scrm.kind import Touchpoint
    from bot.scrm.steps_ahead import Gathered

FromDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天看起，例如 2026-12-01；默认从现在")
]
DAY_SECONDS = 86_400
DAYS_AHEAD = 31
"""How far `explain` looks for the next time, and `plan` for the quota."""

SEEN_BY_ALL: tuple[Touchpoint, ...] = ("群", "朋友圈")
TO_ALL_AND_EACH: tuple[Touchpoint, ...] = (*SEEN_BY_ALL, "私聊")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days to come: the slots there are, every pool there is, and what each slot comes to for each. `steps`: the
    slots of steps among them, with who goes with each; `stocks`: of one-use codes."""

    slots: tuple[Slot, ...]
    boards: dict[Touchpoint, Board]
    foreseen: list[Foreseen]
    steps: tuple[Gathered, ...] = ()
    stocks: tuple[CodeStock, ...] = ()

    def until(self, at: int) -> Outlook:
        """The part of it before an instant (epoch seconds)."""
        slots = tuple(slot for slot in self.slots if slot.at < at)
        steps = tuple(each for each in self.steps if each.slot.at < at)
        foreseen = [each for each in self.foreseen if each.situation.slot.at < at]
        return replace(self, slots=slots, foreseen=foreseen, steps=steps)

    def touching(self, touchpoints: Collection[Touchpoint]) -> list[Foreseen]:
        """What goes to these touchpoints."""
        return [each for each in self.foreseen if each.situation.touchpoint in touchpoints]

    @property
    def empty(self) -> str:
        """Why there is nothing to see; empty when there is."""
        if self.foreseen:
            return ""
        if not self.slots:
            return "这几天没有排期。"
        if not any(board.pools for board in self.boards.values()):
            return "有排期，但还不知道有哪些群和导购：先 main.py sync all。"
        return "有排期，但没有一个群或导购在它们要发的范围里：看看条目的 who。"


def entries_of(content: Content) -> dict[str, Entry]:
    """calendar/entry → every line of every calendar; calendar/sequence/step → every step."""
    from bot.scrm.sequence import step_entries

    return {
        f"{calendar.id}/{entry.id}": entry
        for calendar in content.calendars
        for entry in (*calendar.entries, *step_entries(calendar))
    }


def start_of(config: Config, since: datetime | None) -> int:
    """The instant to look from, epoch seconds: now, or the beginning of a day."""
    from bot.clock import SystemClock

    return int(since.replace(tzinfo=ZoneInfo(config.corp.timezone)).timestamp()) if since else SystemClock().now()


async def foresee(
    config: Config, content: Content, days: int, now: int, touchpoints: Sequence[Touchpoint] = SEEN_BY_ALL
) -> Outlook:
    """Every slot of these touchpoints in so many days from an instant on, decided on what is known today; with 私聊
    also the steps of sequences that customers are to come to."""
    from bot.scrm.gates.ahead import look_ahead
    from bot.scrm.gates.situations import find_entry
    from bot.scrm.slots import slots
    from bot.scrm.steps_ahead import gathered, steps_ahead
    from bot.store.codes import stocks
    from bot.store.sequences import under_way

    until_at, zone = now + days * DAY_SECONDS, config.corp.timezone
    due = slots(content.calendars, content.days, now, until_at, zone)
    due = [each for each in due if (found := find_entry(content, each)) and found[1].touchpoint in touchpoints]
    boards: dict[Touchpoint, Board] = {}
    async with opened(config) as database:
        for name in touchpoints:
            boards[name] = await database.read(partial(_board, touchpoint=name, now=now, zone=zone))
        runs = await database.read(under_way) if "私聊" in touchpoints else []
        codes = await database.read(partial(stocks, offers=content.offers, codes=content.codes, now=now))
    coming = steps_ahead(content.calendars, runs, now, until_at, zone)
    steps = tuple(gathered(content.calendars, coming))
    due += [each.slot for each in steps]
    return Outlook(tuple(due), boards, list(look_ahead(due, boards, content, zone)), steps, tuple(codes))


def _board(conn: Any, touchpoint: Touchpoint, now: int, zone: str) -> Board:
    from bot.scrm.calendar import Slot
    from bot.scrm.week import day_began_at
    from bot.store.board import board

    today_at = day_began_at(now, zone)
    return board(conn, touchpoint, Slot(now, "", "", now), (today_at, today_at + DAY_SECONDS))

"""The days to come, looked at as a whole: every slot, decided on what is known now."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Final

from bot.content.snapshot import Content
from bot.scrm.calendar import Entry, Slot
from bot.scrm.gates.ahead import Foreseen, look_ahead
from bot.scrm.gates.board import Board
from bot.scrm.gates.situations import find_entry, tried_in
from bot.scrm.gift import CodeStock
from bot.scrm.kind import Touchpoint
from bot.scrm.sequence import step_entries
from bot.scrm.slots import slots
from bot.scrm.steps_ahead import Gathered, gathered, steps_ahead
from bot.scrm.week import DAY_SECONDS, day_of
from bot.store.board import board
from bot.store.codes import stocks
from bot.store.database import Database
from bot.store.sequences import under_way

SEEN_BY_ALL: Final[tuple[Touchpoint, ...]] = ("群", "朋友圈")
TO_ALL_AND_EACH: Final[tuple[Touchpoint, ...]] = (*SEEN_BY_ALL, "私聊")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days to come: the slots there are, every pool there is, and what each slot comes to for each. `steps`: the
    slots of steps among them, with who goes with each; `stocks`: of one-use codes."""

    slots: tuple[Slot, ...]
    boards: Mapping[Touchpoint, Board]
    foreseen: Sequence[Foreseen]
    steps: tuple[Gathered, ...] = ()
    stocks: tuple[CodeStock, ...] = ()
    guides: Collection[str] | None = None
    """Those whose pools were looked at; None: all."""

    @property
    def everybody(self) -> frozenset[str]:
        """All guides there are."""
        return frozenset(pool.userid for board in self.boards.values() for pool in board.pools)

    def until(self, at: int) -> Outlook:
        """The part of it before an instant (epoch seconds)."""
        slots = tuple(slot for slot in self.slots if slot.at < at)
        steps = tuple(each for each in self.steps if each.slot.at < at)
        foreseen = [each for each in self.foreseen if each.situation.slot.at < at]
        return replace(self, slots=slots, foreseen=foreseen, steps=steps)

    def after(self, now: int) -> Outlook:
        """The part of it that is still to come: what came due since it was reckoned is on record."""
        return replace(self, foreseen=[each for each in self.foreseen if each.situation.slot.at > now])

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
    return {
        f"{calendar.id}/{entry.id}": entry
        for calendar in content.calendars
        for entry in (*calendar.entries, *step_entries(calendar))
    }


async def foresee(
    database: Database,
    content: Content,
    timezone: str,
    days: int,
    now: int,
    touchpoints: Sequence[Touchpoint] = SEEN_BY_ALL,
    most: int | None = None,
) -> Outlook:
    """Every slot of these touchpoints in so many days from an instant on, decided on what is known today; with 私聊
    also the steps of sequences that customers are to come to.

    `most`: decisions; where more would have to be made, some guides stand for all. It is reckoned in a thread, after
    everything was read: nobody's reading or writing waits for it.
    """
    until_at = now + days * DAY_SECONDS
    due = slots(content.calendars, content.days, now, until_at, timezone)
    due = [each for each in due if (line := find_entry(content, each)) and line.entry.touchpoint in touchpoints]
    boards: dict[Touchpoint, Board] = {}
    today = partial(board, slot=Slot(now, "", "", now), day=day_of(now, timezone), tried=tried_in(content))
    for name in touchpoints:
        boards[name] = await database.read(partial(today, touchpoint=name), unhurried=True)
    runs = await database.read(under_way, unhurried=True) if "私聊" in touchpoints else []
    codes = await database.read(partial(stocks, offers=content.offers, codes=content.codes, now=now))
    coming = steps_ahead(content.calendars, runs, now, until_at, timezone)
    steps = tuple(gathered(content.calendars, coming))
    due += [each.slot for each in steps]
    outlook = Outlook(tuple(due), boards, (), steps, tuple(codes))
    only = None if most is None else some_guides(outlook, content, most)
    return await asyncio.to_thread(reckoned, outlook, content, timezone, only)


def reckoned(outlook: Outlook, content: Content, timezone: str, only: Collection[str] | None) -> Outlook:
    """The same, with what each slot comes to for the pools of these guides; None: of all."""
    found = look_ahead(outlook.slots, outlook.boards, content, timezone, only)
    return replace(outlook, foreseen=list(found), guides=only)


def some_guides(outlook: Outlook, content: Content, most: int) -> frozenset[str] | None:
    """Guides taken evenly from among all, so many that at most about `most` decisions are made; None: all of them."""
    times = Counter(line.entry.touchpoint for slot in outlook.slots if (line := find_entry(content, slot)))
    cost = Counter[str]()
    for name, there in outlook.boards.items():
        cost.update({pool.userid: 0 for pool in there.pools})
        cost.update(pool.userid for pool in there.pools for _ in range(times[name]))
    share = cost.total() / most
    return None if share <= 1 else frozenset(sorted(cost)[:: ceil(share)])

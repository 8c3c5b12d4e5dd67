"""What keeps a slot back and what would turn it, each remedy leading to the page where staff do it."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import quote

from bot.content.places import Places
from bot.scrm.gates.answer import NO_WAY, Explained, Remedy
from bot.scrm.gates.changes import Approve, SwitchOn
from bot.web.console.one_file import path_of
from bot.web.console.room import Room
from bot.web.console.sheet import Cell, Lines, Link


async def places(room: Room) -> Places:
    """Where the files say what, as they are now."""
    return await asyncio.to_thread(partial(Places, room.folder))


def gates(answer: Explained) -> Cell:
    """Every gate that is shut."""
    return _lines([f"{stop.gate}：{stop.because}" for stop in answer.stops])


def remedies(answer: Explained, room: Room, there: Places) -> Cell:
    """The fewest changes that would turn it."""
    if answer.remedies is None:
        return NO_WAY
    return _lines([_led(each, answer, room, there) for each in answer.remedies])


def _lines(lines: list[str | Link]) -> Cell:
    return Lines(tuple(lines)) if len(lines) > 1 else next(iter(lines), "")


def _led(remedy: Remedy, answer: Explained, room: Room, there: Places) -> str | Link:
    to = _to(remedy, answer, room, there)
    return Link(remedy.said, to) if to else remedy.said


def _to(remedy: Remedy, answer: Explained, room: Room, there: Places) -> str:
    """Where it is done; empty where no page does it."""
    match remedy.change:
        case Approve(item):
            return f"/console/approvals/{quote(item)}" if item in room.content().library else ""
        case SwitchOn():
            return "/console/switches"
    place = there.of(remedy.change, answer.entry)
    return f"{path_of(place.name)}#L{place.line}" if place else ""

"""Whose word an item needs before it goes out, as people read it: the wording's, and each role's that a rule wants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from bot.flow.held_now import held
from bot.scrm import approval
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.item import Item
from bot.scrm.role import Staff
from bot.store import planning, standing
from bot.web.console.room import Room, called, clock
from bot.web.console.sheet import Cell, Mark, Table

WORDING: Final = "措辞"
"""What anybody's word is on who may approve at all."""

NAMED: Final = 3
"""Names before the others are counted only."""

Given = Mapping[str, tuple[str, int]]
"""role → who gave their word as it, and when (epoch seconds)."""


def as_whom(role: str) -> str:
    """What a word is called, by its role."""
    return role or WORDING


async def held_now(room: Room, now: int) -> list[Foreseen]:
    """What waits already: nothing that is foreseen tells of it any more."""
    return await held(room.database, room.content(), room.timezone, now)


async def wanted(room: Room, waits: Sequence[Foreseen]) -> dict[str, frozenset[str]]:
    """item → as whom a rule wants somebody's word, of what waits already and in the days to come."""
    overview = await room.overviews.newest()
    now, ahead = approval.wanted(waits), overview.wanted if overview else {}
    return {item: now.get(item, frozenset()) | ahead.get(item, frozenset()) for item in {*now, *ahead}}


async def unapproved(room: Room, waits: Sequence[Foreseen]) -> list[tuple[Item, list[str]]]:
    """Every item that may not go out for want of a word, with the words that it lacks."""
    approved = await room.database.read(planning.approved)
    return approval.unapproved(room.content(), await wanted(room, waits), approved)


async def given_on(room: Room, digests: Collection[str]) -> dict[str, dict[str, tuple[str, int]]]:
    """digest → the words that are there."""
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for digest, role, who, at in await room.database.read(partial(standing.approved_by, digests=digests)):
        found.setdefault(digest, {})[role] = who, at
    return found


async def names_for(room: Room, given: Iterable[Given]) -> dict[str, str]:
    """userid → name, of who gave a word and of all who may."""
    return await called(room, [*room.staff, *(who for words in given for who, _ in words.values())])


def missing(lacks: Sequence[str], staff: Mapping[str, Staff], names: Mapping[str, str]) -> str:
    """The words that are not there, each with who can give it."""
    return "；".join(f"{as_whom(role)}（{_either(_may(staff, names, role))}）" for role in lacks)


def there(given: Given, names: Mapping[str, str]) -> str:
    """The words that are, each with who gave it."""
    return "；".join(f"{as_whom(role)}（{names[who]}）" for role, (who, _) in sorted(given.items()))


def table(room: Room, wanted: Collection[str], given: Given, names: Mapping[str, str]) -> Table:
    """One line for each word that is wanted or there."""
    rows = [
        (as_whom(role), "、".join(_may(room.staff, names, role)) or "名单里还没有人", _stands(room, given, role, names))
        for role in sorted({"", *wanted, *given})
    ]
    return Table(name="words", head=("要什么", "谁能批", "现在"), rows=rows)


def _stands(room: Room, given: Given, role: str, names: Mapping[str, str]) -> Cell:
    if role not in given:
        return Mark("还缺", "warn")
    who, at = given[role]
    return Mark(f"{names[who]}批过，{clock(at, room.timezone)}", "good")


def _may(staff: Mapping[str, Staff], names: Mapping[str, str], role: str) -> list[str]:
    return [names[userid] for userid in sorted(staff) if staff[userid].approves(role)]


def _either(who: Sequence[str]) -> str:
    """So many people, of whom one is enough."""
    if len(who) < 2:
        return "".join(who) or "名单里还没有人"
    return f"{'、'.join(who[:NAMED])}{'' if len(who) <= NAMED else f' 等 {len(who)} 位'}都行"

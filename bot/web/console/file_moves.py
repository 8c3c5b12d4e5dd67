"""A content file gets another name, or is taken out: with a reason, kept as it was, and never where others need it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from bot.content import edit
from bot.store import versions
from bot.web.console.one_file import look, may_save, named, path_of
from bot.web.console.room import Answer, Page, Room, Visit
from bot.web.console.sheet import ROWS, Link, Part, Section, Sheet, Table, Words
from bot.web.pages import Refused


async def remove(room: Room, visit: Visit) -> Answer:
    """Take it out, if nothing else is wrong then."""
    name, text = await _mine(room, visit)
    found = await room.turns.turn(partial(look, room, visit, {name: None}))
    if found.new:
        return _refused(name, "还不能删：删了以后别处会有错误。先把这些改好。", found.new)

    def job(conn: Connection) -> None:
        versions.keep(conn, visit.doer, name, text, "", visit.because)
        edit.remove(room.folder, name, visit.field("base"))  # last: if it fails, nothing is on record

    await _done(room, job)
    return "/console/files?said=removed"


async def rename(room: Room, visit: Visit) -> Answer:
    """Another name; errors that it has itself go with it."""
    name, text = await _mine(room, visit)
    to = visit.field("to")
    if fault := edit.name_fault(to):
        return _refused(name, f"还没有改名：{fault}", ())
    if not may_save(visit, to):
        raise Refused("forbidden")
    if await asyncio.to_thread(edit.text_of, room.folder, to) is not None:
        return _refused(name, f"还没有改名：已经有 {to}。", ())
    found = await room.turns.turn(partial(look, room, visit, {name: None, to: text}))
    known = {str(each).replace(f"/{name}:", f"/{to}:") for each in room.problems()}
    if wrong := tuple(each for each in found.new if each not in known):
        return _refused(name, "还不能改名：改了以后会有错误。先把这些改好。", wrong)

    def job(conn: Connection) -> None:
        versions.rename(conn, visit.doer, name, to, text, visit.because)
        edit.rename(room.folder, name, to, visit.field("base"))

    await _done(room, job)
    return f"{path_of(to)}?said=renamed"


async def _mine(room: Room, visit: Visit) -> tuple[str, str]:
    """The file and what it says. Raises Refused when they may not, gave no reason, or saw something else."""
    name = named(visit.path["name"])
    if not may_save(visit, name):
        raise Refused("forbidden")
    text = await asyncio.to_thread(edit.text_of, room.folder, name)
    if text is None:
        raise Refused("gone")
    if not visit.because:
        raise Refused("because")
    if visit.field("base") != edit.digest_of(text):
        raise Refused("changed")
    return name, text


async def _done(room: Room, job: Callable[[Connection], None]) -> None:
    try:
        await room.database.write(job)
    except edit.MovedError:
        raise Refused("changed") from None
    except OSError:
        raise Refused("unwritable") from None
    room.changed()


def _refused(name: str, why: str, errors: tuple[str, ...]) -> Sheet:
    back = Table(name="back", head=("",), rows=[(Link(f"回到 {name}", path_of(name)),)])
    told: tuple[Part, ...] = (Words(why, "bad"), *(Words(each, "bad") for each in errors[:ROWS]), back)
    return Sheet(name, (Section("什么都没有改", told),))


PAGES = (
    Page("POST", "/console/files/remove/{name:.+}", "edit", remove),
    Page("POST", "/console/files/rename/{name:.+}", "edit", rename),
)

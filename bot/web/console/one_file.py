"""A content file in somebody's hands: whether it is one, whether they may save it, and what all of content/ says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from bot.content import edit
from bot.content.snapshot import Content
from bot.web.console.room import Room, Visit
from bot.web.pages import Refused
from bot.yamlfile import Problem


@dataclass(frozen=True, slots=True)
class Found:
    """What everything would be with some files changed, and what there is to say of it. `new`: the errors that were
    not there before."""

    content: Content | None
    problems: tuple[Problem, ...]
    new: tuple[str, ...]

    def mends(self, name: str) -> bool:
        """Whether nothing is wrong in this file, and elsewhere only what was before: where two files are broken, each
        is mended by itself, and none goes live before both are."""
        wrong_here = (each for each in self.problems if each.severity == "error" and is_of(each, name))
        return not self.new and not any(wrong_here)


async def look(room: Room, visit: Visit, changes: Mapping[str, str | None]) -> Found:
    """All of content/ with these files changed, or taken out (None)."""
    check = partial(edit.checked, room.folder, room.messages, changes, visit.now, room.timezone)
    content, problems = await asyncio.to_thread(check)
    before = {str(each) for each in room.problems()}
    errors = (str(each) for each in problems if each.severity == "error")
    return Found(content, problems, tuple(each for each in errors if each not in before))


def named(name: str) -> str:
    """The path below content/ of a file that staff write. Raises Refused for any other."""
    if not edit.may_be_edited(name):
        raise Refused("file")
    return name


def may_save(visit: Visit, name: str) -> bool:
    """Whether they may: what says what may be sent at all is the admins'."""
    return visit.staff.may("guard") or not edit.is_guard(name)


def is_of(problem: Problem, name: str) -> bool:
    """Whether something is wrong in this file."""
    return problem.file.endswith(f"/{name}")


def path_of(name: str, what: str = "edit") -> str:
    """Where a file is opened, or something is done with it."""
    return f"/console/files/{what}/{quote(name)}"

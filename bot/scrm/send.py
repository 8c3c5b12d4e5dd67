"""When a send (a mass send, a Moment) is looked at, and what its key is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.scrm.calendar import Slot

LEFT: Final = "导购已经离开企业"
AWAY: Final = "导购这几天不在"

FIRST_LOOK_SECONDS: Final = 120
"""How soon after it was made it is first looked who has pressed: many guides press at once."""

JOB_SECONDS: Final = 60
"""A Moment is made by a job; when it is first asked what became of it."""

LOOK_SECONDS: Final = 1_800
"""WeCom tells nobody that a guide pressed (official page 93338); so often at the longest is it looked."""

AFTER_SECONDS: Final = 300
"""How long after its end a send is taken back and read for the last time: so long a press may be on its way."""

STOPPED_SECONDS: Final = 120
"""What was stopped is looked at so often, until it is taken back."""

TELL_SECONDS: Final = 60
"""How long what was stopped is gathered before its guides hear of it, so that each hears of all of it at once."""

LAST_CALL_SECONDS: Final = 1_800
APART_SECONDS: Final = 3_600
"""Between two reminders of one guide, at least."""

BEFORE_SECONDS: Final = 120
"""How long before a reminder it is looked who has pressed meanwhile."""

LATE_SECONDS: Final = 3_600
"""How long after the end receivers of whom WeCom does not know yet are waited for, where the guide has pressed."""

GIVE_UP_SECONDS: Final = 86_400
"""How long after its end a send that cannot be read is given up: nobody will ever know."""


HEAR_DAYS: Final = (1, 3, 7)
"""How many days after the end of a Moment it is read who commented on it and who likes it."""


def next_hear_at(now: int, by_at: int) -> int | None:
    """When to read it next; None: what comes later is not read any more."""
    return next((at for days in HEAR_DAYS if (at := by_at + days * 86_400) > now), None)


def key_of(slot: Slot, userid: str, item: str, part: int | str = "") -> str:
    """What tells this send from all others. `part`: what tells several of one guide apart, a number, or their first
    group and when it was decided: what was taken back from who left the corp, they may have again."""
    return f"{slot.calendar}/{slot.entry}/{slot.at}/{userid}/{item}/{part}"


def pace(age_seconds: int) -> int:
    """How long until the next look at a send that was made so long ago: as long again, so that seeing a press takes
    no longer than the guide did, and half an hour at most. A task of two hours is read eight times or so, which for
    every guide of a corp is far within 10,000 calls a minute (official page 90312)."""
    return min(LOOK_SECONDS, max(FIRST_LOOK_SECONDS, age_seconds))


def next_look_at(now: int, slot_at: int, by_at: int, after_seconds: int = LOOK_SECONDS) -> int:
    """When to look next: in `after_seconds`; before a reminder, so that nobody is reminded of what they have sent; for
    the last time just after the end."""
    end_at = by_at + AFTER_SECONDS
    if now >= end_at:
        return now + after_seconds
    looks = (now + after_seconds, end_at, *(mark - BEFORE_SECONDS for mark in marks(slot_at, by_at)))
    return min(at for at in looks if at > now)


def marks(slot_at: int, by_at: int) -> tuple[int, ...]:
    """When a guide is reminded of a task: halfway, and half an hour before its end if that is an hour later."""
    half, last = (slot_at + by_at) // 2, by_at - LAST_CALL_SECONDS
    return (half, last) if last >= half + APART_SECONDS else (half,)


def is_over(now: int, by_at: int) -> bool:
    """Whether what was not sent by now is not to be sent any more."""
    return now >= by_at + AFTER_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """A one-to-one send that is not over. `known_to`: other guides whom its customers know and who are in the corp, who
    knows most of them first. `digest`: of the item as it was decided on."""

    key: str
    userid: str
    slot: Slot
    item: str
    digest: str
    known_to: tuple[str, ...]

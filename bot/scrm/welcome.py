"""Which welcome a newcomer gets: the first, from the top, whose conditions all hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.scrm.actions import Attached
from bot.scrm.week import ALWAYS, Window

CustomerKind = Literal["新客", "回头客"]
DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Situation:
    """The circumstances of an add. `weekday`: 0 = Monday; `minute`: of the day; both in the corp's time zone."""

    channel_id: str | None
    userid: str
    returning: bool
    weekday: int
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Words for a newcomer and when they fit; an empty condition fits all.

    `text` and `missed` are templates; `missed` is what a guide can send by hand when no welcome could leave.
    `survey`: the id of the survey that their `survey.link` leads to.
    """

    id: str
    text: str
    missed: str
    channels: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    window: Window = ALWAYS
    customer: CustomerKind | None = None
    attachments: tuple[Attached, ...] = ()
    survey: str | None = None

    def fits(self, situation: Situation) -> bool:
        """Whether every condition holds."""
        return (
            (not self.channels or situation.channel_id in self.channels)
            and (not self.guides or situation.userid in self.guides)
            and (self.customer is None or (self.customer == "回头客") == situation.returning)
            and self.window.holds(situation.weekday, situation.minute)
        )

    def covers(self, other: Welcome) -> bool:
        """Whether this one, standing above, never lets `other` have a turn."""
        return (
            _all_in(other.channels, self.channels)
            and _all_in(other.guides, self.guides)
            and self.customer in (None, other.customer)
            and self.window.includes(other.window)
        )


def choose(welcomes: Sequence[Welcome], situation: Situation) -> Welcome:
    """The welcome for this situation. The last one is the default and fits always."""
    return next((w for w in welcomes if w.fits(situation)), welcomes[-1])


def _all_in(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    """Whether whoever passes `narrow` passes `wide` (an empty condition passes all)."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))

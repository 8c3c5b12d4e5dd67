"""What may be sent: an item is one idea of exactly one kind, worded for each place it can go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bot.scrm.actions import Attached
from bot.scrm.kind import Kind, Outlet
from bot.scrm.period import ALWAYS_VALID, Period
from bot.scrm.who import EVERYONE, Who

REPEAT_AFTER_SECONDS: Final = 60 * 86_400
"""How long an item rests before a group, a guide's Moments or a customer meets it again. Our own default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Words for one or more outlets. `persona`: whose voice; None: anybody's. `text`: a template."""

    outlets: tuple[Outlet, ...]
    text: str
    persona: str | None = None
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A reminder to the sender to be there: so many seconds after sending, and what to do."""

    after_seconds: int
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One idea (content/library/). `digest`: sha256 (hex) over all that people would see of it; approval hangs on it.

    `repeat_after_seconds`: the least gap per group, per guide's Moments and per customer. `draft`: never planned.
    `personas`: who may say it; empty: everybody. `source`: the knowledge it rests on.
    """

    id: str
    title: str
    kind: Kind
    topic: str
    variants: tuple[Variant, ...]
    digest: str
    valid: Period = ALWAYS_VALID
    repeat_after_seconds: int = REPEAT_AFTER_SECONDS
    personas: tuple[str, ...] = ()
    who: Who = EVERYONE
    offer: str | None = None
    source: str | None = None
    follow_up: FollowUp | None = None
    draft: bool = False
    first_seen_at: int | None = field(default=None, compare=False)
    """When this id first went live; the fact `item_age_days` counts from here. None: not known yet."""

    def worded_for(self, outlet: Outlet) -> tuple[Variant, ...]:
        """The variants for an outlet; what has no words of its own for 手发 borrows those for 私聊, then 群."""
        found = tuple(v for v in self.variants if outlet in v.outlets)
        if not found and outlet == "手发":
            return self.worded_for("私聊") or self.worded_for("群")
        return found

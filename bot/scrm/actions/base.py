"""What all actions share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.words import Words

Text = Words | str
"""Words as decided; a plain string once rendered (which happens when the outbox row is written)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Base of all actions. `not_before_at` / `not_after_at`: epoch seconds.

    in_order: whether one that waits, for its next try say, holds up what was decided after it on its line.
    """

    priority: ClassVar[int] = 50
    in_order: ClassVar[bool] = False
    not_before_at: int = 0
    not_after_at: int | None = None

    @property
    def target(self) -> str:
        raise NotImplementedError

    @property
    def line(self) -> str | None:
        """Actions of one line are never under way at the same time; None: they need not wait for any other."""
        return None

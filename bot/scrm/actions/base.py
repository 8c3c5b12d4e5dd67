"""What all actions share."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.words import Words
from bot.value import Value

Text = Words | str
"""Words as decided; a plain string once rendered (which happens when the outbox row is written)."""


class Action(Value, frozen=True, kw_only=True):
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

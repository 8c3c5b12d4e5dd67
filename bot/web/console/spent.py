"""Forms that did what they were for: what is sent again, by a second press or by anybody who kept it, does nothing.

Kept in memory while a form is good at all; after a restart one could be sent again, so deeds are safe to repeat, too.
"""

from __future__ import annotations

from bot.web.browser import FORM_SECONDS
from bot.web.pages import Refused


class Spent:
    """What is unique to each of them."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}

    def claim(self, once: str, now: int) -> None:
        """Use a form. Raises Refused when it was used before."""
        if once in self._until:
            raise Refused("twice")
        while self._until and (oldest := next(iter(self._until))) and self._until[oldest] <= now:
            del self._until[oldest]
        self._until[once] = now + FORM_SECONDS

    def release(self, once: str) -> None:
        """It did nothing after all."""
        self._until.pop(once, None)

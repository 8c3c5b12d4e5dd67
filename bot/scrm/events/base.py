"""What all events of our own making share."""

from __future__ import annotations

from bot.value import Value


class OwnEvent(Value, frozen=True, kw_only=True):
    """Base of our own events. `created_at`: when it came to be."""

    created_at: int

    @property
    def line(self) -> str:
        """Events of one line are handled in order."""
        raise NotImplementedError

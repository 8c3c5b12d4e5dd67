"""What all events of our own making share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvent:
    """Base of our own events. `created_at`: when it came to be."""

    created_at: int

    @property
    def line(self) -> str:
        """Events of one line are handled in order."""
        raise NotImplementedError

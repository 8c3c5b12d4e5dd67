"""From when to when something holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Period:
    """Instants from `start_at` (included) to `end_at` (excluded), epoch seconds; None: open on that side."""

    start_at: int | None = None
    end_at: int | None = None

    def holds(self, at: int) -> bool:
        """Whether an instant lies inside."""
        return (self.start_at is None or self.start_at <= at) and (self.end_at is None or at < self.end_at)


ALWAYS_VALID: Final = Period()

"""What all records share."""

from __future__ import annotations

from bot.value import Value


class Record(Value, frozen=True):
    """Base of all records: frozen values without behaviour."""

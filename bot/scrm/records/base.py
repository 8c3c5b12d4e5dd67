"""What all records share."""

from __future__ import annotations


class Record:
    """Base of all records: frozen values without behaviour."""

    __slots__ = ()

"""What events, records and actions are made of."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Value(Struct, frozen=True):
    """Base of frozen values that come and go by the thousand and are kept as JSON (`bot.store.codec`).

    They are equal when their class and fields are. hidden: fields that are secret or somebody's own words, so that no
    repr, and with it no log, shows them.
    """

    hidden: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in self.hidden)
        return f"{type(self).__name__}({', '.join(shown)})"

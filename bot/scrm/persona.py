"""Who speaks: a voice that staff describe, and the guides who speak with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BRAND: Final = "brand"
"""The persona of every guide whom no other persona names."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question as customers put it, answered in this voice."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A voice. What it leaves out it takes from the persona that it `extends`; lists are added up.

    `emoji`: most emoji per message. `never_say`: words that no message of this voice may hold.
    """

    id: str
    name: str
    role: str
    voice: str
    extends: str | None = None
    guides: tuple[str, ...] = ()
    calls_customer: str = "你"
    emoji: int = 2
    never_say: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def values(self) -> Mapping[str, str]:
        """What a text may use as `persona.…`."""
        return {"name": self.name, "role": self.role, "calls_customer": self.calls_customer}

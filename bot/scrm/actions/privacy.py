"""Forgetting a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.actions.base import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson(Action):
    """Delete or blank all that we hold about a person, and write a receipt. Repeating it goes on where it stopped."""

    priority: ClassVar[int] = 90
    person_id: int
    asked_at: int

    @property
    def target(self) -> str:
        return str(self.person_id)

    @property
    def line(self) -> str:
        return "erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactDatabase(Action):
    """Write the database anew without the gaps that erased people left; writers wait meanwhile."""

    priority: ClassVar[int] = 90

    @property
    def target(self) -> str:
        return "database"

    @property
    def line(self) -> str:
        return "erase"


ACTIONS = (ErasePerson, CompactDatabase)

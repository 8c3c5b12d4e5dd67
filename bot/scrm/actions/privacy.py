"""Forgetting a person."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action


class ErasePerson(Action, frozen=True, kw_only=True):
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


class CompactDatabase(Action, frozen=True, kw_only=True):
    """Write the database anew without the gaps that erased people left; writers wait meanwhile."""

    priority: ClassVar[int] = 90

    @property
    def target(self) -> str:
        return "database"

    @property
    def line(self) -> str:
        return "erase"


ACTIONS = (ErasePerson, CompactDatabase)

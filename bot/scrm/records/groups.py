"""What is remembered of customer groups, beside what a reading keeps by itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteGroupLeft(Record):
    """These left a group. `scene`: 0 of their own accord, 1 removed (a hint: the page does not say)."""

    chat_id: str
    member_ids: tuple[str, ...]
    scene: int | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissGroup(Record):
    """A group is no more."""

    chat_id: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveGroupWelcome(Record):
    """A group welcome's template_id: it can be read nowhere else, so it must never be lost."""

    welcome_id: str
    template_id: str
    digest: str
    at: int

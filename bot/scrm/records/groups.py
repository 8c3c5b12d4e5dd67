"""What is remembered of customer groups, beside what a reading keeps by itself."""

from __future__ import annotations

from bot.scrm.records.base import Record


class NoteGroupLeft(Record, frozen=True, kw_only=True):
    """These left a group. `scene`: 0 of their own accord, 1 removed (a hint: the page does not say)."""

    chat_id: str
    member_ids: tuple[str, ...]
    scene: int | None
    at: int


class DismissGroup(Record, frozen=True, kw_only=True):
    """A group is no more."""

    chat_id: str
    at: int


class SaveGroupWelcome(Record, frozen=True, kw_only=True):
    """A group welcome's template_id: it can be read nowhere else, so it must never be lost."""

    welcome_id: str
    template_id: str
    digest: str
    at: int

"""Keeping the corp's tag library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.taxonomy import NO_TAGS, Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCorpTags(Action):
    """Read the corp's tag library, adding and renaming what the taxonomy asks for (page 92117). Never deletes.

    Names that changed are changed on our own customers' tags as well.
    """

    priority: ClassVar[int] = 20
    taxonomy: Taxonomy = NO_TAGS

    @property
    def target(self) -> str:
        return ""

    @property
    def line(self) -> str:
        return "corp_tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCorpTag(Action):
    """Delete one tag ("组/名") from the library and from all who carry it: only ever on a person's word."""

    priority: ClassVar[int] = 20
    tag: str

    @property
    def target(self) -> str:
        return self.tag

    @property
    def line(self) -> str:
        return "corp_tags"


ACTIONS = (SyncCorpTags, DeleteCorpTag)

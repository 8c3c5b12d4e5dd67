"""Keeping the corp's tag library."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.taxonomy import NO_TAGS, Taxonomy


class SyncCorpTags(Action, frozen=True, kw_only=True):
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


class DeleteCorpTag(Action, frozen=True, kw_only=True):
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

"""The tags that customers can have, always written "组/名"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Pick = Literal["单选", "多选"]
SetBy = Literal["系统", "人工", "都可"]
Sync = Literal["企微", "仅系统"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. `was`: its name before it was renamed, so that customers keep it."""

    group: str
    name: str
    was: str | None = None
    means: str | None = None

    @property
    def path(self) -> str:
        """ "组/名", as it is written everywhere."""
        return f"{self.group}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGroup:
    """Tags of one subject.

    `pick` 单选: a new tag of the group replaces the old one. `set_by`: whose hand may set it.
    `sync` 仅系统: kept by us, never shown in WeCom. `expires_seconds`: how long a tag holds; None: for good.
    """

    name: str
    tags: tuple[Tag, ...]
    pick: Pick = "多选"
    set_by: SetBy = "都可"
    sync: Sync = "企微"
    expires_seconds: int | None = None
    was: str | None = None

    def former_paths(self, tag: Tag) -> Iterator[str]:
        """What one of its tags was called before, as "组/名"."""
        for group_name in dict.fromkeys((self.name, self.was or self.name)):
            for name in dict.fromkeys((tag.name, tag.was or tag.name)):
                if f"{group_name}/{name}" != tag.path:
                    yield f"{group_name}/{name}"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The whole vocabulary of tags."""

    groups: tuple[TagGroup, ...] = ()

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Every tag, those that only the system keeps included."""
        return tuple(tag for group in self.groups for tag in group.tags)

    @property
    def wecom_tags(self) -> tuple[str, ...]:
        """ "组/名" of every tag that guides are to see in WeCom."""
        return tuple(tag.path for group in self.groups if group.sync == "企微" for tag in group.tags)

    def find(self, path: str) -> Tag | None:
        """The tag written "组/名", or None."""
        return next((tag for tag in self.tags if tag.path == path), None)

    def group_of(self, path: str) -> TagGroup | None:
        """The group that a tag written "组/名" belongs to, or None when there is no such tag."""
        return next((g for g in self.groups if any(t.path == path for t in g.tags)), None)

    def current(self, path: str) -> str:
        """What a tag written "组/名" is called today: a survey under way knows it by the name it had."""
        if self.find(path):
            return path
        return next((t.path for g in self.groups for t in g.tags if path in g.former_paths(t)), path)


NO_TAGS = Taxonomy()

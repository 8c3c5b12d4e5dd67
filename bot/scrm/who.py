"""Whom something is for: one selector for all content files, and the same words everywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.scrm.rules.condition import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Lines are joined by "and", the values of a line by "or"; `tags_all` wants every one. Empty lines hold always."""

    tags_any: tuple[str, ...] = ()
    tags_all: tuple[str, ...] = ()
    tags_none: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Patterns of group names; * stands for anything."""
    when: Condition | None = None
    """A condition over facts; the rule engine asks it, `holds` does not."""

    def holds(
        self,
        tags: Collection[str],
        channel_id: str | None = None,
        userid: str | None = None,
        groups: Collection[str] = (),
    ) -> bool:
        """Whether somebody with these tags, from this channel, received by this guide, in these groups, is meant."""
        return (
            self.tags_hold(tags)
            and (not self.channels or channel_id in self.channels)
            and (not self.guides or userid in self.guides)
            and (not self.groups or not set(groups).isdisjoint(self.groups))
        )

    def holds_pool(self, userid: str, group: str | None) -> bool:
        """Whether it is for this guide's customers, or for this group of theirs (None: not a group); which of the
        people in it, is not asked."""
        return (not self.guides or userid in self.guides) and (
            group is None or not self.groups or any(fnmatchcase(group, pattern) for pattern in self.groups)
        )

    def tags_hold(self, tags: Collection[str]) -> bool:
        """The lines about tags alone."""
        return (
            (not self.tags_any or any(tag in tags for tag in self.tags_any))
            and all(tag in tags for tag in self.tags_all)
            and not any(tag in tags for tag in self.tags_none)
        )


EVERYONE = Who()


@dataclass(frozen=True, slots=True)
class Pilot:
    """Where something is tried first: in these groups (patterns of names), and with these guides. Empty: everywhere."""

    groups: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()

    def holds(self, userid: str, group: str | None) -> bool:
        """Whether this guide's customers, or this group of theirs (None: not a group), are among the first."""
        return (
            not (self.groups or self.guides)
            or userid in self.guides
            or (group is not None and any(fnmatchcase(group, pattern) for pattern in self.groups))
        )


EVERYWHERE = Pilot()

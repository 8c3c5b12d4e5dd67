"""Changes of the corp's tag library (企业标签): developer.work.weixin.qq.com/document/path/92130, reference 3.1."""

from __future__ import annotations

from typing import ClassVar

from bot.wecom.events.base import Event


class CorpTagEvent(Event, frozen=True, kw_only=True):
    """Something that happened to the tag or tag group `id`.

    tag_type: `tag`, `tag_group`, or None where the callback does not say. strategy_id: of a rule group's own tags.
    """

    event: ClassVar[str] = "change_external_tag"

    id: str
    tag_type: str | None = None
    strategy_id: str | None = None

    @property
    def line(self) -> str:
        return f"tag/{self.id}"


class CorpTagCreated(CorpTagEvent, frozen=True, kw_only=True):
    """A tag or a group of tags was made."""

    change_type: ClassVar[str] = "create"


class CorpTagUpdated(CorpTagEvent, frozen=True, kw_only=True):
    """A tag or a group of tags was renamed."""

    change_type: ClassVar[str] = "update"


class CorpTagDeleted(CorpTagEvent, frozen=True, kw_only=True):
    """A tag or a group of tags was deleted; a group's deletion brings no events of its tags."""

    change_type: ClassVar[str] = "delete"


class CorpTagShuffled(CorpTagEvent, frozen=True, kw_only=True):
    """Tags were put in another order. id: the group, or empty when the groups themselves were reordered."""

    change_type: ClassVar[str] = "shuffle"

    id: str = ""

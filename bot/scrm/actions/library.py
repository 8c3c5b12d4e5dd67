"""Keeping what the corp has at WeCom: media and codes."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.events import MediaKind


class UploadMedia(Action, frozen=True, kw_only=True):
    """media/upload of a file below content/media (official page 90253)."""

    priority: ClassVar[int] = 15
    path: str
    sha256: str
    kind: MediaKind

    @property
    def target(self) -> str:
        return self.path

    @property
    def line(self) -> str:
        return f"media/{self.path}"


class KeepContactWay(Action, frozen=True, kw_only=True):
    """See that a channel has a contact way with `state` = channel id, received by `userids` (official page 92228).

    One that exists already is adopted.
    """

    priority: ClassVar[int] = 25
    channel_id: str
    title: str
    userids: tuple[str, ...]

    @property
    def target(self) -> str:
        return self.channel_id

    @property
    def line(self) -> str:
        return "contact_ways"


ACTIONS = (UploadMedia, KeepContactWay)

"""Keeping what the corp has at WeCom: media and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.events import MediaKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadMedia(Action):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepContactWay(Action):
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

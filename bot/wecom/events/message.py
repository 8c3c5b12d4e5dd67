"""What members write to the app: developer.work.weixin.qq.com/document/path/90239, reference section 1.4.

msgid is a 64-bit number, kept as text; it is the same in every redelivery. What people wrote is not shown by repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bot.wecom.events.base import MemberAct


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(MemberAct):
    """A member's message."""

    msgid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(MessageReceived):
    """Words."""

    msg_type: ClassVar[str] = "text"

    content: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReceived(MessageReceived):
    """A picture; media_id is good for 3 days."""

    msg_type: ClassVar[str] = "image"

    media_id: str
    pic_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceReceived(MessageReceived):
    """Speech; format: `amr` and the like."""

    msg_type: ClassVar[str] = "voice"

    media_id: str
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoReceived(MessageReceived):
    """A film and its still."""

    msg_type: ClassVar[str] = "video"

    media_id: str
    thumb_media_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationReceived(MessageReceived):
    """A place. location_x: latitude, location_y: longitude, in degrees; scale: the map's zoom."""

    msg_type: ClassVar[str] = "location"

    location_x: float
    location_y: float
    scale: int | None = None
    label: str | None = field(default=None, repr=False)
    app_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReceived(MessageReceived):
    """A link with title, words and picture."""

    msg_type: ClassVar[str] = "link"

    title: str | None = field(default=None, repr=False)
    description: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    pic_url: str | None = None

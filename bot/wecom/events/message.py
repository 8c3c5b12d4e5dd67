"""What members write to the app: developer.work.weixin.qq.com/document/path/90239, reference section 1.4.

msgid is a 64-bit number, kept as text; it is the same in every redelivery. What people wrote is not shown by repr.
"""

from __future__ import annotations

from typing import ClassVar

from bot.wecom.events.base import MemberAct


class MessageReceived(MemberAct, frozen=True, kw_only=True):
    """A member's message."""

    msgid: str


class TextReceived(MessageReceived, frozen=True, kw_only=True):
    """Words."""

    hidden: ClassVar[tuple[str, ...]] = ("content",)
    msg_type: ClassVar[str] = "text"

    content: str = ""


class ImageReceived(MessageReceived, frozen=True, kw_only=True):
    """A picture; media_id is good for 3 days."""

    msg_type: ClassVar[str] = "image"

    media_id: str
    pic_url: str | None = None


class VoiceReceived(MessageReceived, frozen=True, kw_only=True):
    """Speech; format: `amr` and the like."""

    msg_type: ClassVar[str] = "voice"

    media_id: str
    format: str | None = None


class VideoReceived(MessageReceived, frozen=True, kw_only=True):
    """A film and its still."""

    msg_type: ClassVar[str] = "video"

    media_id: str
    thumb_media_id: str | None = None


class LocationReceived(MessageReceived, frozen=True, kw_only=True):
    """A place. location_x: latitude, location_y: longitude, in degrees; scale: the map's zoom."""

    hidden: ClassVar[tuple[str, ...]] = ("label",)
    msg_type: ClassVar[str] = "location"

    location_x: float
    location_y: float
    scale: int | None = None
    label: str | None = None
    app_type: str | None = None


class LinkReceived(MessageReceived, frozen=True, kw_only=True):
    """A link with title, words and picture."""

    hidden: ClassVar[tuple[str, ...]] = ("title", "description", "url")
    msg_type: ClassVar[str] = "link"

    title: str | None = None
    description: str | None = None
    url: str | None = None
    pic_url: str | None = None

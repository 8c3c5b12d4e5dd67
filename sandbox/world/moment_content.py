"""What a Moment may hold: text, and pictures or a video or a link (official page 96351, 2025/09/11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.world.media import Media
from sandbox.world.wire import Body, need

MOMENT_TEXT_CHARS = 2000
MOMENT_IMAGES = 9
MOMENT_LINK_TITLE_BYTES = 64
# kind → what its media_id must be, and how many of them
_KINDS = {"image": ("image", MOMENT_IMAGES), "video": ("video", 1), "link": ("image", 1)}
Content = tuple[str, tuple[dict[str, Any], ...]]


def moment_content_of(body: Body, media: Media, at: int) -> Content:
    """Text and attachments, checked; not both empty. Raises ApiError."""
    text, items = body.get("text") or {}, body.get("attachments") or []
    words = text.get("content", "") if isinstance(text, Mapping) else None
    need(isinstance(words, str), 40035, "invalid parameter: text.content")
    need(len(str(words)) <= MOMENT_TEXT_CHARS, 45002, "invalid text size")
    need(isinstance(items, list), 40035, "invalid parameter: attachments")
    attachments = tuple(_attachment(item, media, at) for item in items)
    need(words or attachments, 41089, "text and attachments are both empty")
    kinds = {item["msgtype"] for item in attachments}
    need(len(kinds) <= 1, 41065, "attachments of one kind only")
    need(all(len(attachments) <= _KINDS[kind][1] for kind in kinds), 41064, "too many attachments")
    return str(words), attachments


def _attachment(item: Any, media: Media, at: int) -> dict[str, Any]:
    kind = str(item.get("msgtype")) if isinstance(item, Mapping) else ""
    need(kind in _KINDS, 41065, "invalid attachment type")
    content = item.get(kind)
    need(isinstance(content, Mapping), 40063, f"attachment has no {kind}")
    if kind == "link":
        need(content.get("url"), 40035, "invalid parameter: link.url")
        too_long = len(str(content.get("title", "")).encode()) > MOMENT_LINK_TITLE_BYTES
        need(not too_long, 45002, f"link.title is over {MOMENT_LINK_TITLE_BYTES} bytes")
    stored = media.need_for("moments", content.get("media_id"), at)
    need(stored.type == _KINDS[kind][0], 40004, f"the media_id of {kind} is a {stored.type}")
    return {"msgtype": kind, kind: dict(content)}

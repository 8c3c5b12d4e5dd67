"""What is inside a chat bubble, as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.handle import Scene

# Up to the next blank, quote or Chinese punctuation.
_URL = re.compile(r"(https?://[^\s<>\"'，。！？；、（）】」]+)")

_ANCHOR = re.compile(r"<a\s[^>]*?href=[\"']([^\"'>]*)[\"'][^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


def linked(text: str) -> list[dict[str, str]]:
    """The text in pieces; addresses have a `url`."""
    pieces = [piece for piece in _URL.split(text) if piece]
    return [{"text": piece, "url": piece if _URL.fullmatch(piece) else ""} for piece in pieces]


def spoken(text: str) -> list[dict[str, str]]:
    """A text message of an app in pieces: there `<a href>` is a link (official page 90236), other tags are nothing."""
    before, *rest = _ANCHOR.split(text)
    pieces = linked(_TAGS.sub("", before))
    for url, words, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        pieces.append({"text": _TAGS.sub("", words), "url": url if _URL.fullmatch(url) else ""})
        pieces += linked(_TAGS.sub("", after))
    return pieces


def attachment(sandbox: Scene, item: Mapping[str, Any]) -> dict[str, str]:
    """A picture, a link, a file … of a message: kind, picture, title, desc, url."""
    kind = item["msgtype"]
    content = item[kind]
    media_id = content.get("media_id") or content.get("pic_media_id") or content.get("thumb_media_id") or ""
    stored = sandbox.world.media.find(str(media_id), sandbox.clock.now()) if media_id else None
    picture = str(content.get("pic_url") or content.get("picurl") or "")
    if stored is not None and stored.content_type.startswith("image/"):
        picture = f"/media/{media_id}"
    url = str(content.get("url") or content.get("link_url") or "")
    return {
        "kind": kind,
        # Pictures of other hosts are not fetched: a chat on this page must not tell anybody that it was read.
        "picture": picture.removeprefix(sandbox.base_url) if picture.startswith((sandbox.base_url, "/media/")) else "",
        "title": str(content.get("title") or content.get("name") or (stored.filename if stored else "") or ""),
        "desc": str(content.get("desc") or content.get("address") or ""),
        "url": url if url.startswith(("http://", "https://")) else "",
    }

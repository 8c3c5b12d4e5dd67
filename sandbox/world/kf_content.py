"""What an app may say in 微信客服: the types of messages and their sizes (official page 94677)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.world.media import Media
from sandbox.world.wire import ApiError, need

TEXT_BYTES = 2048
LINK_TITLE_BYTES, LINK_DESC_BYTES, URL_BYTES = 128, 512, 2048
MINIPROGRAM_TITLE_BYTES = 64
MENU_HEAD_BYTES, MENU_TAIL_BYTES = 1024, 1024
MENU_ITEMS_AT_MOST = 10
CLICK_ID_BYTES, CLICK_BYTES = 64, 128
VIEW_BYTES, MENU_TEXT_BYTES = 1024, 256
# type → (keys that must be there, {key: bytes at most}, key of a media_id)
_TYPES: dict[str, tuple[tuple[str, ...], dict[str, int], str]] = {
    "text": (("content",), {"content": TEXT_BYTES}, ""),
    "image": ((), {}, "media_id"),
    "voice": ((), {}, "media_id"),
    "video": ((), {}, "media_id"),
    "file": ((), {}, "media_id"),
    "link": (
        ("title", "url"),
        {"title": LINK_TITLE_BYTES, "desc": LINK_DESC_BYTES, "url": URL_BYTES},
        "thumb_media_id",
    ),
    "miniprogram": (("appid", "pagepath"), {"title": MINIPROGRAM_TITLE_BYTES}, "thumb_media_id"),
    "location": ((), {}, ""),
    "ca_link": (("link_url",), {}, ""),
    "msgmenu": ((), {"head_content": MENU_HEAD_BYTES, "tail_content": MENU_TAIL_BYTES}, ""),
}
_ITEMS: dict[str, tuple[tuple[str, ...], dict[str, int]]] = {
    "click": (("content",), {"id": CLICK_ID_BYTES, "content": CLICK_BYTES}),
    "view": (("url", "content"), {"url": URL_BYTES, "content": VIEW_BYTES}),
    "miniprogram": (("appid", "pagepath", "content"), {"content": VIEW_BYTES}),
    "text": (("content",), {"content": MENU_TEXT_BYTES}),
}


def checked(body: Mapping[str, Any], media: Media, at: int) -> tuple[str, dict[str, Any]]:
    """The type and content of a message. Raises ApiError 40035, 45002, 40007, 95008 or 95009."""
    kind = str(body.get("msgtype"))
    need(kind in _TYPES, 40035, "invalid parameter: msgtype")
    content = body.get(kind)
    if not isinstance(content, Mapping):
        raise ApiError(40035, f"invalid parameter: {kind}")
    message = dict(content)
    needed, sizes, media_key = _TYPES[kind]
    _fits(kind, message, needed, sizes)
    if media_key:
        media.need(message.get(media_key), at)
    _more(kind, message)
    return kind, message


def _more(kind: str, message: Mapping[str, Any]) -> None:
    """What is particular to a type."""
    if kind == "msgmenu":
        _menu(message)
    if kind == "miniprogram":
        need(str(message["pagepath"]).partition("?")[0].endswith(".html"), 40035, "invalid parameter: pagepath")
    if kind == "location":
        numbers = all(isinstance(message.get(key), int | float) for key in ("latitude", "longitude"))
        need(numbers, 40035, "invalid parameter: latitude, longitude")


def _menu(menu: Mapping[str, Any]) -> None:
    items = menu.get("list") or []
    need(isinstance(items, list), 40035, "invalid parameter: list")
    need(len(items) <= MENU_ITEMS_AT_MOST, 95008, f"more than {MENU_ITEMS_AT_MOST} menu items")
    need(items or menu.get("head_content"), 40035, "invalid parameter: msgmenu is empty")
    for item in items:
        kind = str(item.get("type")) if isinstance(item, Mapping) else ""
        need(kind in _ITEMS and isinstance(item.get(kind), Mapping), 95009, "invalid type of menu item")
        _fits(f"msgmenu {kind}", item[kind], *_ITEMS[kind])


def _fits(what: str, content: Mapping[str, Any], needed: tuple[str, ...], sizes: Mapping[str, int]) -> None:
    for key in needed:
        need(content.get(key), 40035, f"invalid parameter: {what}.{key}")
    for key, at_most in sizes.items():
        need(len(str(content.get(key, "")).encode()) <= at_most, 45002, f"{what}.{key} is over {at_most} bytes")

"""The bodies of what is said in 微信客服 (kf), cut to WeCom's limits. Sizes are bytes of UTF-8.

Source: developer.work.weixin.qq.com/document/path/94677, reference section 6.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.wecom.messages import MessageTooLong

TEXT_BYTES: Final = 2048
MENU_TEXT_BYTES: Final = 1024
CLICK_ID_BYTES: Final = 64
CLICK_BYTES: Final = 128
MENU_ITEMS: Final = 10
MSGID_BYTES: Final = 32

ELLIPSIS: Final = "…"

Body = dict[str, Any]


def text(msgid: str, content: str) -> Body:
    """A text; what does not fit is cut."""
    return {
        "msgid": _exact("消息编号", msgid, MSGID_BYTES),
        "msgtype": "text",
        "text": {"content": cut(content, TEXT_BYTES)},
    }


def menu(msgid: str, head: str, clicks: Sequence[tuple[str, str]], tail: str = "") -> Body:
    """A msgmenu of up to 10 lines (id, content) to tap. Words are cut; an id is never.

    Raises:
        MessageTooLong: there are too many lines, or an id does not fit.
    """
    if len(clicks) > MENU_ITEMS:
        raise MessageTooLong("菜单", len(clicks), MENU_ITEMS, "项")
    lines = [{"type": "click", "click": _click(id_, content)} for id_, content in clicks]
    shown: Body = {"head_content": cut(head, MENU_TEXT_BYTES), "list": lines}
    if tail:
        shown["tail_content"] = cut(tail, MENU_TEXT_BYTES)
    return {"msgid": _exact("消息编号", msgid, MSGID_BYTES), "msgtype": "msgmenu", "msgmenu": shown}


def cut(words: str, limit: int) -> str:
    """Words that fit into so many bytes; what is cut off ends in an ellipsis, never inside a character."""
    raw = words.encode()
    if len(raw) <= limit:
        return words
    return raw[: limit - len(ELLIPSIS.encode())].decode(errors="ignore") + ELLIPSIS


def _click(id_: str, content: str) -> Body:
    return {"id": _exact("菜单项编号", id_, CLICK_ID_BYTES), "content": cut(content, CLICK_BYTES)}


def _exact(field: str, value: str, limit: int) -> str:
    size = len(value.encode())
    if size > limit:
        raise MessageTooLong(field, size, limit)
    return value

"""Welcome codes: 20 seconds, once, for whichever app is first (official page 92137, error page 90313)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.world.media import Media
from sandbox.world.people import ChatMessage, Follow, People
from sandbox.world.wire import Answer, ApiError, Call, Ids, need

CODE_SECONDS = 20
TEXT_BYTES = 4000
ATTACHMENTS_AT_MOST = 9
LINK_TITLE_BYTES, LINK_DESC_BYTES = 128, 512
MINIPROGRAM_TITLE_BYTES = 64
# type → (key that must be there, key of a media_id if any, {key: bytes at most})
_TYPES: dict[str, tuple[tuple[str, ...], str, dict[str, int]]] = {
    "image": ((), "media_id", {}),
    "link": (("title", "url"), "", {"title": LINK_TITLE_BYTES, "desc": LINK_DESC_BYTES}),
    "miniprogram": (("title", "appid", "page"), "pic_media_id", {"title": MINIPROGRAM_TITLE_BYTES}),
    "video": ((), "media_id", {}),
    "file": ((), "media_id", {}),
}


@dataclass(frozen=True, slots=True)
class _Code:
    userid: str
    external_userid: str
    issued_at: int


class WelcomeCodes:
    """Issued codes. What was welcomed is remembered by the relation, so that two codes of one cannot both be used."""

    def __init__(self, ids: Ids, people: People, media: Media) -> None:
        self._ids, self._people, self._media = ids, people, media
        self._codes: dict[str, _Code] = {}

    def issue(self, follow: Follow, at: int) -> str | None:
        """A code for the add event, or None for one of the documented reasons (official page 92130)."""
        member = self._people.members[follow.userid]
        customer = self._people.customers[follow.external_userid]
        if follow.chat_started or follow.welcomed or member.native_welcome or customer.type == 2:
            return None
        code = self._ids.letters("CALLBACK_", 24)
        self._codes[code] = _Code(follow.userid, follow.external_userid, at)
        return code

    def whose(self, code: str) -> tuple[str, str] | None:
        """(userid, external_userid) that a code was issued for."""
        known = self._codes.get(code)
        return (known.userid, known.external_userid) if known else None

    def endpoints(self) -> dict[str, Any]:
        return {"externalcontact/send_welcome_msg": self.send_welcome_msg}

    def send_welcome_msg(self, call: Call) -> Answer:
        code = self._valid_code(call)
        follow = self._people.follow(code.userid, code.external_userid)
        if follow is None or follow.status == "customer_left":
            raise ApiError(84061, "not external contact")
        need(not follow.welcomed and not follow.chat_started, 41051, "chat already started or welcome already sent")
        text, attachments = content_of(call.body, self._media, call.at)
        follow.welcomed = True
        self._people.write(
            follow.userid, follow.external_userid, ChatMessage(call.at, follow.userid, text, attachments)
        )
        return {}

    def _valid_code(self, call: Call) -> _Code:
        value = call.body.get("welcome_code")
        need(value, 41049, "welcome code is missing")
        code = self._codes.get(str(value))
        if code is None or call.at - code.issued_at > CODE_SECONDS:
            raise ApiError(41050, "welcome code invalid or older than 20 s")
        return code


def content_of(body: Mapping[str, Any], media: Media, at: int) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Text and attachments of a welcome or a mass send, checked; not both empty. Raises ApiError."""
    text = _text_of(body)
    items = body.get("attachments") or []
    need(isinstance(items, list), 40035, "invalid parameter: attachments")
    need(len(items) <= ATTACHMENTS_AT_MOST, 41064, "too many attachments")
    attachments = tuple(attachment_of(item, media, at) for item in items)
    need(text or attachments, 41089, "text and attachments are both empty")
    return text, attachments


def attachment_of(item: Any, media: Media, at: int) -> dict[str, Any]:
    """One attachment of a welcome, checked: `msgtype` and the object of that name. Raises ApiError."""
    kind = str(item.get("msgtype")) if isinstance(item, Mapping) else ""
    need(kind in _TYPES, 41065, "invalid attachment type")
    content = item.get(kind)
    need(isinstance(content, Mapping), 40063, f"attachment has no {kind}")
    needed, media_key, sizes = _TYPES[kind]
    for key in needed:
        need(content.get(key), 40035, f"invalid parameter: {kind}.{key}")
    for key, at_most in sizes.items():
        need(len(str(content.get(key, "")).encode()) <= at_most, 45002, f"{kind}.{key} is over {at_most} bytes")
    if media_key and not (kind == "image" and content.get("pic_url")):
        media.need(content.get(media_key), at)
    return {"msgtype": kind, kind: dict(content)}


def _text_of(body: Mapping[str, Any]) -> str:
    text = body.get("text") or {}
    content = text.get("content", "") if isinstance(text, Mapping) else None
    need(isinstance(content, str), 40035, "invalid parameter: text.content")
    need(len(str(content).encode()) <= TEXT_BYTES, 45002, f"text.content is over {TEXT_BYTES} bytes")
    return str(content)

"""The values that pass between the wire and the world: a call, its refusal, an event."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
Body = Mapping[str, Any]
Answer = dict[str, Any]
_LETTERS = string.ascii_letters + string.digits


class ApiError(Exception):
    """WeCom's answer is HTTP 200 with this errcode (official page 90313)."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


class NotFoundError(LookupError):
    """A person's action in the sandbox names something that is not there. The text is for people."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What WeCom pushes. `agentid` None = to every app that has the permission."""

    name: str
    xml: str
    agentid: int | None = None
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class App:
    """A self-built app. An empty callback_url means that it receives nothing.

    `contact_secret`: stands for the system secret 客户联系 of an old corp, which may not touch acquisition links.
    """

    name: str
    agentid: int
    secret: str
    callback_url: str = ""
    callback_token: str = ""
    encoding_aes_key: str = ""
    trusted_ips: tuple[str, ...] = ("127.0.0.1", "::1")
    customer_contact: bool = True
    kf: bool = True
    contact_secret: bool = False

    def hears(self, event: Event) -> bool:
        """Whether an event is for this app: its own, or one of the corp's that it has the permission for."""
        if event.agentid is not None:
            return event.agentid == self.agentid
        return self.kf if event.name.startswith("kf_") else self.customer_contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call, its token already resolved to an app."""

    app: App
    at: int
    query: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=dict)
    upload: Upload | None = None


def need(condition: object, errcode: int, errmsg: str) -> None:
    """Refuse the call unless the condition holds."""
    if not condition:
        raise ApiError(errcode, errmsg)


def text_of(body: Body, key: str, errcode: int = 40035) -> str:
    """A non-empty string of the body, else a refusal that names it."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise ApiError(errcode, f"invalid parameter: {key}")
    return value


def strings_of(body: Body, key: str, at_most: int | None = None) -> list[str]:
    """A list of strings of the body; absent is empty."""
    value = body.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ApiError(40035, f"invalid parameter: {key} should be a list of strings")
    need(at_most is None or len(value) <= at_most, 40035, f"invalid parameter: {key} has more than {at_most} items")
    return value


def number_of(body: Body, key: str, default: int, at_most: int) -> int:
    """A whole number of the body from 1 to `at_most`."""
    value = body.get(key) or default
    need(isinstance(value, int) and 1 <= value <= at_most, 40035, f"invalid parameter: {key}")
    return int(value)


def place_of(cursor: object) -> int:
    """The ordinal that a cursor stands for. Raises ApiError 50100."""
    need(cursor in (None, "") or str(cursor).isdigit(), 50100, "invalid cursor")
    return int(str(cursor)) if cursor else 0


def page(items: list[T], ordinals: list[int], cursor: object, limit: int) -> tuple[list[T], str]:
    """The items after `cursor` and the next cursor ("" = no more). Ordinals grow, so a deleted item skips nobody."""
    after = place_of(cursor)
    rest = [(ordinal, item) for ordinal, item in zip(ordinals, items, strict=True) if ordinal > after]
    more = len(rest) > limit
    return [item for _, item in rest[:limit]], str(rest[limit - 1][0]) if more else ""


class Ids:
    """Seeded identifiers in WeCom's shapes."""

    def __init__(self, seed: int | str) -> None:
        self.dice = random.Random(f"{seed}/world")

    def letters(self, prefix: str, length: int) -> str:
        return prefix + "".join(self.dice.choices(_LETTERS, k=length))

    def hex32(self) -> str:
        return f"{self.dice.getrandbits(128):032x}"

    def number64(self) -> int:
        return self.dice.getrandbits(62)

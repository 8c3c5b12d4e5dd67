"""How a declared field is read from the XML: its name gives the element, its annotation gives the reader."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from msgspec.structs import fields

from bot.wecom.events.agent import SelectedItem
from bot.wecom.events.base import Event

# Where the element is not simply the field in camel case.
_ELEMENTS = {
    "to_user": "ToUserName",
    "from_user": "FromUserName",
    "created_at": "CreateTime",
    "agentid": "AgentID",
    "userid": "UserID",
    "new_userid": "NewUserID",
    "external_userid": "ExternalUserID",
    "by_transfer": "Source",
    "mem_change_list": "MemChangeList/Item",
    "open_kfid": "OpenKfId",
    "kf_token": "Token",
    "auth_add_open_kfid": "AuthAddOpenKfId",
    "auth_del_open_kfid": "AuthDelOpenKfId",
    "scan_type": "ScanCodeInfo/ScanType",
    "scan_result": "ScanCodeInfo/ScanResult",
    "selected_items": "SelectedItems/SelectedItem",
    "effect_at": "EffectTime",
    "msgid": "MsgId",
    "location_x": "Location_X",
    "location_y": "Location_Y",
}
# A third-party app's callbacks say the same under other names.
_THIRD_PARTY = {"to_user": "SuiteId", "from_user": "AuthCorpId", "created_at": "TimeStamp"}


def text(root: Element, path: str) -> str | None:
    """The words at `path` without the space around them; None if there are none."""
    found = root.findtext(path)
    return (found.strip() or None) if found else None


def _int(root: Element, path: str) -> int | None:
    digits = text(root, path)
    return int(digits) if digits and len(digits) <= 18 and digits.isascii() and digits.isdigit() else None


def _float(root: Element, path: str) -> float | None:
    try:
        number = float(text(root, path) or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _texts(root: Element, path: str) -> tuple[str, ...] | None:
    """WeCom writes lists as repeated elements or as one with commas; ids contain none."""
    parts = (part.strip() for found in root.findall(path) for part in (found.text or "").split(","))
    return tuple(part for part in parts if part) or None


def _by_transfer(root: Element, path: str) -> bool:
    return text(root, path) == "DELETE_BY_TRANSFER"


def _selected_items(root: Element, path: str) -> tuple[SelectedItem, ...]:
    return tuple(
        SelectedItem(question_key=text(item, "QuestionKey") or "", option_ids=_texts(item, "OptionIds/OptionId") or ())
        for item in root.findall(path)
    )


_READERS: dict[Any, Callable[[Element, str], Any]] = {
    str: text,
    str | None: text,
    int: _int,
    int | None: _int,
    float: _float,
    float | None: _float,
    bool: _by_transfer,
    tuple[str, ...]: _texts,
    tuple[SelectedItem, ...]: _selected_items,
}


class FieldReader(NamedTuple):
    """One field of an event class: where it stands, how it is read, and whether the event is useless without it."""

    name: str
    path: str
    read: Callable[[Element, str], Any]
    required: bool


@cache
def field_readers(cls: type[Event], third_party: bool) -> tuple[FieldReader, ...]:
    """The readers of `cls`, in the order of its fields; found out when the first event of its kind comes."""
    elements = _ELEMENTS | _THIRD_PARTY if third_party else _ELEMENTS
    return tuple(
        FieldReader(f.name, elements.get(f.name) or _camel(f.name), _READERS[f.type], f.required) for f in fields(cls)
    )


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def leaves(root: Element) -> Iterator[tuple[str, str]]:
    """Every text of the document to a depth of two, for what no class describes."""
    for child in root:
        yield from ((leaf.tag, (leaf.text or "").strip()) for leaf in (child if len(child) else (child,)))

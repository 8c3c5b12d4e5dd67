"""From decrypted XML to an event, and the two short cuts that the hot path needs before that."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.wecom.events import agent, customer, group_chat, kf, member, message, tag
from bot.wecom.events.base import Event, IncompleteEvent, UnknownEvent, customer_line
from bot.wecom.events.reading import field_readers, leaves, text

MAX_CHARS = 65_536
_MAX_KIND = 80

_CLASSES: dict[tuple[str, str, str], type[Event]] = {
    (cls.msg_type, cls.event, cls.change_type): cls
    for module in (agent, customer, group_chat, kf, member, message, tag)
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, Event) and not cls.__subclasses__()
}

# A DOCTYPE, and with it any entity, can stand only before the root element: nothing but a declaration may.
_PROLOG = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?<xml[\s/>]")

_WELCOME_CODE = re.compile(
    r"<WelcomeCode>\s*(<!\[CDATA\[)?(?P<code>[^<>\[\]]*)(?(1)\]\]>)\s*</WelcomeCode>|<WelcomeCode\s*/>"
)

_CHARS = r"[^]<>&\x00-\x1f\ud800-\udfff\ufffe\uffff]*"
_ID = r"[0-9A-Za-z_@.-]+"


def _element(name: str, value: str) -> str:
    return rf"<{name}>(?:<!\[CDATA\[{value}\]\]>|{value})</{name}>\s*"


# The customer callbacks as WeCom writes them, the bulk of all; stricter than XML, so that it never says more than it.
_CUSTOMER = re.compile(
    r"<xml>\s*"
    + _element("ToUserName", _CHARS)
    + _element("FromUserName", _CHARS)
    + _element("CreateTime", "[0-9]{1,18}")
    + _element("MsgType", "event")
    + _element("Event", "change_external_contact")
    + r"<ChangeType>(<!\[CDATA\[)?(?P<change_type>[a-z_]+)(?(1)\]\]>)</ChangeType>\s*"
    + f"(?:{_element('FailReason', _CHARS)})?"
    + _element("UserID", _ID)
    + rf"<ExternalUserID>(<!\[CDATA\[)?(?P<external_userid>{_ID})(?(3)\]\]>)</ExternalUserID>\s*"
    + f"(?:{'|'.join(_element(name, _CHARS) for name in ('State', 'WelcomeCode', 'Source'))})*"
    + r"</xml>\s*"
)


class Peek(NamedTuple):
    """What `parse` would give, in short: the name of the class and the line."""

    name: str
    line: str


def parse(xml: str, welcome_code: str | None = None) -> Event:
    """The event in a decrypted callback. Never raises: what is not understood becomes UnknownEvent.

    welcome_code: the code that `split_welcome_code` cut out of `xml`, if any.
    """
    root = _root(xml)
    if root is None:
        return UnknownEvent(kind="not_xml")
    kind, third_party = _kind(root)
    cls = _CLASSES.get(kind)
    if cls is None:
        return UnknownEvent(**_common(root, third_party), kind="/".join(filter(None, kind))[:_MAX_KIND])
    return _read(cls, root, third_party, welcome_code)


def split_welcome_code(xml: str) -> tuple[str, str | None]:
    """The XML without its `<WelcomeCode>` element, and the code (None if absent or empty).

    The code may differ between two deliveries of one callback, so it is no part of the callback's identity.
    """
    found = _WELCOME_CODE.search(xml)
    if found is None or _inside_cdata(xml, found.start()):
        return xml, None
    return xml[: found.start()] + xml[found.end() :], (found["code"] or "").strip() or None


def peek(xml: str) -> Peek:
    """The class and the line without building the event: one expression for the common shape, `parse` for the rest."""
    found = _CUSTOMER.fullmatch(xml) if len(xml) <= MAX_CHARS else None
    cls = found and _CLASSES.get(("event", "change_external_contact", found["change_type"]))
    if found and cls:
        return Peek(cls.__name__, customer_line(found["external_userid"]))
    event = parse(xml)
    return Peek(type(event).__name__, event.line)


def _root(xml: str) -> Element | None:
    if len(xml) > MAX_CHARS or not _PROLOG.match(xml):
        return None
    try:
        return fromstring(xml)
    except (ParseError, ValueError):
        return None


def _kind(root: Element) -> tuple[tuple[str, str, str], bool]:
    """The wire names, in lower case since WeCom writes both `CLICK` and `click`; and whether in third-party form."""
    info_type = text(root, "InfoType")
    msg_type = "event" if info_type else (text(root, "MsgType") or "").lower()
    event = (info_type or text(root, "Event") or "").lower()
    return (msg_type, event, (text(root, "ChangeType") or "").lower()), info_type is not None


def _read(cls: type[Event], root: Element, third_party: bool, welcome_code: str | None) -> Event:
    values: dict[str, Any] = {}
    missing = []
    for name, path, read, required in field_readers(cls, third_party):
        value = read(root, path)
        if value is not None:
            values[name] = value
        elif required:
            missing.append(name)
    if missing:
        return IncompleteEvent(**_common(root, third_party), name=cls.__name__, missing=tuple(missing))
    if welcome_code and "welcome_code" in cls.__struct_fields__:
        values["welcome_code"] = welcome_code
    return cls(**values)


def _common(root: Element, third_party: bool) -> dict[str, Any]:
    read = {f.name: f.read(root, f.path) for f in field_readers(Event, third_party)}
    return {name: value for name, value in read.items() if value is not None} | {"fields": tuple(leaves(root))}


def _inside_cdata(xml: str, at: int) -> bool:
    """Somebody may write `<WelcomeCode>` in a message: there it is words, not an element."""
    return xml.rfind("<![CDATA[", 0, at) > xml.rfind("]]>", 0, at)

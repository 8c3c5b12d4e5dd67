"""One message or event of sync_msg as an own event. Pure.

Source: official page 94670, reference section 6.2. The ids of an `event` are inside it, not at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.scrm.events import OwnEvent
from bot.scrm.events.kf import (
    KfEntered,
    KfMessageReceived,
    KfRecalled,
    KfRejectSwitched,
    KfSendFailed,
    KfServicerSpoke,
    KfServicerStatusChanged,
    KfSessionChanged,
)

SERVICER = 5
"""`origin` of what a human wrote in the WeCom client; 3 is the customer, 4 the system."""

Json = dict[str, Any]


def own_event_of(message: Any, open_kfid: str, since_at: int) -> OwnEvent | None:
    """What a message of this account is to us; None when nobody knows. What was sent before `since_at` is history."""
    try:
        if message["msgtype"] == "event":
            return _happened(message, open_kfid, since_at)
        return _said(message, open_kfid, since_at)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _said(message: Json, open_kfid: str, since_at: int) -> OwnEvent:
    msgtype = str(message["msgtype"])
    content: Json = message.get(msgtype) or {}
    head: Json = {
        **_head(message, message, open_kfid, since_at),
        "msgid": _words(message["msgid"]),
        "msgtype": msgtype,
        "text": _words(content.get("content")) if msgtype == "text" else "",
    }
    if message.get("origin") == SERVICER:
        return KfServicerSpoke(**head, servicer_userid=_words(message.get("servicer_userid")))
    return KfMessageReceived(
        **head, menu_id=_words(content.get("menu_id")) or None, media_id=_words(content.get("media_id")) or None
    )


def _happened(message: Json, open_kfid: str, since_at: int) -> OwnEvent | None:
    event: Json = message["event"]
    if event["event_type"] == "servicer_status_change":
        return KfServicerStatusChanged(
            created_at=int(message["send_time"]),
            open_kfid=open_kfid,
            servicer_userid=_words(event["servicer_userid"]),
            status=int(event["status"]),
        )
    read = _EVENTS.get(event["event_type"])
    return read({**_head(message, event, open_kfid, since_at)}, event, _words(message["msgid"])) if read else None


def _entered(head: Json, event: Json, msgid: str) -> OwnEvent:
    return KfEntered(
        **head,
        msgid=msgid,
        scene=_words(event.get("scene")),
        scene_param=_words(event.get("scene_param")),
        welcome_code=None if head["history"] else event.get("welcome_code") or None,
    )


def _failed(head: Json, event: Json, msgid: str) -> OwnEvent:
    return KfSendFailed(**head, fail_msgid=_words(event["fail_msgid"]), fail_type=int(event.get("fail_type", 0)))


def _changed(head: Json, event: Json, msgid: str) -> OwnEvent:
    return KfSessionChanged(
        **head,
        msgid=msgid,
        change_type=int(event["change_type"]),
        old_servicer_userid=_words(event.get("old_servicer_userid")),
        new_servicer_userid=_words(event.get("new_servicer_userid")),
    )


def _recalled(head: Json, event: Json, msgid: str) -> OwnEvent:
    servicer = _words(event.get("servicer_userid"))
    return KfRecalled(**head, recall_msgid=_words(event["recall_msgid"]), servicer_userid=servicer)


def _switched(head: Json, event: Json, msgid: str) -> OwnEvent:
    switch, servicer = int(event.get("reject_switch", 0)), _words(event.get("servicer_userid"))
    return KfRejectSwitched(**head, reject_switch=switch, servicer_userid=servicer)


_EVENTS: dict[str, Callable[[Json, Json, str], OwnEvent]] = {
    "enter_session": _entered,
    "msg_send_fail": _failed,
    "session_status_change": _changed,
    "user_recall_msg": _recalled,
    "servicer_recall_msg": _recalled,
    "reject_customer_msg_switch_change": _switched,
}


def _head(message: Json, ids: Json, open_kfid: str, since_at: int) -> Json:
    """What all of them share. `ids`: where the customer's id is."""
    at = int(message["send_time"])
    customer = _words(ids["external_userid"])
    if not customer:
        raise ValueError("external_userid")
    return {"created_at": at, "open_kfid": open_kfid, "external_userid": customer, "history": at < since_at}


def _words(value: Any) -> str:
    """Text that every database takes: half an emoji becomes a question mark, a NUL goes."""
    return "" if value is None else str(value).replace("\0", "").encode(errors="replace").decode()

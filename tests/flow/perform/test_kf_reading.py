"""Every message and event of sync_msg, in WeCom's own samples and in forms that nobody promised."""

from __future__ import annotations

from typing import Any

import pytest

from bot.flow.perform.kf_reading import own_event_of
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
from bot.store.codec import event_body

KFID, WHO, AT = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw", 1615478585
OTHERS = [
    *("location", "link", "business_card", "miniprogram", "msgmenu", "channels_shop_product", "channels_shop_order"),
    *("merged_msg", "channels", "meeting", "schedule", "note", "hologram"),
]
HEAD: dict[str, Any] = {"created_at": AT, "open_kfid": KFID, "external_userid": WHO}


def message(msgtype: str, content: object, **more: object) -> dict[str, Any]:
    """A message, its ids at the top."""
    head = {"msgid": "M1", "open_kfid": KFID, "external_userid": WHO, "send_time": AT, "origin": 3}
    return {**head, "msgtype": msgtype, msgtype: content, **more}


def event(event_type: str, **fields: object) -> dict[str, Any]:
    """An event, its ids inside."""
    inside = {"event_type": event_type, "open_kfid": KFID, "external_userid": WHO, **fields}
    return {"msgid": "M2", "send_time": AT, "origin": 4, "msgtype": "event", "event": inside}


def read(raw: Any, since_at: int = 0) -> Any:
    return own_event_of(raw, KFID, since_at)


def test_a_tap_is_a_text_with_a_menu_id() -> None:
    """And a typed text has none."""
    tapped = read(message("text", {"content": "干性", "menu_id": "101"}))
    assert tapped == KfMessageReceived(**HEAD, msgid="M1", msgtype="text", text="干性", menu_id="101")
    assert read(message("text", {"content": "干性"})).menu_id is None


@pytest.mark.parametrize("msgtype", ["image", "voice", "video", "file"])
def test_a_file_comes_as_its_media_id(msgtype: str) -> None:
    """Its bytes stay at WeCom."""
    received = KfMessageReceived(**HEAD, msgid="M1", msgtype=msgtype, media_id="2iSL")
    assert read(message(msgtype, {"media_id": "2iSL"})) == received


@pytest.mark.parametrize("msgtype", OTHERS)
def test_every_other_type_is_kept_without_words(msgtype: str) -> None:
    """Those that WeCom will invent, too."""
    assert read(message(msgtype, {"title": "标题"})) == KfMessageReceived(**HEAD, msgid="M1", msgtype=msgtype)
    assert read(message(msgtype, None)) is not None


def test_a_servicer_is_no_customer() -> None:
    """origin 5."""
    spoken = message("text", {"content": "我来"}, origin=5, servicer_userid="lin")
    assert read(spoken) == KfServicerSpoke(**HEAD, msgid="M1", servicer_userid="lin", msgtype="text", text="我来")


def test_every_event_has_its_ids_inside() -> None:
    """All eight of the page."""
    entered = event("enter_session", scene="123", scene_param="abc", welcome_code="aaaaaa", wechat_channels={})
    assert read(entered) == KfEntered(**HEAD, msgid="M2", scene="123", scene_param="abc", welcome_code="aaaaaa")
    assert read(event("enter_session")) == KfEntered(**HEAD, msgid="M2")
    failed = event("msg_send_fail", fail_msgid="F", fail_type=4)
    assert read(failed) == KfSendFailed(**HEAD, fail_msgid="F", fail_type=4)
    changed = event("session_status_change", change_type=1, new_servicer_userid="lin", msg_code="C")
    assert read(changed) == KfSessionChanged(**HEAD, msgid="M2", change_type=1, new_servicer_userid="lin")
    assert read(event("user_recall_msg", recall_msgid="R")) == KfRecalled(**HEAD, recall_msgid="R")
    recalled = event("servicer_recall_msg", recall_msgid="R", servicer_userid="lin")
    assert read(recalled) == KfRecalled(**HEAD, recall_msgid="R", servicer_userid="lin")
    switched = event("reject_customer_msg_switch_change", servicer_userid="lin", reject_switch=1)
    assert read(switched) == KfRejectSwitched(**HEAD, reject_switch=1, servicer_userid="lin")
    servicer = event("servicer_status_change", servicer_userid="lin", status=1)
    del servicer["event"]["external_userid"]
    changed_status = KfServicerStatusChanged(created_at=AT, open_kfid=KFID, servicer_userid="lin", status=1)
    assert read(servicer) == changed_status


def test_history_cannot_be_answered() -> None:
    """It is marked, and its code is left away: it is dead."""
    old = read(event("enter_session", welcome_code="aaaaaa"), since_at=AT + 1)
    assert (old.history, old.welcome_code) == (True, None)
    assert read(message("text", {"content": "在吗"}), since_at=AT).history is False


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "text",
        {},
        message("text", {}, external_userid=""),
        message("text", "half an object"),
        message("text", {"content": "x"}, send_time="gestern"),
        event("msg_send_fail"),
        event("an_event_of_next_year"),
        {"msgid": "M", "send_time": AT, "msgtype": "event"},
    ],
)
def test_what_nobody_understands_spoils_no_page(raw: Any) -> None:
    """None, and the rest of the page is read."""
    assert read(raw) is None


def test_half_an_emoji_can_be_kept() -> None:
    """What no database takes is replaced."""
    assert "好" in event_body(read(message("text", {"content": "好\ud83d\0"})))

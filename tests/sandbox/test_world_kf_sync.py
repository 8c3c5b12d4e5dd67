"""sync_msg and the bell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.world.kf import TOKEN_SECONDS
from sandbox.world.kf_sync import CURSOR_BYTES, HORIZON_SECONDS, PAGE_AT_MOST, TOKEN_BYTES, WITHOUT_TOKEN_PER_MINUTE
from tests.sandbox.kf_corp import KfCorp


@pytest.fixture
def corp() -> KfCorp:
    """A corp with a kf account and a customer there."""
    return KfCorp()


def test_bell_says_only_that_something_waits(corp: KfCorp) -> None:
    """Token and OpenKfId, no content, no FromUserName."""
    corp.bells()
    corp.writes("悄悄话")
    (bell,) = corp.bells()
    assert set(bell) == {"ToUserName", "CreateTime", "MsgType", "Event", "Token", "OpenKfId"}
    assert (bell["Event"], bell["OpenKfId"]) == ("kf_msg_or_event", corp.open_kfid)


def test_messages_and_events_come_in_their_shapes(corp: KfCorp) -> None:
    """The ids of an event are inside it; the origin says who."""
    corp.hires()
    corp.writes()
    corp.serves("takes")
    corp.serves("writes", text="我是李华")
    entered, written, taken, spoken = corp.sync()["msg_list"]
    assert [item["origin"] for item in (entered, written, taken, spoken)] == [4, 3, 4, 5]
    assert "external_userid" not in entered and entered["event"]["external_userid"] == corp.customer
    assert written["text"] == {"content": "你好"} and written["external_userid"] == corp.customer
    assert (spoken["servicer_userid"], spoken["text"]["content"]) == ("lihua", "我是李华")
    assert taken["event"]["change_type"] == 1


def test_what_an_app_sends_is_never_returned(corp: KfCorp) -> None:
    """Its own messages it must remember itself."""
    corp.writes()
    before = corp.sync()
    corp.say("机器人的话")
    assert corp.sync() == before and "机器人的话" in corp.phone()


@settings(max_examples=30, deadline=None)
@given(written=st.integers(0, 12), limit=st.integers(1, 5))
def test_pages_from_a_cursor_give_each_item_once(written: int, limit: int) -> None:
    """Whatever the page size: nothing twice, nothing lost, has_more as long as there is."""
    corp = KfCorp()
    for n in range(written):
        corp.writes(str(n))
    read: list[dict[str, Any]] = []
    cursor, more = "", 1
    corp.world.kf_sync.without_token.quota = 100
    while more:
        answer = corp.sync(cursor=cursor, limit=limit)
        assert answer["errcode"] == 0 and len(answer["msg_list"]) <= limit
        read += answer["msg_list"]
        cursor, more = answer["next_cursor"], answer["has_more"]
    assert read == corp.told()
    corp.writes("后来")
    assert [item["text"]["content"] for item in corp.sync(cursor=cursor)["msg_list"]] == ["后来"]


def test_page_may_be_empty_though_more_is_there(corp: KfCorp) -> None:
    """On request: has_more 1, nothing in the list, the cursor stays good."""
    empty = iter([0])
    corp.world.kf.trouble = lambda kind: next(empty, None) if kind == "kf_empty_pages" else None
    first = corp.sync()
    assert (first["has_more"], first["msg_list"]) == (1, [])
    second = corp.sync(cursor=first["next_cursor"])
    assert (second["has_more"], len(second["msg_list"])) == (0, 1)


def test_cursor_that_is_none_of_ours_is_50100(corp: KfCorp) -> None:
    """Invented, of another account, ahead of what there is, or too long."""
    other = corp.made("另一个")
    theirs = corp.ask("kf/sync_msg", {"open_kfid": other})["next_cursor"]
    own = corp.sync()["next_cursor"]
    for cursor in ("nonsense", theirs, own + "ff", own + "x" * CURSOR_BYTES):
        assert corp.sync(cursor=cursor)["errcode"] == 50100
    assert len(own.encode()) <= CURSOR_BYTES


def test_items_older_than_three_days_are_gone(corp: KfCorp) -> None:
    """Without a cursor and with an old one."""
    old = corp.sync(limit=1)["next_cursor"]
    corp.writes("旧的")
    corp.at += HORIZON_SECONDS
    assert len(corp.sync()["msg_list"]) == 2
    corp.at += 1
    corp.writes("新的")
    assert [item["text"]["content"] for item in corp.sync()["msg_list"]] == ["新的"]
    assert [item["text"]["content"] for item in corp.sync(cursor=old)["msg_list"]] == ["新的"]


def test_token_lives_ten_minutes_and_belongs_to_its_account(corp: KfCorp) -> None:
    """95007 after that, for another account, and for an invented one."""
    token = corp.bells()[-1]["Token"]
    other = corp.made("另一个")
    assert len(token.encode()) <= TOKEN_BYTES
    corp.at += TOKEN_SECONDS - 1
    assert corp.sync(token=token)["errcode"] == 0
    assert corp.ask("kf/sync_msg", {"open_kfid": other, "token": token})["errcode"] == 95007
    corp.at += 1
    assert corp.sync(token=token)["errcode"] == corp.sync(token="invented")["errcode"] == 95007


def test_without_a_token_the_limit_is_strict(corp: KfCorp) -> None:
    """45009, for a minute; with a token there is none."""
    assert {corp.sync()["errcode"] for _ in range(WITHOUT_TOKEN_PER_MINUTE)} == {0}
    assert corp.sync()["errcode"] == 45009
    corp.writes()
    token = corp.bells()[-1]["Token"]
    assert {corp.sync(token=token)["errcode"] for _ in range(WITHOUT_TOKEN_PER_MINUTE * 2)} == {0}
    corp.at += 59
    assert corp.sync()["errcode"] == 45009
    corp.at += 1
    assert corp.sync()["errcode"] == 0


@pytest.mark.parametrize("body", [{"limit": PAGE_AT_MOST + 1}, {"limit": "x"}, {"voice_format": 2}])
def test_bad_parameters_are_refused(corp: KfCorp, body: dict[str, Any]) -> None:
    """A page has at most 1000."""
    assert corp.sync(**body)["errcode"] == 40035

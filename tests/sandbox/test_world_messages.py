"""App messages, cards and clicks."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.cards import BUTTONS_AT_MOST, JUMPS_AT_MOST, RESPONSE_CODE_SECONDS, ROWS_AT_MOST, SELECTS_AT_MOST
from sandbox.world.messages import (
    ARTICLES_AT_MOST,
    DUPLICATE_SECONDS,
    DUPLICATE_SECONDS_AT_MOST,
    MEMBER_HOUR,
    MEMBER_MINUTE,
    RECALL_SECONDS,
    RECEIVERS_AT_MOST,
    TEXT_BYTES,
)
from tests.sandbox.corp import AGENTID, OTHER_AGENTID, Corp, fields_of

CARD = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "客户离开了"},
    "button_list": [{"text": "知道了", "key": "ok"}],
}


def send(corp: Corp, to: str = "lihua", content: str = "你好", **more: Any) -> dict[str, Any]:
    body = {"touser": to, "agentid": AGENTID, "msgtype": "text", "text": {"content": content}} | more
    return corp.ask("message/send", body)


def card(corp: Corp, to: str = "lihua", **more: Any) -> dict[str, Any]:
    return send(corp, to, msgtype="template_card", template_card=CARD | more)


def seen(corp: Corp, userid: str = "lihua") -> list[Any]:
    return corp.world.messages.notices.get(userid, [])


def test_partly_invalid_receivers_still_get_it(corp: Corp) -> None:
    answer = send(corp, "LiHua|Nobody|wangfang")
    assert answer["errcode"] == 0 and answer["invaliduser"] == "nobody"
    assert len(seen(corp)) == len(seen(corp, "wangfang")) == 1


def test_all_invalid_is_81013_and_none_is_82001(corp: Corp) -> None:
    assert send(corp, "nobody|noone")["errcode"] == 81013
    assert send(corp, "")["errcode"] == 82001


def test_everybody_is_at_all(corp: Corp) -> None:
    send(corp, "@all")
    assert len(seen(corp)) == len(seen(corp, "wangfang")) == 1


def test_over_thirty_a_minute_are_dropped_silently(corp: Corp) -> None:
    assert {send(corp, content=str(n))["errcode"] for n in range(MEMBER_MINUTE + 5)} == {0}
    assert len(seen(corp)) == MEMBER_MINUTE
    corp.at += 60
    send(corp)
    assert len(seen(corp)) == MEMBER_MINUTE + 1
    for n in range(MEMBER_HOUR):
        corp.at += 3
        send(corp, content=str(n))
    assert len(seen(corp)) == MEMBER_HOUR


def test_duplicate_check_shows_the_same_message_once(corp: Corp) -> None:
    first = send(corp, enable_duplicate_check=1)
    assert send(corp, enable_duplicate_check=1)["msgid"] == first["msgid"]
    assert len(seen(corp)) == 1
    send(corp)
    corp.at += DUPLICATE_SECONDS
    send(corp, enable_duplicate_check=1)
    assert len(seen(corp)) == 3
    send(corp, content="久", enable_duplicate_check=1, duplicate_check_interval=10**6)
    corp.at += DUPLICATE_SECONDS_AT_MOST
    send(corp, content="久", enable_duplicate_check=1, duplicate_check_interval=10**6)
    assert len(seen(corp)) == 5


@pytest.mark.parametrize(
    ("more", "errcode"),
    [
        ({"content": "长" * (TEXT_BYTES // 3 + 1)}, 45002),
        ({"agentid": OTHER_AGENTID}, 301002),
        ({"msgtype": "poem", "poem": {}}, 40035),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
        ({"msgtype": "news", "news": {"articles": [{"title": "x"}] * (ARTICLES_AT_MOST + 1)}}, 45008),
        ({"msgtype": "textcard", "textcard": {"title": "x" * 129, "description": "d"}}, 45002),
        ({"msgtype": "textcard", "textcard": {"title": "x", "description": "d" * 513}}, 45002),
        ({"to": "|".join(["lihua"] * (RECEIVERS_AT_MOST + 1))}, 40035),
    ],
)
def test_bad_messages_are_refused(corp: Corp, more: dict[str, Any], errcode: int) -> None:
    assert send(corp, **more)["errcode"] == errcode


def test_recall_takes_it_away_within_a_day(corp: Corp) -> None:
    early, late = send(corp)["msgid"], send(corp, content="二")["msgid"]
    corp.at += RECALL_SECONDS
    assert corp.ask("message/recall", {"msgid": early})["errcode"] == 0
    corp.at += 1
    assert corp.ask("message/recall", {"msgid": late})["errcode"] == 42052
    assert [notice.recalled for notice in seen(corp)] == [True, False]


@pytest.mark.parametrize(
    ("more", "errcode"),
    [
        ({"card_type": "poster"}, 40035),
        ({"task_id": "有空格 的"}, 42014),
        ({"button_list": [{"text": "x", "key": "k"}] * (BUTTONS_AT_MOST + 1)}, 40035),
        ({"select_list": [{}] * (SELECTS_AT_MOST + 1)}, 40035),
        ({"horizontal_content_list": [{}] * (ROWS_AT_MOST + 1)}, 40035),
        ({"jump_list": [{}] * (JUMPS_AT_MOST + 1)}, 40035),
        ({"card_type": "text_notice"}, 40035),
    ],
)
def test_bad_cards_are_refused(corp: Corp, more: dict[str, Any], errcode: int) -> None:
    assert card(corp, **more)["errcode"] == errcode


def test_task_id_is_used_once_per_app(corp: Corp) -> None:
    assert card(corp)["errcode"] == 0
    assert card(corp)["errcode"] == 42014


def update(corp: Corp, code: str, userid: str = "lihua") -> dict[str, Any]:
    body = {"userids": [userid], "agentid": AGENTID, "response_code": code, "button": {"replace_name": "已处理"}}
    return corp.ask("message/update_template_card", body)


def test_response_code_changes_the_card_once(corp: Corp) -> None:
    code = card(corp)["response_code"]
    assert update(corp, code, "wangfang")["invaliduser"] == ["wangfang"]
    assert update(corp, code)["errcode"] == 60140
    assert "replace_text" not in seen(corp)[0].content


def test_response_code_lives_seventy_two_hours(corp: Corp) -> None:
    code = card(corp)["response_code"]
    corp.at += RESPONSE_CODE_SECONDS
    assert update(corp, code)["errcode"] == 60140


def test_each_click_brings_a_fresh_response_code(corp: Corp) -> None:
    sent = card(corp)
    (event,) = corp.world.messages.member_clicks(corp.at, userid="lihua", msgid=sent["msgid"], key="ok")
    fields = fields_of(event)
    assert (fields["Event"], fields["EventKey"], fields["TaskId"]) == ("template_card_event", "ok", "t1")
    assert fields["ResponseCode"] != sent["response_code"] and event.agentid == AGENTID
    assert update(corp, fields["ResponseCode"])["errcode"] == 0
    assert seen(corp)[0].content["replace_text"] == "已处理"


def test_selected_items_travel_with_the_click(corp: Corp) -> None:
    sent = card(corp)
    (event,) = corp.world.messages.member_clicks(
        corp.at, userid="lihua", msgid=sent["msgid"], key="ok", selected={"q1": ["a", "b"]}
    )
    assert "<QuestionKey><![CDATA[q1]]></QuestionKey><OptionIds><OptionId><![CDATA[a]]></OptionId>" in event.xml


def test_member_writes_and_enters(corp: Corp) -> None:
    (text,) = corp.world.messages.member_writes_app(corp.at, userid="lihua", agentid=AGENTID, text="a]]>b")
    fields = fields_of(text)
    assert (fields["MsgType"], fields["Content"], fields["FromUserName"]) == ("text", "a]]>b", "lihua")
    assert fields["MsgId"].isdigit() and fields["AgentID"] == str(AGENTID)
    (entered,) = corp.world.messages.member_enters_app(corp.at, userid="lihua", agentid=AGENTID)
    assert fields_of(entered)["Event"] == "enter_agent"

"""Welcome codes: 20 seconds, once, first app wins."""

from __future__ import annotations

import pytest

from sandbox.world.welcome import CODE_SECONDS, LINK_DESC_BYTES, MINIPROGRAM_TITLE_BYTES
from sandbox.world.wire import ApiError
from tests.sandbox.corp import AGENTID, OTHER_AGENTID, Corp


def test_welcome_reaches_the_customers_chat(corp: Corp) -> None:
    customer, (added,) = corp.adds()
    assert corp.welcome(added["WelcomeCode"], "欢迎") == 0
    (message,) = corp.world.people.chats["lihua", customer]
    assert (message.text, message.sender) == ("欢迎", "lihua")


@pytest.mark.parametrize(("waited", "errcode"), [(CODE_SECONDS, 0), (CODE_SECONDS + 1, 41050)])
def test_code_lives_twenty_seconds(corp: Corp, waited: int, errcode: int) -> None:
    _, (added,) = corp.adds()
    corp.at += waited
    assert corp.welcome(added["WelcomeCode"]) == errcode


def test_code_is_good_once_whichever_app_is_first(corp: Corp) -> None:
    _, (added,) = corp.adds()
    assert corp.welcome(added["WelcomeCode"], agentid=OTHER_AGENTID) == 0
    assert corp.welcome(added["WelcomeCode"]) == 41051


def test_refused_content_does_not_use_up_the_code(corp: Corp) -> None:
    _, (added,) = corp.adds()
    assert corp.welcome(added["WelcomeCode"], "好" * 1334) == 45002
    assert corp.welcome(added["WelcomeCode"]) == 0


def test_another_app_in_the_middle_of_it_is_41096(corp: Corp) -> None:
    _, (added,) = corp.adds()
    body = {"welcome_code": added["WelcomeCode"]}
    traffic, api = corp.world.traffic, "externalcontact/send_welcome_msg"
    with traffic.enter(api, body, corp.token(AGENTID)):
        with pytest.raises(ApiError, match="41096"), traffic.enter(api, body, corp.token(OTHER_AGENTID)):
            pass
        with traffic.enter(api, body, corp.token(AGENTID)):
            pass
    with traffic.enter(api, body, corp.token(OTHER_AGENTID)):
        pass


def test_code_is_useless_once_the_chat_has_started(corp: Corp) -> None:
    customer, (added,) = corp.adds()
    corp.world.relations.customer_writes(corp.at, external_userid=customer, userid="lihua", text="在吗")
    assert corp.welcome(added["WelcomeCode"]) == 41051


def test_code_is_useless_once_the_member_deleted_the_customer(corp: Corp) -> None:
    customer, (added,) = corp.adds()
    corp.world.relations.member_deletes(corp.at, userid="lihua", external_userid=customer)
    assert corp.welcome(added["WelcomeCode"]) == 84061


def test_no_code_with_a_native_welcome(corp: Corp) -> None:
    corp.world.people.member("lihua").native_welcome = True
    _, (added,) = corp.adds()
    assert "WelcomeCode" not in added


def test_no_code_for_a_wecom_user(corp: Corp) -> None:
    customer, (added,) = corp.adds(wecom_user=True)
    assert customer.startswith("wo") and "WelcomeCode" not in added


def test_no_second_code_when_the_half_add_used_the_first(corp: Corp) -> None:
    customer, (half,) = corp.adds(half=True)
    assert half["ChangeType"] == "add_half_external_contact"
    assert corp.welcome(half["WelcomeCode"]) == 0
    (event,) = corp.world.relations.member_accepts(corp.at, userid="lihua", external_userid=customer)
    assert "WelcomeCode" not in event.xml and "add_external_contact" in event.xml


def test_second_code_when_the_half_add_left_the_first_unused(corp: Corp) -> None:
    customer, (half,) = corp.adds(half=True)
    (event,) = corp.world.relations.member_accepts(corp.at, userid="lihua", external_userid=customer)
    assert "WelcomeCode" in event.xml
    assert corp.welcome(half["WelcomeCode"]) == 0


def test_missing_and_unknown_codes_have_names(corp: Corp) -> None:
    assert corp.welcome("") == 41049
    assert corp.welcome("CALLBACK_nobody") == 41050


def attachments(corp: Corp, *items: dict[str, object]) -> int:
    _, (added,) = corp.adds()
    body = {"welcome_code": added["WelcomeCode"], "attachments": list(items)}
    return int(corp.ask("externalcontact/send_welcome_msg", body)["errcode"])


LINK = {"msgtype": "link", "link": {"title": "测", "url": "https://example.com"}}


def test_attachment_limits(corp: Corp) -> None:
    assert attachments(corp, *[LINK] * 9) == 0
    assert attachments(corp, *[LINK] * 10) == 41064
    assert attachments(corp) == 41089
    assert attachments(corp, {"msgtype": "poster", "poster": {}}) == 41065
    assert attachments(corp, {"msgtype": "link", "link": {"title": "x" * 129, "url": "https://a"}}) == 45002
    assert attachments(corp, {"msgtype": "link", "link": {"title": "x"}}) == 40035
    described = {"title": "x", "url": "https://a", "desc": "x" * (LINK_DESC_BYTES + 1)}
    assert attachments(corp, {"msgtype": "link", "link": described}) == 45002
    mini = {"title": "x" * (MINIPROGRAM_TITLE_BYTES + 1), "appid": "wx", "page": "/"}
    assert attachments(corp, {"msgtype": "miniprogram", "miniprogram": mini}) == 45002


def test_attachment_media_must_be_alive(corp: Corp) -> None:
    media_id = corp.media()["media_id"]
    assert attachments(corp, {"msgtype": "image", "image": {"media_id": media_id}}) == 0
    assert attachments(corp, {"msgtype": "image", "image": {"media_id": "gone"}}) == 40007
    assert attachments(corp, {"msgtype": "image", "image": {"pic_url": "https://example.com/a.png"}}) == 0

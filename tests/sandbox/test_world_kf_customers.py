"""Customers in 微信客服: entering, writing, tapping, taking back."""

from __future__ import annotations

import pytest

from sandbox.world.kf import SESSION_SECONDS
from sandbox.world.kf_codes import WELCOME_PAUSE_SECONDS
from sandbox.world.kf_customers import SCENE_PARAM_BYTES
from sandbox.world.kf_send import SENDS_AT_MOST
from sandbox.world.wire import NotFoundError
from tests.sandbox.kf_corp import MENU, KfCorp


@pytest.fixture
def corp() -> KfCorp:
    """A corp with a kf account and a customer there."""
    return KfCorp()


def link(corp: KfCorp, scene: str) -> str:
    """A kf link."""
    return str(corp.ask("kf/add_contact_way", {"open_kfid": corp.open_kfid, "scene": scene})["url"])


def test_link_brings_scene_and_scene_param(corp: KfCorp) -> None:
    """The parameter that was appended for this customer comes back, decoded."""
    corp.enters(url=link(corp, "parcel") + "&scene_param=%E5%8D%A1+7")
    event = corp.events("enter_session")[-1]
    assert (event["scene"], event["scene_param"]) == ("parcel", "卡 7")


def test_scene_param_needs_a_link_with_a_scene_and_is_short(corp: KfCorp) -> None:
    """Without a scene it is dropped; over 128 bytes the sandbox complains."""
    corp.enters(url=link(corp, "") + "&scene_param=abc")
    assert corp.events("enter_session")[-1]["scene_param"] == ""
    with pytest.raises(NotFoundError, match="scene_param"):
        corp.enters(url=link(corp, "a") + "&scene_param=" + "x" * (SCENE_PARAM_BYTES + 1))
    with pytest.raises(NotFoundError, match="客服链接"):
        corp.enters(url="https://work.weixin.qq.com/kf/kfc1?enc_scene=ENCnobody")


def test_welcome_code_comes_unless_welcomed_or_written_in_48_hours(corp: KfCorp) -> None:
    """And not with a welcome that the console has."""

    def code() -> str | None:
        corp.enters(external_userid=corp.customer)
        return corp.events("enter_session")[-1].get("welcome_code")

    unused = code()
    assert unused
    used = code()
    assert corp.answers(str(used))["errcode"] == 0
    assert code() is None
    assert corp.answers(unused)["errcode"] == 41051
    corp.at += WELCOME_PAUSE_SECONDS
    assert code()
    corp.writes()
    assert code() is None
    corp.at += WELCOME_PAUSE_SECONDS
    corp.world.kf.account(corp.open_kfid).native_welcome = True
    assert code() is None


def test_tap_is_an_ordinary_text_with_the_menu_id(corp: KfCorp) -> None:
    """The words of the line, written by the customer."""
    corp.writes()
    corp.say(**MENU)
    corp.taps("skin/b")
    item = corp.told()[-1]
    assert (item["msgtype"], item["origin"], item["text"]) == ("text", 3, {"content": "偏油", "menu_id": "skin/b"})
    assert corp.phone()[-1] == "偏油"
    with pytest.raises(NotFoundError, match="skin/z"):
        corp.taps("skin/z")


def test_whether_a_tap_opens_a_new_window_is_a_setting(corp: KfCorp) -> None:
    """Not published; by default it does."""
    corp.writes()
    corp.say(**MENU)
    for _ in range(SENDS_AT_MOST - 1):
        corp.say()
    assert corp.say()["errcode"] == 95001
    corp.world.kf.click_reopens_window = False
    corp.taps("skin/a")
    assert corp.say()["errcode"] == 95001
    corp.at += SESSION_SECONDS
    corp.taps("skin/a")
    assert (corp.state(), corp.say()["errcode"]) == (0, 95002)
    corp.world.kf.click_reopens_window = True
    corp.taps("skin/a")
    assert corp.say()["errcode"] == 0


def test_files_can_be_fetched_and_other_types_pass_as_they_are(corp: KfCorp) -> None:
    """media_id of a picture; coordinates of a place; nothing that a customer cannot send."""
    corp.writes(msgtype="image")
    media_id = corp.told()[-1]["image"]["media_id"]
    assert corp.ask("media/get", media_id=media_id)["file"].content_type == "image/png"
    place = {"latitude": 31.2, "longitude": 121.5, "name": "店", "address": "路"}
    corp.writes(msgtype="location", content=place)
    assert corp.told()[-1]["location"] == place
    with pytest.raises(NotFoundError, match="msgmenu"):
        corp.writes(msgtype="msgmenu")
    with pytest.raises(NotFoundError, match="location"):
        corp.writes(msgtype="location")


def test_recall_names_the_message(corp: KfCorp) -> None:
    """user_recall_msg; only the customer's own."""
    msgid = corp.writes()
    who = {"external_userid": corp.customer, "open_kfid": corp.open_kfid}
    corp.world.kf_customers.recalls(corp.at, msgid=msgid, **who)
    assert corp.events("user_recall_msg")[0]["recall_msgid"] == msgid
    with pytest.raises(NotFoundError, match="没有这条消息"):
        corp.world.kf_customers.recalls(corp.at, msgid="nothing", **who)


def test_stranger_cannot_write(corp: KfCorp) -> None:
    """Who has not entered has no chat."""
    with pytest.raises(NotFoundError, match="没有进入过"):
        corp.writes(external_userid="wm_nobody")

"""send_msg and send_msg_on_event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.world.kf import MSGID_CHARS, SESSION_SECONDS
from sandbox.world.kf_codes import ENDED_SECONDS, POOL_SECONDS, WELCOME_SECONDS
from sandbox.world.kf_content import (
    CLICK_BYTES,
    CLICK_ID_BYTES,
    LINK_DESC_BYTES,
    LINK_TITLE_BYTES,
    MENU_HEAD_BYTES,
    MENU_ITEMS_AT_MOST,
    MENU_TAIL_BYTES,
    MENU_TEXT_BYTES,
    MINIPROGRAM_TITLE_BYTES,
    TEXT_BYTES,
    URL_BYTES,
    VIEW_BYTES,
)
from sandbox.world.kf_send import SENDS_AT_MOST
from tests.sandbox.kf_corp import MENU, KfCorp


@pytest.fixture
def corp() -> KfCorp:
    """A corp with a kf account and a customer who has just written."""
    corp = KfCorp()
    corp.writes()
    return corp


def test_bot_has_48_hours(corp: KfCorp) -> None:
    """95002 after that, until the customer writes again."""
    corp.at += SESSION_SECONDS - 1
    assert corp.say()["errcode"] == 0
    corp.at += 1
    assert corp.say()["errcode"] == 95002
    corp.writes()
    assert corp.say()["errcode"] == 0


def test_bot_has_five_messages_until_the_customer_writes(corp: KfCorp) -> None:
    """95001, and a new five."""
    for _ in range(2):
        assert [corp.say()["errcode"] for _ in range(SENDS_AT_MOST + 1)] == [0] * SENDS_AT_MOST + [95001]
        corp.writes()


def test_who_only_entered_cannot_be_written_to() -> None:
    """Nothing has been said in 48 hours; the welcome has its code."""
    assert KfCorp().say()["errcode"] == 95002


def test_first_answer_moves_a_new_session_to_the_bot(corp: KfCorp) -> None:
    """0 → 1, without an event."""
    before = corp.told()
    assert corp.state() == 0
    corp.say()
    assert corp.state() == 1 and corp.told() == before


def test_bot_is_silent_in_the_pool_and_with_a_human(corp: KfCorp) -> None:
    """95018, and when the session has ended."""
    corp.hires()
    corp.trans(2)
    assert corp.say()["errcode"] == 95018
    corp.trans(3, "lihua")
    assert corp.say()["errcode"] == 95018
    corp.trans(4)
    assert corp.say()["errcode"] == 95018
    corp.writes()
    assert corp.say()["errcode"] == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30))
def test_same_msgid_is_sent_once(sends: list[tuple[str, bool]]) -> None:
    """However often it is tried, and never out of the five; a customer who writes between changes nothing."""
    corp = KfCorp()
    corp.writes()
    for msgid, writes in sends:
        assert corp.say(msgid, msgid=msgid) == {"errcode": 0, "msgid": msgid}
        if writes:
            corp.writes()
    assert sorted(text for text in corp.phone() if text != "你好") == sorted({msgid for msgid, _ in sends})


def test_msgid_is_unique_per_account_and_plain(corp: KfCorp) -> None:
    """Another account may use the same; what was refused was not used."""
    assert corp.say("", msgid="m1")["errcode"] == 40035
    corp.say("一", msgid="m1")
    other = corp.made("另一个")
    corp.enters(open_kfid=other, external_userid=corp.customer)
    corp.writes(open_kfid=other)
    assert corp.say("二", open_kfid=other, msgid="m1")["errcode"] == 0
    assert len(corp.world.kf.sessions[other, corp.customer].chat) == 2
    for msgid in ("x" * (MSGID_CHARS + 1), "有空 格"):
        assert corp.say(msgid=msgid)["errcode"] == 40035
    assert len(corp.say()["msgid"]) == MSGID_CHARS


def test_accepted_message_may_still_fail(corp: KfCorp) -> None:
    """On request, and when the customer refuses (10): nothing on the phone, msg_send_fail in the feed, and a bell."""
    corp.bells()
    corp.world.kf.trouble = lambda kind: 4 if kind == "kf_send_fail" else None
    assert corp.say("丢了", msgid="m1")["errcode"] == 0
    corp.world.kf_customers.rejects(corp.at, external_userid=corp.customer, open_kfid=corp.open_kfid)
    assert corp.say("不要", msgid="m2")["errcode"] == 0
    failed = [(event["fail_msgid"], event["fail_type"]) for event in corp.events("msg_send_fail")]
    assert failed == [("m1", 4), ("m2", 10)] and corp.phone() == ["你好"] and len(corp.bells()) == 2


def over(size: int) -> str:
    """One byte more than fits."""
    return "x" * (size + 1)


def item(kind: str, **fields: Any) -> dict[str, Any]:
    """A menu with this one line."""
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": "头", "list": [{"type": kind, kind: fields}]}}


@pytest.mark.parametrize(
    ("message", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": over(TEXT_BYTES)}}, 45002),
        ({"msgtype": "text", "text": {"content": "测" * (TEXT_BYTES // 3)}}, 0),
        ({"msgtype": "text", "text": {}}, 40035),
        ({"msgtype": "text", "text": None}, 40035),
        ({"msgtype": "song"}, 40035),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
        ({"msgtype": "link", "link": {"title": over(LINK_TITLE_BYTES), "url": "u"}}, 45002),
        ({"msgtype": "link", "link": {"title": "t", "url": "u", "desc": over(LINK_DESC_BYTES)}}, 45002),
        ({"msgtype": "link", "link": {"title": "t", "url": over(URL_BYTES)}}, 45002),
        ({"msgtype": "link", "link": {"title": "t", "url": "u"}}, 40007),
        ({"msgtype": "miniprogram", "miniprogram": {"appid": "a", "pagepath": "p.html"}}, 40007),
        (
            {
                "msgtype": "miniprogram",
                "miniprogram": {"appid": "a", "pagepath": "p", "title": over(MINIPROGRAM_TITLE_BYTES)},
            },
            45002,
        ),
        ({"msgtype": "location", "location": {"latitude": "x"}}, 40035),
        ({"msgtype": "location", "location": {"latitude": 31.2, "longitude": 121.5}}, 0),
        ({"msgtype": "ca_link", "ca_link": {"link_url": "https://work.weixin.qq.com/ca/c"}}, 0),
        (MENU, 0),
        ({"msgtype": "msgmenu", "msgmenu": {}}, 40035),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": over(MENU_HEAD_BYTES)}}, 45002),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": "头", "tail_content": over(MENU_TAIL_BYTES)}}, 45002),
        (
            {
                "msgtype": "msgmenu",
                "msgmenu": {"list": [{"type": "click", "click": {"content": "a"}}] * (MENU_ITEMS_AT_MOST + 1)},
            },
            95008,
        ),
        (item("click", id=over(CLICK_ID_BYTES), content="a"), 45002),
        (item("click", id="1", content=over(CLICK_BYTES)), 45002),
        (item("view", url="u", content=over(VIEW_BYTES)), 45002),
        (item("text", content=over(MENU_TEXT_BYTES)), 45002),
        (item("click", id="1"), 40035),
        (item("dance"), 95009),
    ],
)
def test_messages_have_types_and_sizes(corp: KfCorp, message: dict[str, Any], errcode: int) -> None:
    """45002 too long, 95008 too many lines, 95009 no such line, 40007 no such file, 40035 the rest."""
    assert corp.say(**message)["errcode"] == errcode


def test_page_of_a_miniprogram_ends_in_html(corp: KfCorp) -> None:
    """As the page says."""
    card = {"appid": "wx1", "title": "小测", "thumb_media_id": corp.media()["media_id"]}
    for path, errcode in (("pages/index", 40035), ("pages/index.html?a=1", 0)):
        message = {"msgtype": "miniprogram", "miniprogram": card | {"pagepath": path}}
        assert corp.say(**message)["errcode"] == errcode


def entering(corp: KfCorp) -> str:
    """The welcome code of a new customer, who is the one from now on."""
    corp.customer = corp.enters().external_userid
    return str(corp.events("enter_session")[-1]["welcome_code"])


def test_welcome_code_lives_twenty_seconds_and_once(corp: KfCorp) -> None:
    """41050, 41051; text or menu, nothing else."""
    code = entering(corp)
    assert corp.answers(code, msgtype="location", location={"latitude": 1, "longitude": 1})["errcode"] == 40035
    corp.at += WELCOME_SECONDS
    assert corp.answers(code, **MENU, msgid="w1") == {"errcode": 0, "msgid": "w1"}
    assert corp.answers(code)["errcode"] == 41051
    late = entering(corp)
    corp.at += WELCOME_SECONDS + 1
    assert corp.answers(late)["errcode"] == 41050
    assert corp.answers("invented")["errcode"] == 41050 and corp.answers("")["errcode"] == 41049


def test_codes_of_pool_and_human_live_48_hours_for_a_text_in_their_state(corp: KfCorp) -> None:
    """From trans and from the event; a menu is refused, and so is another state."""
    corp.hires()
    queued = corp.trans(2)["msg_code"]
    assert corp.answers(queued, **MENU)["errcode"] == 40035
    assert corp.answers(queued, "前面还有 2 位")["errcode"] == 0
    again = corp.events()
    corp.serves("takes")
    assert len(corp.events()) == len(again) + 1
    taken = corp.events("session_status_change")[-1]["msg_code"]
    corp.at += POOL_SECONDS - 1
    assert corp.answers(taken, "李华来了")["errcode"] == 0
    assert corp.phone()[-2:] == ["前面还有 2 位", "李华来了"]


def test_code_is_useless_in_another_state(corp: KfCorp) -> None:
    """95018: the pool's code once a human has taken the session."""
    corp.hires()
    queued = corp.trans(2)["msg_code"]
    corp.serves("takes")
    assert corp.answers(queued)["errcode"] == 95018


def test_code_of_the_end_lives_twenty_seconds_for_a_rating(corp: KfCorp) -> None:
    """From trans and from the event; a menu may be sent."""
    corp.hires()
    corp.trans(3, "lihua")
    ended = corp.trans(4)["msg_code"]
    corp.at += ENDED_SECONDS
    assert corp.answers(ended, **MENU)["errcode"] == 0
    corp.writes()
    corp.serves("takes")
    corp.serves("ends")
    late = corp.events("session_status_change")[-1]["msg_code"]
    corp.at += ENDED_SECONDS + 1
    assert corp.answers(late)["errcode"] == 41050

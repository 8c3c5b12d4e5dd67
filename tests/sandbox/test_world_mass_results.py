"""Reading, reminding of and cancelling mass sends."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.mass_api import (
    LIST_SPAN_DAYS,
    REMINDER_SECONDS,
    REMINDERS_AT_MOST,
    SEND_RESULTS_A_PAGE,
    SEND_RESULTS_BY_DEFAULT,
    SENDS_A_PAGE,
    SENDS_BY_DEFAULT,
)
from tests.sandbox.corp import NOON, Corp
from tests.sandbox.mass_corp import TEXT, asked, confirms, created, customers, heard, statuses

WINDOW = {"chat_type": "single", "start_time": NOON, "end_time": NOON + LIST_SPAN_DAYS * 86400}


def test_fresh_task_is_still_being_dispatched(corp: Corp) -> None:
    """41063 for what asks about progress, and nothing on the member's phone yet."""
    customers(corp, 1)
    msgid = asked(corp, "add_msg_template", **TEXT, sender="lihua")["msgid"]
    for verb in ("get_groupmsg_task", "get_groupmsg_send_result", "remind_groupmsg_send"):
        assert asked(corp, verb, msgid=msgid, userid="lihua")["errcode"] == 41063
    assert corp.world.mass.waiting(corp.at, "lihua") == []
    corp.at += corp.world.mass.dispatch_seconds
    assert asked(corp, "get_groupmsg_task", msgid=msgid)["task_list"] == [{"userid": "lihua", "status": 0}]


@pytest.mark.parametrize(
    "verb", ["get_groupmsg_task", "get_groupmsg_send_result", "remind_groupmsg_send", "cancel_groupmsg_send"]
)
def test_missing_and_unknown_msgids_have_names(corp: Corp, verb: str) -> None:
    assert asked(corp, verb, userid="lihua")["errcode"] == 41046
    assert asked(corp, verb, userid="lihua", msgid="msgGone")["errcode"] == 41047


def test_list_has_what_the_corp_and_members_made(corp: Corp) -> None:
    """By window, kind and creator; filter_type 0 the corp's, 1 members', all without one."""
    customers(corp, 1)
    by_api = created(corp, sender="lihua")
    own = corp.world.mass.sends_own(corp.at, userid="lihua", text="自己发的").msgid

    def listed(**how: Any) -> list[str]:
        return [send["msgid"] for send in asked(corp, "get_groupmsg_list_v2", **(WINDOW | how))["group_msg_list"]]

    assert listed() == [by_api, own] and listed(filter_type=0) == [by_api] and listed(filter_type=1) == [own]
    assert listed(creator="lihua") == [own] and listed(creator="wangfang") == listed(chat_type="group") == []
    assert listed(end_time=NOON) == [by_api]
    first, second = asked(corp, "get_groupmsg_list_v2", **WINDOW)["group_msg_list"]
    made = {"msgid": by_api, "create_time": str(NOON), "create_type": 0, "text": TEXT["text"], "attachments": []}
    assert first == made and (second["creator"], second["create_type"]) == ("lihua", 1)


@pytest.mark.parametrize(
    "how",
    [
        {"end_time": WINDOW["end_time"], "start_time": NOON - 1},
        {"end_time": NOON - 1},
        {"start_time": None},
        {"chat_type": None},
        {"filter_type": 3},
        {"limit": "many"},
        {"limit": -1},
    ],
)
def test_bad_lists_are_refused(corp: Corp, how: dict[str, Any]) -> None:
    """A month at most, its ends in order, a kind that exists."""
    customers(corp, 1)
    created(corp, sender="lihua")
    assert asked(corp, "get_groupmsg_list_v2", **(WINDOW | how))["errcode"] == 40035
    assert asked(corp, "get_groupmsg_list_v2", **(WINDOW | {"cursor": "x"}))["errcode"] == 50100


def test_limit_that_is_too_large_is_the_usual_one(corp: Corp) -> None:
    """100 is the most, 101 counts as none; pages go on where the last one ended."""
    customers(corp, 1)
    sent = [created(corp, sender="lihua") for _ in range(SENDS_BY_DEFAULT + 1)]
    assert len(asked(corp, "get_groupmsg_list_v2", **WINDOW, limit=SENDS_A_PAGE)["group_msg_list"]) == len(sent)
    page = asked(corp, "get_groupmsg_list_v2", **WINDOW, limit=SENDS_A_PAGE + 1)
    assert len(page["group_msg_list"]) == SENDS_BY_DEFAULT
    rest = asked(corp, "get_groupmsg_list_v2", **WINDOW, cursor=page["next_cursor"])
    assert [send["msgid"] for send in rest["group_msg_list"]] == sent[-1:] and "next_cursor" not in rest


def test_tasks_and_results_come_page_by_page(corp: Corp) -> None:
    """Half a thousand a page unless asked; what is sent has its time, what is not has none."""
    people = customers(corp, SEND_RESULTS_BY_DEFAULT + 1)
    (hers,) = customers(corp, 1, "wangfang")
    msgid = created(corp, external_userid=[*people, hers])
    confirms(corp, msgid)
    page = asked(corp, "get_groupmsg_send_result", msgid=msgid, userid="LiHua")
    assert len(page["send_list"]) == SEND_RESULTS_BY_DEFAULT
    assert page["send_list"][0] == {
        "external_userid": people[0],
        "userid": "lihua",
        "status": 1,
        "send_time": corp.at,
    }
    more = {"msgid": msgid, "userid": "lihua", "cursor": page["next_cursor"], "limit": SEND_RESULTS_A_PAGE}
    assert len(asked(corp, "get_groupmsg_send_result", **more)["send_list"]) == 1
    tasks = asked(corp, "get_groupmsg_task", msgid=msgid, limit=1)
    assert tasks["task_list"] == [{"userid": "lihua", "status": 2, "send_time": corp.at}]
    rest = asked(corp, "get_groupmsg_task", msgid=msgid, cursor=tasks["next_cursor"])
    assert rest["task_list"] == [{"userid": "wangfang", "status": 0}]
    assert asked(corp, "get_groupmsg_send_result", msgid=msgid, userid="nobody")["errcode"] == 60111


def test_who_is_no_friend_any_more_is_status_two(corp: Corp) -> None:
    """Whoever of the two broke it off, between the task and the press."""
    stays, leaves, dropped = customers(corp, 3)
    msgid = created(corp, sender="lihua")
    corp.world.relations.customer_deletes(corp.at, external_userid=leaves, userid="lihua")
    corp.world.relations.member_deletes(corp.at, external_userid=dropped, userid="lihua")
    confirms(corp, msgid)
    assert statuses(corp, msgid) == {stays: 1, leaves: 2, dropped: 2} and heard(corp, leaves) == []
    failed = asked(corp, "get_groupmsg_send_result", msgid=msgid, userid="lihua")["send_list"][1]
    assert "send_time" not in failed


def test_member_is_reminded_three_times_a_day(corp: Corp) -> None:
    """The fourth within 24 hours is 41094; a day after the first there is room again."""
    customers(corp, 1)
    msgid = created(corp, sender="lihua")
    codes = [asked(corp, "remind_groupmsg_send", msgid=msgid)["errcode"] for _ in range(REMINDERS_AT_MOST + 1)]
    assert codes == [0] * REMINDERS_AT_MOST + [41094]
    assert len(corp.world.mass.waiting(corp.at, "lihua")[0].reminded_at) == REMINDERS_AT_MOST
    corp.at += REMINDER_SECONDS
    assert asked(corp, "remind_groupmsg_send", msgid=msgid)["errcode"] == 0


def test_cancelled_task_goes_to_nobody_else(corp: Corp) -> None:
    """What is out stays out; the others see the task no more, and it cannot be reminded of."""
    (mine,), (hers,) = customers(corp, 1), customers(corp, 1, "wangfang")
    msgid = created(corp, external_userid=[mine, hers])
    confirms(corp, msgid)
    assert asked(corp, "cancel_groupmsg_send", msgid=msgid)["errcode"] == 0
    assert corp.world.mass.waiting(corp.at, "wangfang") == []
    assert heard(corp, mine) == ["新品到店"] and statuses(corp, msgid, "wangfang") == {hers: 0}
    assert asked(corp, "remind_groupmsg_send", msgid=msgid)["errcode"] == 41093
    own = corp.world.mass.sends_own(corp.at, userid="lihua", text="自己发的").msgid
    assert asked(corp, "cancel_groupmsg_send", msgid=own)["errcode"] == 41047

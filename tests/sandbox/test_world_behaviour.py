"""Statistics of members and of groups: what happened, told from the next day on."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.behaviour import BEHAVIOUR_DAYS, USERS_A_CALL
from sandbox.world.days import STATISTIC_BACK_DAYS, day_of
from sandbox.world.group_statistics import STATISTIC_LIMIT, STATISTIC_OWNERS, STATISTIC_PAGE
from tests.sandbox.corp import NOON, Corp
from tests.sandbox.test_world_groups import made

DAY = 86400
TODAY = day_of(NOON)
BEHAVIOUR, GROUPS = "externalcontact/get_user_behavior_data", "externalcontact/groupchat/statistic"


def behaviour(corp: Corp, *userids: str, start: int = TODAY, end: int = TODAY) -> list[dict[str, Any]]:
    body = {"userid": list(userids or ("lihua",)), "start_time": start, "end_time": end}
    return list(corp.ask(BEHAVIOUR, body)["behavior_data"])


def test_today_is_told_tomorrow(corp: Corp) -> None:
    """Adds and deletes of a day are known once it is over; its day begins at midnight in UTC+8."""
    customer, _ = corp.adds()
    corp.adds()
    corp.world.relations.customer_deletes(corp.at, external_userid=customer, userid="lihua")
    assert behaviour(corp) == [] and (TODAY + 8 * 3600) % DAY == 0
    corp.at += DAY
    (told,) = behaviour(corp, end=TODAY + DAY)
    counted = {"new_apply_cnt": 0, "new_contact_cnt": 2, "chat_cnt": 0, "message_cnt": 0, "negative_feedback_cnt": 1}
    assert told == {"stat_time": TODAY} | counted


def test_chats_and_answers_are_counted(corp: Corp) -> None:
    """Half of the customers who wrote first were answered, after ten minutes on average."""
    pairs = [{"userid": "lihua", "external_userid": corp.adds()[0]} for _ in range(3)]
    relations = corp.world.relations
    for pair in pairs[:2]:
        relations.customer_writes(corp.at, **pair, text="在吗")
    relations.member_writes(corp.at + 600, **pairs[0], text="在的")
    relations.member_writes(corp.at + 700, **pairs[0], text="您说")
    relations.member_writes(corp.at, **pairs[2], text="您好")
    relations.customer_writes(corp.at + 60, **pairs[2], text="你好")
    corp.at += DAY
    (told,) = behaviour(corp)
    assert (told["chat_cnt"], told["message_cnt"]) == (2, 3)
    assert (told["reply_percentage"], told["avg_reply_time"]) == (50.0, 10)


def test_customer_whom_the_member_asked_is_an_application(corp: Corp) -> None:
    """new_apply_cnt counts what the member began, not what customers did."""
    asked = corp.world.people.somebody(corp.world.ids, None, "小满")
    corp.world.relations.meet(corp.at, asked, "lihua", add_way=2, oper_userid="lihua")
    corp.adds()
    corp.at += DAY
    (told,) = behaviour(corp)
    assert (told["new_apply_cnt"], told["new_contact_cnt"]) == (1, 2)


def test_several_members_are_summed(corp: Corp) -> None:
    """By userid, or everybody by the department."""
    for userid in ("lihua", "wangfang"):
        corp.adds(userid=userid)
    corp.at += DAY
    assert [told["new_contact_cnt"] for told in behaviour(corp, "lihua", "wangfang")] == [2]
    body = {"partyid": [1], "start_time": TODAY, "end_time": TODAY}
    assert corp.ask(BEHAVIOUR, body)["behavior_data"][0]["new_contact_cnt"] == 2


def test_day_can_be_had_as_wanted(corp: Corp) -> None:
    """So many chats and messages, so many asked and answered."""
    corp.world.behaviour.had_chats(corp.at, userid="lihua", chats=3, messages=7, asked=4, answered=1)
    corp.at += DAY
    (told,) = behaviour(corp)
    assert (told["chat_cnt"], told["message_cnt"], told["reply_percentage"]) == (3, 7, 25.0)


@pytest.mark.parametrize(
    "body",
    [
        {"userid": []},
        {"userid": ["lihua"] * (USERS_A_CALL + 1)},
        {"userid": ["lihua"], "start_time": TODAY - BEHAVIOUR_DAYS * DAY},
        {"userid": ["lihua"], "start_time": TODAY - (STATISTIC_BACK_DAYS + 1) * DAY},
        {"userid": ["lihua"], "start_time": TODAY + DAY},
        {"userid": ["lihua"], "start_time": "x"},
    ],
)
def test_bad_spans_and_members_are_refused(corp: Corp, body: dict[str, Any]) -> None:
    """Somebody, at most 100; at most 30 days, none older than 180."""
    asked = {"start_time": TODAY, "end_time": TODAY} | body
    assert corp.ask(BEHAVIOUR, asked)["errcode"] == 40035


def statistic(corp: Corp, *owners: str, api: str = GROUPS, **more: Any) -> dict[str, Any]:
    body = {"day_begin_time": TODAY, "owner_filter": {"userid_list": list(owners)}} | more
    return corp.ask(api, body)


def test_groups_are_counted_as_they_were_at_the_end_of_the_day(corp: Corp) -> None:
    """What happened the day after changes nothing of the day before."""
    groups, chat_id = corp.world.groups, made(corp, "wmA", "wmB")
    made(corp)
    groups.writes(corp.at, chat_id=chat_id, person="wmA", text="早")
    groups.writes(corp.at, chat_id=chat_id, person="wmA", text="早呀")
    corp.at += DAY
    groups.leaves(corp.at, chat_id=chat_id, person="wmA")
    groups.dismisses(corp.at, chat_id=chat_id)
    (item,) = statistic(corp, "lihua")["items"]
    assert (item["owner"], item["data"]) == (
        "lihua",
        {
            "new_chat_cnt": 2,
            "chat_total": 2,
            "chat_has_msg": 1,
            "new_member_cnt": 4,
            "member_total": 4,
            "member_has_msg": 1,
            "msg_total": 2,
            "migrate_trainee_chat_cnt": 0,
        },
    )


def test_groups_are_told_day_by_day(corp: Corp) -> None:
    """One item a day, yesterday's the last."""
    chat_id = made(corp, "wmA")
    corp.at += DAY
    corp.world.groups.leaves(corp.at, chat_id=chat_id, person="wmA")
    corp.at += DAY
    told = statistic(corp, "lihua", api=f"{GROUPS}_group_by_day", day_end_time=corp.at)["items"]
    assert [(one["stat_time"], one["data"]["member_total"]) for one in told] == [(TODAY, 2), (TODAY + DAY, 1)]


def test_owners_are_ordered_and_paged(corp: Corp) -> None:
    """By the number asked for, downwards unless asked otherwise."""
    for owner in ("lihua", "wangfang", "wangfang"):
        made(corp, owner=owner)
    corp.at += DAY
    both = ("lihua", "wangfang")
    assert [one["owner"] for one in statistic(corp, *both, order_by=2)["items"]] == ["wangfang", "lihua"]
    rest = statistic(corp, *both, order_by=2, order_asc=1, offset=1, limit=1)
    assert (rest["total"], rest["next_offset"], [one["owner"] for one in rest["items"]]) == (2, 2, ["wangfang"])


def test_group_statistic_has_limits(corp: Corp) -> None:
    """Owners are required and bounded, so are pages; 500 a page unless asked; today has nothing yet."""
    assert statistic(corp)["errcode"] == 40035
    assert statistic(corp, *["lihua"] * (STATISTIC_OWNERS + 1))["errcode"] == 40035
    assert statistic(corp, "lihua", limit=STATISTIC_LIMIT + 1)["errcode"] == 40035
    assert statistic(corp, "lihua")["items"] == [] and STATISTIC_PAGE == 500

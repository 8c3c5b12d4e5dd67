"""Reading Moments, and what customers do with them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.moment_results import (
    MOMENT_SPAN_DAYS,
    MOMENT_TASKS_A_PAGE,
    MOMENT_TASKS_BY_DEFAULT,
    MOMENT_VISIBLE_A_PAGE,
    MOMENT_VISIBLE_BY_DEFAULT,
    MOMENTS_A_PAGE,
)
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import NOON, Corp
from tests.sandbox.mass_corp import asked, customers
from tests.sandbox.moment_corp import WORDS, attachment, feed, made, picture, planned, posts, range_of

WINDOW = {"start_time": NOON, "end_time": NOON + MOMENT_SPAN_DAYS * 86400}


def listed(corp: Corp, **how: Any) -> list[str]:
    return [moment["moment_id"] for moment in asked(corp, "get_moment_list", **(WINDOW | how))["moment_list"]]


def test_list_has_what_is_not_taken_down(corp: Corp) -> None:
    """By window, kind and creator; the pictures under ids of their own, which media/get knows."""
    customers(corp, 1)
    media_id = attachment(corp)["media_id"]
    by_api = made(corp, attachments=[picture(media_id)])
    own = corp.world.moments.posts_own(corp.at, userid="lihua", text="我的", to=[]).moment_id
    assert listed(corp) == [by_api, own] and listed(corp, filter_type=0) == [by_api]
    assert listed(corp, filter_type=1) == listed(corp, creator="lihua") == [own]
    assert listed(corp, creator="wangfang") == listed(corp, end_time=NOON) == []
    first, second = asked(corp, "get_moment_list", **WINDOW)["moment_list"]
    assert (first["create_type"], first["visible_type"], first["text"]) == (0, 1, WORDS["text"])
    assert isinstance(first["create_time"], int) and "creator" not in first
    (shown,) = first["image"]
    assert shown["media_id"] != media_id and corp.ask("media/get", media_id=shown["media_id"])["errcode"] == 0
    assert (second["creator"], second["create_type"], second["visible_type"]) == ("lihua", 1, 0)
    corp.world.moments.deletes(corp.at, userid="lihua", moment_id=own)
    assert listed(corp) == [by_api]
    assert asked(corp, "get_moment_list", **(WINDOW | {"start_time": NOON - 1}))["errcode"] == 40035


def test_list_is_twenty_a_page(corp: Corp) -> None:
    """A larger limit counts as none."""
    customers(corp, 1)
    ids = [corp.world.moments.posts_own(corp.at, userid="lihua", text="x").moment_id for _ in range(MOMENTS_A_PAGE + 1)]
    page = asked(corp, "get_moment_list", **WINDOW, limit=100)
    assert len(page["moment_list"]) == MOMENTS_A_PAGE
    assert listed(corp, cursor=page["next_cursor"]) == ids[-1:]


VERBS = ("get_moment_task", "get_moment_customer_list", "get_moment_send_result", "get_moment_comments")


@pytest.mark.parametrize("verb", [*VERBS, "cancel_moment_task"])
def test_missing_and_unknown_moments_have_names(corp: Corp, verb: str) -> None:
    assert asked(corp, verb, userid="lihua")["errcode"] == 41059
    assert asked(corp, verb, userid="lihua", moment_id="momGone")["errcode"] == 41060


def test_fresh_moment_is_still_being_dispatched(corp: Corp) -> None:
    """Its id is known when the job is done; what asks about members is 41079 for a little longer."""
    customers(corp, 1)
    jobid = asked(corp, "add_moment_task", **WORDS)["jobid"]
    assert listed(corp) == []
    corp.at += corp.world.moment_api.job_seconds
    moment_id = corp.ask("externalcontact/get_moment_task_result", jobid=jobid)["result"]["moment_id"]
    assert listed(corp) == [moment_id]
    for verb in VERBS:
        assert asked(corp, verb, moment_id=moment_id, userid="lihua")["errcode"] == 41079


def test_what_is_not_there_has_its_code(corp: Corp) -> None:
    """Not this member's, not yet posted, a member's own."""
    customers(corp, 1)
    moment_id = made(corp, **range_of(["lihua"]))
    for verb in VERBS[1:]:
        assert asked(corp, verb, moment_id=moment_id, userid="wangfang")["errcode"] == 41061
    for verb in VERBS[2:]:
        assert asked(corp, verb, moment_id=moment_id, userid="lihua")["errcode"] == 41062
    own = corp.world.moments.posts_own(corp.at, userid="lihua", text="我的").moment_id
    assert asked(corp, "get_moment_task", moment_id=own)["errcode"] == 41067


def test_planned_and_visible_customers_come_page_by_page(corp: Corp) -> None:
    """Who left between the task and the post is planned, and cannot see it."""
    people = customers(corp, MOMENT_VISIBLE_BY_DEFAULT + 2)
    moment_id = made(corp)
    corp.world.relations.customer_deletes(corp.at, external_userid=people[0], userid="lihua")
    posts(corp, moment_id)
    asks = {"moment_id": moment_id, "userid": "LiHua"}
    assert planned(corp, moment_id) == people[:MOMENT_TASKS_BY_DEFAULT]
    page = asked(corp, "get_moment_customer_list", **asks, limit=MOMENT_TASKS_A_PAGE)
    assert len(page["customer_list"]) == MOMENT_TASKS_A_PAGE
    assert page["customer_list"][0] == {"userid": "lihua", "external_userid": people[0]}
    seen = asked(corp, "get_moment_send_result", **asks)
    assert [c["external_userid"] for c in seen["customer_list"]] == people[1 : MOMENT_VISIBLE_BY_DEFAULT + 1]
    rest = asked(corp, "get_moment_send_result", **asks, cursor=seen["next_cursor"])
    assert rest["customer_list"] == [{"external_userid": people[-1]}]
    whole = asked(corp, "get_moment_send_result", **asks, limit=MOMENT_VISIBLE_A_PAGE)
    assert len(whole["customer_list"]) == MOMENT_VISIBLE_BY_DEFAULT + 1
    assert asked(corp, "get_moment_task", moment_id=moment_id)["task_list"][0] == {
        "userid": "lihua",
        "publish_status": 1,
    }


def test_likes_and_comments_come_without_words(corp: Corp) -> None:
    """Of customers who see it and of members; a second like takes the first one back."""
    first, second = customers(corp, 2)
    (hers,) = customers(corp, 1, "wangfang")
    moment_id, people = made(corp), corp.world.moment_feed
    posts(corp, moment_id)
    post = {"userid": "lihua", "moment_id": moment_id}
    people.likes(corp.at, person=first, **post)
    people.likes(corp.at, person=second, **post)
    people.likes(corp.at + 1, person=second, **post)
    people.comments(corp.at, person=second, text="好看", **post)
    people.comments(corp.at + 5, person="lihua", text="谢谢", **post)
    answer = asked(corp, "get_moment_comments", **post)
    assert answer["like_list"] == [{"external_userid": first, "create_time": corp.at}]
    said = [{"external_userid": second, "create_time": corp.at}, {"userid": "lihua", "create_time": corp.at + 5}]
    assert answer["comment_list"] == said
    for stranger in (hers, "wmStranger"):
        with pytest.raises(NotFoundError, match="看不到"):
            people.likes(corp.at, person=stranger, **post)
    with pytest.raises(NotFoundError, match="没有发表过"):
        people.likes(corp.at, person=hers, userid="wangfang", moment_id=moment_id)


def test_feed_shows_posts_of_friends_until_they_part(corp: Corp) -> None:
    """Newest first, of every member; not what was taken down, nor of one whom the customer deleted."""
    (customer,) = customers(corp, 1)
    corp.adds(userid="wangfang", external_userid=customer)
    moments = corp.world.moments
    first = moments.posts_own(corp.at, userid="lihua", text="一").moment_id
    moments.posts_own(corp.at + 5, userid="wangfang", text="二")
    moments.posts_own(corp.at + 9, userid="lihua", text="三")
    assert feed(corp, customer) == ["三", "二", "一"]
    moments.deletes(corp.at, userid="lihua", moment_id=first)
    assert feed(corp, customer) == ["三", "二"]
    corp.world.relations.customer_deletes(corp.at, external_userid=customer, userid="lihua")
    assert feed(corp, customer) == ["二"]

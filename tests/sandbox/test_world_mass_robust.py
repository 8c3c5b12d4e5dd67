"""Whatever a body holds, the APIs of mass sends and Moments answer with an errcode."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.corp import Corp
from tests.sandbox.mass_corp import TEXT, asked, created, customers
from tests.sandbox.moment_corp import WORDS, attachment, made, picture, posts, range_of

JUNK = st.sampled_from(["", "x", 0, -1, 10**9, 1.5, None, True, [], {}, [None], [[]], [{}], {"x": 1}, [1], ["x"]])
Path = tuple[str | int, ...]


def bodies(corp: Corp) -> dict[str, dict[str, Any]]:
    """A good body for every API, about a mass send and a Moment that are there."""
    (customer,) = customers(corp, 1)
    body = {"group_name": "标签", "tag": [{"name": "会员"}]}
    tag_id = corp.ask("externalcontact/add_corp_tag", body)["tag_group"]["tag"][0]["id"]
    asked(corp, "mark_tag", userid="lihua", external_userid=customer, add_tag=[tag_id])
    link = {"msgtype": "link", "link": {"title": "文章", "url": "https://example.com/a"}}
    tags = {"tag_filter": {"group_list": [{"tag_list": [tag_id]}]}}
    page = {"limit": 10, "cursor": "", "userid": "lihua"}
    window = {"start_time": corp.at, "end_time": corp.at + 60, "creator": "lihua", "filter_type": 2}
    photo = picture(attachment(corp)["media_id"])
    moment_id = made(corp)
    posts(corp, moment_id)
    mass, moment = {"msgid": created(corp, sender="lihua")} | page, {"moment_id": moment_id} | page
    visible = range_of(["lihua"], [tag_id])
    visible["visible_range"]["sender_list"]["department_list"] = [1]
    return {
        "add_msg_template": TEXT | tags | {"chat_type": "single", "sender": "lihua", "attachments": [link]},
        "get_groupmsg_list_v2": {"chat_type": "single"} | window | page,
        **dict.fromkeys(("get_groupmsg_task", "get_groupmsg_send_result", "remind_groupmsg_send"), mass),
        "add_moment_task": WORDS | visible | {"attachments": [photo]},
        "get_moment_list": window | page,
        **dict.fromkeys(("get_moment_task", "get_moment_customer_list", "get_moment_send_result"), moment),
        "get_moment_comments": moment,
        "cancel_groupmsg_send": mass,
        "cancel_moment_task": moment,
    }


def paths(value: Any, so_far: Path = ()) -> Iterator[Path]:
    """Every place inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*so_far, key)
        yield from paths(inner, (*so_far, key))


def spoilt(body: dict[str, Any], path: Path, junk: Any) -> dict[str, Any]:
    """The body with something else in one place."""
    changed = copy.deepcopy(body)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = junk
    return changed


def test_good_bodies_are_good() -> None:
    corp = Corp()
    assert {verb: asked(corp, verb, **body)["errcode"] for verb, body in bodies(corp).items()} == dict.fromkeys(
        bodies(Corp()), 0
    )


@given(st.data())
def test_good_body_with_something_else_in_one_place_gets_an_errcode(data: st.DataObject) -> None:
    corp = Corp()
    verb, body = data.draw(st.sampled_from(list(bodies(corp).items())), "body")
    path, junk = data.draw(st.sampled_from(list(paths(body))), "path"), data.draw(JUNK, "junk")
    assert isinstance(asked(corp, verb, **spoilt(body, path, junk))["errcode"], int)

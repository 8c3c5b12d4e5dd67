"""Creating mass sends, and what members do with them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.mass_audience import CUSTOMERS_A_TASK, GROUPS_A_TASK, TAGS_A_LIST
from sandbox.world.media import MEDIA_SECONDS
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import Corp
from tests.sandbox.mass_corp import TEXT, asked, confirms, created, customers, heard, statuses


def test_nothing_is_sent_until_the_member_confirms(corp: Corp) -> None:
    """The task waits on the member's phone; pressed once, it is on the customers' and waits no more."""
    first, second = customers(corp, 2)
    msgid = created(corp, sender="LiHua")
    assert [send.msgid for send in corp.world.mass.waiting(corp.at, "lihua")] == [msgid]
    assert heard(corp, first) == [] and statuses(corp, msgid) == {first: 0, second: 0}
    confirms(corp, msgid)
    assert heard(corp, first) == heard(corp, second) == ["新品到店"]
    assert statuses(corp, msgid) == {first: 1, second: 1}
    with pytest.raises(NotFoundError, match="没有待确认"):
        confirms(corp, msgid)


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 40035),
        ({"sender": "nobody"}, 60111),
        ({"sender": "lihua", "chat_type": "both"}, 40035),
        ({"chat_type": "group"}, 40035),
        ({"external_userid": ["wm"] * (CUSTOMERS_A_TASK + 1)}, 40035),
        ({"chat_type": "group", "sender": "lihua", "chat_id_list": ["wr"] * (GROUPS_A_TASK + 1)}, 40035),
        ({"sender": "lihua", "tag_filter": {"group_list": [{"tag_list": ["et"] * (TAGS_A_LIST + 1)}]}}, 40035),
        ({"sender": "lihua", "tag_filter": {"group_list": [{"tag_list": ["etGone"]}]}}, 40068),
    ],
)
def test_bad_task_is_refused(corp: Corp, body: dict[str, Any], errcode: int) -> None:
    """Whom it is for must be said, and within the limits."""
    customers(corp, 1)
    assert asked(corp, "add_msg_template", **(TEXT | body))["errcode"] == errcode
    assert corp.world.mass.all() == []


def test_content_is_checked_as_that_of_a_welcome(corp: Corp) -> None:
    """4000 bytes, nine attachments, media of the last three days, something at all."""
    customers(corp, 1)
    media_id = corp.media()["media_id"]
    link = {"msgtype": "link", "link": {"title": "文章", "url": "https://example.com/a"}}

    def errcode(**content: Any) -> int:
        return int(asked(corp, "add_msg_template", sender="lihua", **content)["errcode"])

    assert errcode(text={"content": "字" * 1334}) == 45002
    assert errcode(attachments=[link] * 10) == 41064
    assert errcode() == 41089
    picture = {"msgtype": "image", "image": {"media_id": media_id}}
    assert errcode(attachments=[link] * 8 + [picture]) == 0
    corp.at += MEDIA_SECONDS
    assert errcode(attachments=[picture]) == 40007


def test_who_cannot_be_reached_is_listed_and_nobody_is_41048(corp: Corp) -> None:
    """A stranger and a colleague's customer are in fail_list; with nobody left there is no task."""
    (mine,), (hers,) = customers(corp, 1), customers(corp, 1, "wangfang")
    answer = asked(corp, "add_msg_template", **TEXT, sender="lihua", external_userid=[mine, hers, "wmStranger"])
    assert answer["fail_list"] == [hers, "wmStranger"]
    assert asked(corp, "add_msg_template", **TEXT, external_userid=["wmStranger"])["errcode"] == 41048
    assert asked(corp, "add_msg_template", **TEXT, sender="lihua", chat_type="group")["errcode"] == 41048


def test_customer_of_several_gets_it_from_who_chatted_last(corp: Corp) -> None:
    """Without a sender one member alone is asked: the one with the latest chat."""
    (customer,) = customers(corp, 1)
    corp.at += 60
    corp.adds(userid="wangfang", external_userid=customer)
    assert statuses(corp, created(corp, external_userid=[customer]), "wangfang") == {customer: 0}
    corp.world.relations.customer_writes(corp.at, external_userid=customer, userid="lihua", text="在吗")
    msgid = created(corp, external_userid=[customer])
    assert statuses(corp, msgid) == {customer: 0} and statuses(corp, msgid, "wangfang") == {}


def test_named_sender_gets_the_task_or_not(corp: Corp) -> None:
    """Though a colleague chatted last; the other reading of the page is a setting."""
    (customer,) = customers(corp, 1)
    corp.at += 60
    corp.adds(userid="wangfang", external_userid=customer)
    assert statuses(corp, created(corp, sender="lihua", external_userid=[customer])) == {customer: 0}
    corp.world.mass_audience.sender_gets_all = False
    assert asked(corp, "add_msg_template", **TEXT, sender="lihua", external_userid=[customer])["errcode"] == 41048
    assert statuses(corp, created(corp, sender="wangfang", external_userid=[customer]), "wangfang") == {customer: 0}


def test_customer_who_left_fails_at_once_or_later(corp: Corp) -> None:
    """The member still has him, so the task has him too and fails; or fail_list says so at once."""
    stays, leaves = customers(corp, 2)
    corp.world.relations.customer_deletes(corp.at, external_userid=leaves, userid="lihua")
    msgid = created(corp, external_userid=[stays, leaves])
    confirms(corp, msgid)
    assert statuses(corp, msgid) == {stays: 1, leaves: 2}
    corp.world.mass_audience.leavers_fail_at_once = True
    assert asked(corp, "add_msg_template", **TEXT, external_userid=[stays, leaves])["fail_list"] == [leaves]


def test_tags_are_any_of_a_list_and_all_of_the_lists(corp: Corp) -> None:
    """(dry or oily) and member; with customers named the tags are not looked at."""
    group = corp.ask("externalcontact/add_corp_tag", {"group_name": "标签", "tag": [{"name": n} for n in "干油会"]})
    dry, oily, member = (tag["id"] for tag in group["tag_group"]["tag"])
    people = customers(corp, 3)
    for customer, tags in zip(people, ([dry, member], [oily, member], [dry]), strict=True):
        asked(corp, "mark_tag", userid="lihua", external_userid=customer, add_tag=tags)
    tag_filter = {"group_list": [{"tag_list": [dry, oily]}, {"tag_list": [member]}]}
    for sender in ({"sender": "lihua"}, {}):
        assert set(statuses(corp, created(corp, tag_filter=tag_filter, **sender))) == set(people[:2])
    assert set(statuses(corp, created(corp, tag_filter=tag_filter, external_userid=people[2:]))) == {people[2]}


def test_groups_of_their_owner(corp: Corp) -> None:
    """Named ones, a colleague's in fail_list; none named: all of his, and he may choose."""
    own, other = (corp.world.groups.creates(corp.at, owner="lihua")[0] for _ in range(2))
    hers = corp.world.groups.creates(corp.at, owner="wangfang")[0]
    answer = asked(corp, "add_msg_template", **TEXT, chat_type="group", sender="lihua", chat_id_list=[own, hers])
    assert answer["fail_list"] == [hers]
    msgid = created(corp, chat_type="group", sender="lihua")
    confirms(corp, msgid, without=[other])
    (message,) = corp.world.groups.find(own).chat
    assert (message.sender, message.text) == ("lihua", "新品到店") and corp.world.groups.find(other).chat == []
    result = asked(corp, "get_groupmsg_send_result", msgid=msgid, userid="lihua")["send_list"][0]
    assert result == {"chat_id": own, "userid": "lihua", "status": 1, "send_time": corp.at}
    corp.world.groups.hands_over(corp.at, chat_id=own, to="wangfang")
    corp.world.groups.dismisses(corp.at, chat_id=other)
    late = corp.world.mass.all()[0].msgid
    confirms(corp, late)
    assert statuses(corp, late) == {own: 2}


def test_member_leaves_customers_out_where_he_may(corp: Corp) -> None:
    """Only with allow_select, never all of them; whether they are still listed is a setting."""
    first, second = customers(corp, 2)
    msgid, fixed = created(corp, sender="lihua", allow_select=True), created(corp, sender="lihua")
    with pytest.raises(NotFoundError, match="不能改选"):
        confirms(corp, fixed, without=[first])
    with pytest.raises(NotFoundError, match="至少"):
        confirms(corp, msgid, without=[first, second])
    with pytest.raises(NotFoundError, match="wmX"):
        confirms(corp, msgid, without=["wmX"])
    confirms(corp, msgid, without=[first])
    assert heard(corp, first) == [] and statuses(corp, msgid) == {first: 0, second: 1}
    corp.world.mass_api.tells_deselected = False
    assert statuses(corp, msgid) == {second: 1}

"""Customer groups: what people do, what apps are told, what the API shows."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.world.group_api import GROUPS_A_PAGE, MEMBERS_UNFILTERED, OWNERS_A_FILTER
from sandbox.world.wire import Event, NotFoundError
from tests.sandbox.corp import Corp, fields_of


def made(corp: Corp, *people: str, owner: str = "lihua") -> str:
    """A group; its chat_id."""
    return corp.world.groups.creates(corp.at, owner=owner, name="读者群", people=people)[0]


def shown(corp: Corp, chat_id: str, **asked: Any) -> dict[str, Any]:
    """The group as groupchat/get shows it."""
    answer = corp.ask("externalcontact/groupchat/get", {"chat_id": chat_id, **asked})
    return dict(answer["group_chat"])


def inside(corp: Corp, chat_id: str) -> list[str]:
    return [seat["userid"] for seat in shown(corp, chat_id)["member_list"]]


def changed(event: Event) -> list[str]:
    """MemChangeList of a callback."""
    return [item.text or "" for item in ElementTree.fromstring(event.xml).findall("MemChangeList/Item")]


def test_group_is_made_told_and_shown(corp: Corp) -> None:
    """A new group is told with its id alone, and read with everything that it is."""
    customer, _ = corp.adds(name="小满")
    chat_id, (event,) = corp.world.groups.creates(
        corp.at, owner="LiHua", name="读者群", people=[customer], admins=["wangfang"]
    )
    told = fields_of(event)
    assert (told["Event"], told["ChangeType"], told["ChatId"]) == ("change_external_chat", "create", chat_id)
    group = shown(corp, chat_id, need_name=1)
    assert (group["name"], group["owner"], group["create_time"]) == ("读者群", "lihua", corp.at)
    assert group["admin_list"] == [{"userid": "wangfang"}] and len(group["member_version"]) == 32
    outside = {"userid": customer, "type": 2, "join_time": corp.at, "join_scene": 1, "group_nickname": ""}
    assert group["member_list"][1] == outside | {"invitor": {"userid": "lihua"}, "name": "小满"}
    assert "name" not in shown(corp, chat_id)["member_list"][0]


def test_those_who_join_are_told_with_the_versions_around(corp: Corp) -> None:
    """add_member counts and lists the new ones, and links the member version before with the one after."""
    chat_id, before = made(corp), ""
    before = shown(corp, chat_id)["member_version"]
    (event,) = corp.world.groups.invites(corp.at, chat_id=chat_id, people=["wmA", "wangfang", "lihua"], by="lihua")
    told = fields_of(event)
    assert (told["UpdateDetail"], told["JoinScene"], told["QuitScene"]) == ("add_member", "0", "0")
    assert (changed(event), told["MemChangeCnt"]) == (["wmA", "wangfang"], "2")
    assert (told["LastMemVer"], told["CurMemVer"]) == (before, shown(corp, chat_id)["member_version"])
    assert corp.world.groups.invites(corp.at, chat_id=chat_id, people=["wmA"], by="lihua") == []


def test_those_who_go_are_told_by_themselves_or_removed(corp: Corp) -> None:
    """del_member says QuitScene 0 of one who left, 1 of one who was removed."""
    chat_id = made(corp, "wmA", "wmB")
    (left,) = corp.world.groups.leaves(corp.at, chat_id=chat_id, person="wmA")
    (removed,) = corp.world.groups.removes(corp.at, chat_id=chat_id, person="wmB")
    assert [fields_of(event)["UpdateDetail"] for event in (left, removed)] == ["del_member"] * 2
    assert [fields_of(event)["QuitScene"] for event in (left, removed)] == ["0", "1"]
    assert fields_of(left)["CurMemVer"] == fields_of(removed)["LastMemVer"] and changed(removed) == ["wmB"]
    assert inside(corp, chat_id) == ["lihua"]


def test_owner_name_and_notice_change_with_their_details(corp: Corp) -> None:
    """Each change has its UpdateDetail and shows in the group."""
    chat_id, groups = made(corp, "wangfang"), corp.world.groups
    events = groups.hands_over(corp.at, chat_id=chat_id, to="wangfang")
    events += groups.renames(corp.at, chat_id=chat_id, name="新名")
    events += groups.notes(corp.at, chat_id=chat_id, notice="文明沟通")
    assert [fields_of(e)["UpdateDetail"] for e in events] == ["change_owner", "change_name", "change_notice"]
    group = shown(corp, chat_id)
    assert (group["owner"], group["name"], group["notice"]) == ("wangfang", "新名", "文明沟通")


def test_dismissed_group_is_told_and_gone(corp: Corp) -> None:
    """dismiss; then 49008 from groupchat/get, and no place in the list."""
    chat_id = made(corp)
    (event,) = corp.world.groups.dismisses(corp.at, chat_id=chat_id)
    assert fields_of(event)["ChangeType"] == "dismiss"
    assert corp.ask("externalcontact/groupchat/get", {"chat_id": chat_id})["errcode"] == 49008
    assert corp.ask("externalcontact/groupchat/get", {"chat_id": "wrNone"})["errcode"] == 40050
    assert corp.ask("externalcontact/groupchat/list", {"limit": 10})["group_chat_list"] == []


def test_list_is_filtered_and_paged(corp: Corp) -> None:
    """By owner and by status, page by page; a group dismissed between pages makes nobody skipped."""
    mine = [made(corp) for _ in range(3)]
    made(corp, owner="wangfang")

    def listed(**asked: Any) -> dict[str, Any]:
        return corp.ask("externalcontact/groupchat/list", {"limit": 2, **asked})

    owned = {"owner_filter": {"userid_list": ["LIHUA"]}}
    first = listed(**owned)
    corp.world.groups.dismisses(corp.at, chat_id=mine[0])
    rest = listed(**owned, cursor=first["next_cursor"])
    assert [g["chat_id"] for g in first["group_chat_list"] + rest["group_chat_list"]] == mine
    assert "next_cursor" not in rest
    corp.world.member_leaves(corp.at, "wangfang")
    assert [g["status"] for g in listed(status_filter=1)["group_chat_list"]] == [1]


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 40035),
        ({"limit": GROUPS_A_PAGE + 1}, 40035),
        ({"limit": 1, "owner_filter": {"userid_list": ["x"] * (OWNERS_A_FILTER + 1)}}, 40035),
        ({"limit": 1, "cursor": "x"}, 50100),
    ],
)
def test_bad_lists_are_refused(corp: Corp, body: dict[str, Any], errcode: int) -> None:
    """limit is required and bounded, owners are at most 100, a cursor must be one of ours."""
    assert corp.ask("externalcontact/groupchat/list", body)["errcode"] == errcode


def test_large_corp_must_filter(corp: Corp) -> None:
    """Over 1,000 members and no owner_filter: 81017."""
    for n in range(MEMBERS_UNFILTERED):
        corp.world.add_member(f"m{n}", "某人")
    assert corp.ask("externalcontact/groupchat/list", {"limit": 1})["errcode"] == 81017
    filtered = {"limit": 1, "owner_filter": {"userid_list": ["m1"]}}
    assert corp.ask("externalcontact/groupchat/list", filtered)["errcode"] == 0


def test_opengid_of_a_mini_program_leads_to_the_group(corp: Corp) -> None:
    """opengid_to_chatid, and 90511 for one that is nobody's."""
    chat_id = made(corp)
    opengid = corp.world.groups.find(chat_id).opengid
    assert corp.ask("externalcontact/opengid_to_chatid", {"opengid": opengid})["chat_id"] == chat_id
    assert corp.ask("externalcontact/opengid_to_chatid", {"opengid": "o"})["errcode"] == 90511


def test_impossible_deeds_are_named(corp: Corp) -> None:
    """The owner cannot just leave; who is not there cannot go, invite or write."""
    chat_id, groups = made(corp), corp.world.groups
    with pytest.raises(NotFoundError, match="转让"):
        groups.leaves(corp.at, chat_id=chat_id, person="lihua")
    with pytest.raises(NotFoundError, match="不在客户群"):
        groups.writes(corp.at, chat_id=chat_id, person="wangfang", text="在吗")
    with pytest.raises(NotFoundError, match="没有客户群"):
        groups.renames(corp.at, chat_id="wrNone", name="x")
    with pytest.raises(NotFoundError, match="没有成员 nobody"):
        groups.invites(corp.at, chat_id=chat_id, people=["nobody"], by="lihua")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("in", "out")), st.sampled_from(("wmA", "wmB", "wmC", "wangfang")))))
def test_callbacks_alone_keep_the_list_of_members(deeds: list[tuple[str, str]]) -> None:
    """Who applies each MemChangeList, the versions joining without a gap, has what groupchat/get shows."""
    corp = Corp()
    chat_id = made(corp)
    known, version = {"lihua"}, str(shown(corp, chat_id)["member_version"])
    for deed, person in deeds:
        if deed == "in":
            events = corp.world.groups.invites(corp.at, chat_id=chat_id, people=[person], by="lihua")
        elif person in known:
            events = corp.world.groups.leaves(corp.at, chat_id=chat_id, person=person)
        else:
            events = []
        for event in events:
            told = fields_of(event)
            assert told["LastMemVer"] == version
            known = known | set(changed(event)) if deed == "in" else known - set(changed(event))
            version = told["CurMemVer"]
    assert known == set(inside(corp, chat_id)) and version == shown(corp, chat_id)["member_version"]

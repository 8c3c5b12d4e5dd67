"""The tag library and marks."""

from __future__ import annotations

from typing import Any

from sandbox.world.tags import NAME_CHARS, TAGS_AT_MOST, TAGS_PER_PAIR
from tests.sandbox.corp import OTHER_AGENTID, Corp, fields_of


def add(corp: Corp, group: str, *names: str, **more: Any) -> dict[str, Any]:
    return corp.ask("externalcontact/add_corp_tag", {"group_name": group, "tag": [{"name": n} for n in names]} | more)


def library(corp: Corp, body: Any = None) -> dict[str, list[str]]:
    answer = corp.ask("externalcontact/get_corp_tag_list", body)
    return {group["group_name"]: [tag["name"] for tag in group["tag"]] for group in answer["tag_group"]}


def mark(corp: Corp, customer: str, **tags: list[str]) -> int:
    return int(corp.ask("externalcontact/mark_tag", {"userid": "lihua", "external_userid": customer} | tags)["errcode"])


def ids(answer: dict[str, Any]) -> list[str]:
    return [tag["id"] for tag in answer["tag_group"]["tag"]]


def test_group_is_made_by_name_and_grows(corp: Corp) -> None:
    first = add(corp, "来源", "包裹卡", "门店")
    assert first["tag_group"]["group_id"].startswith("et")
    assert add(corp, "来源", "小红书")["tag_group"]["group_id"] == first["tag_group"]["group_id"]
    assert library(corp) == {"来源": ["包裹卡", "门店", "小红书"]}


def test_existing_tag_name_is_40071(corp: Corp) -> None:
    add(corp, "来源", "包裹卡")
    assert add(corp, "来源", "包裹卡")["errcode"] == 40071
    assert add(corp, "别处", "包裹卡")["errcode"] == 0
    assert add(corp, "双份", "一", "一")["errcode"] == 40071


def test_refused_group_is_not_made(corp: Corp) -> None:
    add(corp, "空", "一", "一")
    assert library(corp) == {}


def test_names_have_a_length(corp: Corp) -> None:
    assert add(corp, "来源", "长" * NAME_CHARS)["errcode"] == 0
    assert add(corp, "来源", "长" * (NAME_CHARS + 1))["errcode"] == 40072
    assert add(corp, "长" * (NAME_CHARS + 1), "好")["errcode"] == 40072


def test_corp_has_so_many_tags_at_most(corp: Corp) -> None:
    assert add(corp, "满", *(str(n) for n in range(TAGS_AT_MOST)))["errcode"] == 0
    assert add(corp, "满", "多一个")["errcode"] == 40126


def test_library_is_asked_by_tag_or_group_and_group_wins(corp: Corp) -> None:
    a, b = add(corp, "甲", "一", "二"), add(corp, "乙", "三")
    assert library(corp, {"tag_id": [ids(a)[1]]}) == {"甲": ["二"]}
    asked = {"tag_id": [ids(a)[1]], "group_id": [b["tag_group"]["group_id"]]}
    assert library(corp, asked) == {"乙": ["三"]}


def test_app_changes_only_its_own_tags(corp: Corp) -> None:
    (tag_id,) = ids(add(corp, "来源", "包裹卡"))
    rename = {"id": tag_id, "name": "快递卡"}
    assert corp.ask("externalcontact/edit_corp_tag", rename, OTHER_AGENTID)["errcode"] == 60011
    assert corp.ask("externalcontact/del_corp_tag", {"tag_id": [tag_id]}, OTHER_AGENTID)["errcode"] == 60011
    assert corp.ask("externalcontact/edit_corp_tag", rename)["errcode"] == 0
    assert library(corp) == {"来源": ["快递卡"]}


def test_deleted_tag_leaves_the_customers_too(corp: Corp) -> None:
    customer, _ = corp.adds()
    keep, drop = ids(add(corp, "来源", "留", "去"))
    assert mark(corp, customer, add_tag=[keep, drop]) == 0
    assert corp.ask("externalcontact/del_corp_tag", {"tag_id": [drop]})["errcode"] == 0
    answer = corp.ask("externalcontact/get", external_userid=customer)
    assert [tag["tag_id"] for tag in answer["follow_user"][0]["tags"]] == [keep]


def test_unknown_tag_is_40068(corp: Corp) -> None:
    customer, _ = corp.adds()
    assert mark(corp, customer, add_tag=["etNobody"]) == 40068
    assert corp.ask("externalcontact/del_corp_tag", {})["errcode"] == 40068


def test_marks_are_of_a_pair_not_of_a_person(corp: Corp) -> None:
    customer, _ = corp.adds()
    corp.adds(userid="wangfang", external_userid=customer)
    (tag_id,) = ids(add(corp, "来源", "包裹卡"))
    assert mark(corp, customer, add_tag=[tag_id]) == 0
    follows = corp.ask("externalcontact/get", external_userid=customer)["follow_user"]
    assert {f["userid"]: len(f["tags"]) for f in follows} == {"lihua": 1, "wangfang": 0}


def test_pair_has_so_many_tags_at_most(corp: Corp) -> None:
    customer, _ = corp.adds()
    all_ids = ids(add(corp, "满", *(str(n) for n in range(TAGS_PER_PAIR + 1))))
    assert mark(corp, customer, add_tag=all_ids) == 40126
    assert mark(corp, customer, add_tag=all_ids[:-1]) == 0


def test_admin_edits_are_told_and_api_edits_are_not(corp: Corp) -> None:
    tag_id, events = corp.world.tags.admin_edits_tags(corp.at, op="create", group="来源", name="门店")
    assert [fields_of(e)["TagType"] for e in events] == ["tag_group", "tag"]
    _, (renamed,) = corp.world.tags.admin_edits_tags(corp.at, op="rename", tag_id=tag_id, name="旗舰店")
    assert fields_of(renamed) | {"Id": tag_id, "ChangeType": "update"} == fields_of(renamed)
    _, (gone,) = corp.world.tags.admin_edits_tags(corp.at, op="delete", tag_id=tag_id)
    assert fields_of(gone)["ChangeType"] == "delete" and library(corp) == {"来源": []}

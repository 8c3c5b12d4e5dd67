"""A corp with a past."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.sandbox.corp import NOON, Corp


def fill(corp: Corp, customers: int, guides: Any = 4, groups: int = 0) -> list[str]:
    return corp.world.pool.fill(corp.at, customers=customers, guides=guides, groups=groups, days=365)


def test_pool_is_spread_over_guides_and_days(corp: Corp) -> None:
    """Evenly; one in twenty is shared by two; nobody came later than now."""
    made = fill(corp, 200)
    assert len(set(made)) == 200
    counted = {u: len(corp.ask("externalcontact/list", userid=u)["external_userid"]) for u in ("guide1", "guide4")}
    assert counted == {"guide1": 50, "guide4": 50} and sum(1 for _ in corp.world.people.follows()) == 210
    times = [follow.createtime for follow in corp.world.people.follows()]
    assert min(times) == NOON - 365 * 86400 and max(times) < NOON


def test_pool_is_read_to_the_end_in_pages(corp: Corp) -> None:
    """batch/get_by_user shows each relation once."""
    fill(corp, 1000, ["lihua", "wangfang"])
    body: dict[str, Any] = {"userid_list": ["lihua", "wangfang"], "limit": 100}
    seen: Counter[tuple[str, str]] = Counter()
    while body.get("cursor") != "":
        page = corp.ask("externalcontact/batch/get_by_user", body)
        body["cursor"] = page["next_cursor"]
        seen.update(
            (one["external_contact"]["external_userid"], one["follow_info"]["userid"])
            for one in page["external_contact_list"]
        )
    assert set(seen.values()) == {1} and len(seen) == 1050


def test_pool_wears_the_tags_of_the_library(corp: Corp) -> None:
    """When there are tags, each relation has one."""
    corp.ask("externalcontact/add_corp_tag", {"group_name": "年级", "tag": [{"name": "一年级"}, {"name": "二年级"}]})
    (made,) = fill(corp, 1, ["lihua"])
    (follow,) = corp.ask("externalcontact/get", external_userid=made)["follow_user"]
    assert [tag["tag_name"] for tag in follow["tags"]] == ["一年级"]


def test_pool_has_groups_of_its_guides(corp: Corp) -> None:
    """Owner and up to forty customers each."""
    fill(corp, 100, ["lihua"], groups=3)
    listed = corp.ask("externalcontact/groupchat/list", {"limit": 10})["group_chat_list"]
    group = corp.ask("externalcontact/groupchat/get", {"chat_id": listed[0]["chat_id"]})["group_chat"]
    assert (len(listed), group["owner"], len(group["member_list"])) == (3, "lihua", 41)


def test_member_of_the_pool_is_like_any_other(corp: Corp) -> None:
    """He can delete, and come back."""
    (made,) = fill(corp, 1, ["lihua"])
    corp.world.relations.customer_deletes(corp.at, external_userid=made, userid="lihua")
    _, (added,) = corp.adds(external_userid=made)
    assert added["ChangeType"] == "add_external_contact" and added["WelcomeCode"]

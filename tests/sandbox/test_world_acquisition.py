"""Acquisition links."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.acquisition import BALANCE_LOW, CHANNEL_BYTES
from sandbox.world.acquisition_api import (
    CUSTOMERS_A_PAGE,
    LINKS_A_PAGE,
    STATISTIC_BACK_DAYS,
    STATISTIC_DAYS,
    USERS_A_LINK,
)
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import AGENTID, NOON, OTHER_AGENTID, Corp, fields_of

BASE = "externalcontact/customer_acquisition"


def link(corp: Corp, *users: str, **more: Any) -> dict[str, Any]:
    body = {"link_name": "门店", "range": {"user_list": list(users or ("lihua",))}} | more
    return corp.ask(f"{BASE}/create_link", body)


def opens(corp: Corp, address: str, **how: Any) -> tuple[str, list[dict[str, str]]]:
    customer, events = corp.world.acquisition.customer_adds(corp.at, link=address, **how)
    return customer, [fields_of(event) for event in events]


def test_link_is_made_read_changed_and_removed(corp: Corp) -> None:
    """create_link, get, update_link, delete_link."""
    made = link(corp, "LiHua")["link"]
    asked = {"link_id": made["link_id"]}
    assert made["url"].startswith("https://work.weixin.qq.com/ca/") and made["create_time"] == corp.at
    got = corp.ask(f"{BASE}/get", asked)
    assert got["range"] == {"user_list": ["lihua"], "department_list": []} and got["link"]["skip_verify"] is True
    corp.ask(f"{BASE}/update_link", asked | {"link_name": "新", "range": {"user_list": ["wangfang"]}})
    got = corp.ask(f"{BASE}/get", asked)
    assert (got["link"]["link_name"], got["range"]["user_list"]) == ("新", ["wangfang"])
    assert corp.ask(f"{BASE}/delete_link", asked)["errcode"] == 0
    assert corp.ask(f"{BASE}/get", asked)["errcode"] == 40035


def test_app_sees_only_its_own_links(corp: Corp) -> None:
    """Neither listed nor read by another app."""
    link_id = link(corp)["link"]["link_id"]
    assert corp.ask(f"{BASE}/list_link")["link_id_list"] == [link_id]
    assert corp.ask(f"{BASE}/list_link", agentid=OTHER_AGENTID)["link_id_list"] == []
    assert corp.ask(f"{BASE}/get", {"link_id": link_id}, OTHER_AGENTID)["errcode"] == 40035


def test_contact_secret_may_not_touch_links(corp: Corp) -> None:
    """The system secret 客户联系 gets 48002 here and only here."""
    corp.world.apps.by_agentid(AGENTID).contact_secret = True
    assert link(corp)["errcode"] == 48002
    assert corp.ask("externalcontact/get_follow_user_list")["errcode"] == 0


def test_add_by_link_carries_the_channel(corp: Corp) -> None:
    """friend_request with LinkId, then the add with customer_channel as State; add_way 16."""
    made = link(corp)["link"]
    customer, (asked, added) = opens(corp, f"{made['url']}?customer_channel=parcel")
    assert (asked["ChangeType"], asked["LinkId"], asked["State"]) == ("friend_request", made["link_id"], "parcel")
    assert (added["ChangeType"], added["State"], bool(added["WelcomeCode"])) == ("add_external_contact", "parcel", True)
    (follow,) = corp.ask("externalcontact/get", external_userid=customer)["follow_user"]
    assert (follow["add_way"], follow["state"]) == (16, "parcel")


def test_channel_is_cut_at_its_bytes(corp: Corp) -> None:
    """64 bytes, and no half character."""
    _, (asked, _) = opens(corp, link(corp)["link"]["url"], channel="渠" * 30)
    assert asked["State"] == "渠" * (CHANNEL_BYTES // 3)


def test_members_of_the_range_come_in_turn(corp: Corp) -> None:
    """One who is full is passed over."""
    made = link(corp, "lihua", "wangfang")["link"]
    users = [opens(corp, made["link_id"])[1][1]["UserID"] for _ in range(3)]
    corp.world.people.member("lihua").full = True
    users.append(opens(corp, made["link_id"])[1][1]["UserID"])
    assert users == ["lihua", "wangfang", "lihua", "wangfang"]


def test_link_that_asks_the_member_waits_for_him(corp: Corp) -> None:
    """skip_verify false: a request alone; the customer and the quota count when the member accepts."""
    made = link(corp, skip_verify=False)["link"]
    customer, told = opens(corp, made["link_id"], channel="parcel")
    assert [event["ChangeType"] for event in told] == ["friend_request"] and corp.world.acquisition.used == 0
    (added,) = corp.world.relations.member_accepts(corp.at, userid="lihua", external_userid=customer)
    assert fields_of(added)["State"] == "parcel" and corp.world.acquisition.used == 1


def test_customers_of_a_link_are_listed_with_their_chats(corp: Corp) -> None:
    """chat_status 1 once the customer has written; customer_start_chat the first time only."""
    asked = {"link_id": link(corp)["link"]["link_id"]}
    first, second = (opens(corp, asked["link_id"], channel=channel)[0] for channel in ("a", "b"))
    writes = {"external_userid": second, "userid": "lihua", "text": "在吗"}
    told = [corp.world.relations.customer_writes(corp.at, **writes) for _ in range(2)]
    assert [[fields_of(event)["ChangeType"] for event in events] for events in told] == [["customer_start_chat"], []]
    page = corp.ask(f"{BASE}/customer", asked | {"limit": 1})
    rest = corp.ask(f"{BASE}/customer", asked | {"limit": 1, "cursor": page["next_cursor"]})
    shown = [tuple(c.values()) for c in page["customer_list"] + rest["customer_list"]]
    assert shown == [(first, "lihua", 0, "a"), (second, "lihua", 1, "b")] and rest["next_cursor"] == ""


def test_old_friend_costs_nothing_and_is_not_counted(corp: Corp) -> None:
    """Who is a friend already only knocks."""
    customer, _ = corp.adds()
    made = link(corp)["link"]
    assert [e["ChangeType"] for e in opens(corp, made["link_id"], external_userid=customer)[1]] == ["friend_request"]
    assert corp.ask(f"{BASE}/customer", {"link_id": made["link_id"]})["customer_list"] == []
    assert corp.world.relations.customer_writes(corp.at, userid="lihua", external_userid=customer, text="嗨") == []


def test_quota_runs_low_then_out_and_is_bought_again(corp: Corp) -> None:
    """balance_low below 20, balance_exhausted at none, after which links open no more; then balance_increased."""
    acquisition, made = corp.world.acquisition, link(corp)["link"]
    acquisition.spends(corp.at, count=acquisition.balance - BALANCE_LOW)
    assert opens(corp, made["link_id"])[1][-1]["ChangeType"] == "balance_low"
    told = acquisition.spends(corp.at, count=BALANCE_LOW)
    assert [fields_of(event)["ChangeType"] for event in told] == ["balance_exhausted"]
    with pytest.raises(NotFoundError, match="额度"):
        opens(corp, made["link_id"])
    (bought,) = acquisition.buys(corp.at, count=30, expire_at=corp.at + 86400)
    assert fields_of(bought)["ChangeType"] == "balance_increased"
    quota = corp.ask("externalcontact/customer_acquisition_quota")
    assert (quota["balance"], quota["quota_list"]) == (30, [{"expire_date": corp.at + 86400, "balance": 30}])
    (soon,) = acquisition.quota_expires_soon(corp.at, expire_at=corp.at + 86400)
    assert fields_of(soon)["ExpireQuotaNum"] == "30"


def test_admins_and_mishaps_are_told_and_api_deletes_are_not(corp: Corp) -> None:
    """link_unavailable and delete_link from outside the API."""
    link_id = link(corp)["link"]["link_id"]
    (broken,) = corp.world.acquisition.link_breaks(corp.at, link_id=link_id)
    (deleted,) = corp.world.acquisition.admin_deletes(corp.at, link_id=link_id)
    assert [fields_of(e)["ChangeType"] for e in (broken, deleted)] == ["link_unavailable", "delete_link"]
    assert {fields_of(e)["LinkId"] for e in (broken, deleted)} == {link_id}


@pytest.mark.parametrize(
    ("more", "errcode"),
    [
        ({"link_name": ""}, 40035),
        ({"range": {}}, 40035),
        ({"range": {"user_list": ["lihua"] * (USERS_A_LINK + 1)}}, 41041),
        ({"range": {"user_list": ["nobody"]}}, 60111),
    ],
)
def test_bad_link_is_refused(corp: Corp, more: dict[str, Any], errcode: int) -> None:
    """A name and a range of members who can be added."""
    assert link(corp, **more)["errcode"] == errcode


def test_lists_have_their_limits(corp: Corp) -> None:
    """Links and customers a page, and the number of links when it is set."""
    asked = {"link_id": link(corp)["link"]["link_id"]}
    assert corp.ask(f"{BASE}/list_link", {"limit": LINKS_A_PAGE + 1})["errcode"] == 40035
    assert corp.ask(f"{BASE}/customer", asked | {"limit": CUSTOMERS_A_PAGE + 1})["errcode"] == 40035
    corp.world.acquisition_api.links_at_most = 1
    assert link(corp)["errcode"] == 41095


def test_statistic_counts_openings_and_customers_of_some_days(corp: Corp) -> None:
    """At most 30 days, at most 180 days back."""
    asked = {"link_id": link(corp)["link"]["link_id"], "start_time": NOON, "end_time": NOON}
    customer, _ = opens(corp, asked["link_id"])
    opens(corp, asked["link_id"], external_userid=customer)
    counted = corp.ask(f"{BASE}/statistic", asked)
    assert (counted["click_link_customer_cnt"], counted["new_customer_cnt"]) == (2, 1)
    too_long = asked | {"start_time": NOON - (STATISTIC_DAYS + 1) * 86400}
    too_old = dict.fromkeys(("start_time", "end_time"), NOON - (STATISTIC_BACK_DAYS + 2) * 86400)
    assert corp.ask(f"{BASE}/statistic", too_long)["errcode"] == 40035
    assert corp.ask(f"{BASE}/statistic", asked | too_old)["errcode"] == 40035

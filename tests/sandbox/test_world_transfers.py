"""Customers and groups get a new member to look after them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.transfer_groups import GROUP_TRANSFERS_AT_MOST, GROUP_TRANSFERS_DAYS, GROUPS_A_CALL, GROUPS_A_DAY
from sandbox.world.transfers import (
    CUSTOMERS_A_CALL,
    MESSAGE_CHARS,
    RESULTS_A_PAGE,
    TRANSFER_SECONDS,
    TRANSFERS_AT_MOST,
    TRANSFERS_DAYS,
    UNASSIGNED_A_PAGE,
)
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import Corp, fields_of
from tests.sandbox.test_world_groups import made, shown

PAIR = {"handover_userid": "lihua", "takeover_userid": "wangfang"}
GIVE, RESULT = "externalcontact/transfer_customer", "externalcontact/transfer_result"


def give(corp: Corp, *customers: str, resigned: bool = False, **more: Any) -> list[int]:
    """The errcode of each customer, or of the whole call."""
    api = "externalcontact/resigned/transfer_customer" if resigned else GIVE
    answer = corp.ask(api, PAIR | {"external_userid": list(customers)} | more)
    return [one["errcode"] for one in answer["customer"]] if answer["errcode"] == 0 else [answer["errcode"]]


def status(corp: Corp, api: str = RESULT) -> list[tuple[int, int]]:
    """(status, takeover_time) of each transfer."""
    return [(one["status"], one["takeover_time"]) for one in corp.ask(api, PAIR)["customer"]]


def a_day_later(corp: Corp) -> list[dict[str, str]]:
    """What is told when transfers take effect."""
    corp.at += TRANSFER_SECONDS
    return [fields_of(event) for event in corp.world.later.due(corp.at)]


def followers(corp: Corp, customer: str) -> list[dict[str, Any]]:
    return list(corp.ask("externalcontact/get", external_userid=customer)["follow_user"])


def test_transfer_takes_effect_a_day_later(corp: Corp) -> None:
    """The old member loses the customer to DELETE_BY_TRANSFER, the new one gets him with what was known."""
    customer, _ = corp.adds()
    corp.ask("externalcontact/remark", {"userid": "lihua", "external_userid": customer, "remark": "老客"})
    assert give(corp, customer, transfer_success_msg="以后我来") == [0]
    assert status(corp) == [(2, corp.at + TRANSFER_SECONDS)] and corp.world.later.due(corp.at + 3600) == []
    lost, gained = a_day_later(corp)
    assert (lost["ChangeType"], lost["UserID"], lost["Source"]) == (
        *("del_external_contact", "lihua"),
        "DELETE_BY_TRANSFER",
    )
    assert (gained["ChangeType"], gained["UserID"]) == ("add_external_contact", "wangfang")
    assert "WelcomeCode" not in gained and "State" not in gained
    (follow,) = followers(corp, customer)
    assert (follow["userid"], follow["add_way"], follow["oper_userid"], follow["remark"]) == (
        *("wangfang", 202, "lihua"),
        "老客",
    )
    assert status(corp) == [(1, corp.at)]
    assert corp.world.people.chats["wangfang", customer][-1].text == "以后我来"


def test_customer_may_refuse(corp: Corp) -> None:
    """transfer_fail with customer_refused; nothing changes hands."""
    customer, _ = corp.adds()
    give(corp, customer)
    (told,) = corp.world.transfers.customer_refuses(corp.at, external_userid=customer)
    assert (fields_of(told)["ChangeType"], fields_of(told)["FailReason"]) == ("transfer_fail", "customer_refused")
    assert a_day_later(corp) == [] and status(corp) == [(3, 0)]
    assert [follow["userid"] for follow in followers(corp, customer)] == ["lihua"]
    with pytest.raises(NotFoundError, match="接替"):
        corp.world.transfers.customer_refuses(corp.at, external_userid=customer)


def test_full_member_takes_nobody_over(corp: Corp) -> None:
    """40099 when he is full already; transfer_fail customer_limit_exceed when he has become so."""
    first, second = corp.adds()[0], corp.adds()[0]
    assert give(corp, first) == [0]
    corp.world.people.member("wangfang").full = True
    assert give(corp, second) == [40099]
    (told,) = a_day_later(corp)
    assert told["FailReason"] == "customer_limit_exceed" and [s for s, _ in status(corp)] == [4]


def test_customer_who_leaves_meanwhile_is_not_transferred(corp: Corp) -> None:
    """He deleted the member during the day."""
    customer, _ = corp.adds()
    give(corp, customer)
    corp.world.relations.customer_deletes(corp.at, external_userid=customer, userid="lihua")
    assert a_day_later(corp) == [] and status(corp) == [(3, 0)]


def test_each_customer_has_his_own_error(corp: Corp) -> None:
    """40096 unknown, 40131 not the member's, 40129 on his way already; the others go."""
    mine, other = corp.adds()[0], corp.adds(userid="wangfang")[0]
    assert give(corp, mine, "wmNobody", other) == [0, 40096, 40131]
    assert give(corp, mine) == [40129]


def test_customer_is_transferred_twice_in_ninety_days_at_most(corp: Corp) -> None:
    """40128 for the third time; possible again later."""
    customer, _ = corp.adds()
    there, back = PAIR, {"handover_userid": "wangfang", "takeover_userid": "lihua"}
    for pair in (there, back)[:TRANSFERS_AT_MOST]:
        assert give(corp, customer, **pair) == [0]
        a_day_later(corp)
    assert give(corp, customer, **there) == [40128]
    corp.at += TRANSFERS_DAYS * 86400
    assert give(corp, customer, **there) == [0]


@pytest.mark.parametrize(
    ("more", "errcode"),
    [
        ({"external_userid": []}, 41035),
        ({"external_userid": ["wm"] * (CUSTOMERS_A_CALL + 1)}, 40035),
        ({"takeover_userid": "lihua"}, 40130),
        ({"takeover_userid": "nobody"}, 60111),
        ({"takeover_userid": "fresh"}, 40098),
        ({"takeover_userid": "clerk"}, 84074),
        ({"transfer_success_msg": "x" * (MESSAGE_CHARS + 1)}, 40035),
    ],
)
def test_bad_transfer_is_refused(corp: Corp, more: dict[str, Any], errcode: int) -> None:
    """Two members of the corp who may have customers, and a bounded list."""
    corp.world.add_member("fresh", "新人", activated=False)
    corp.world.add_member("clerk", "文员", customer_contact=False)
    assert corp.ask(GIVE, PAIR | {"external_userid": ["wm"]} | more)["errcode"] == errcode


def test_who_has_left_is_transferred_by_the_other_call(corp: Corp) -> None:
    """Unassigned until a day after the resigned transfer; no del for one who is not there."""
    customer, _ = corp.adds()
    assert give(corp, customer, resigned=True) == [40097]
    told = corp.world.member_leaves(corp.at, "LiHua")
    assert [fields_of(event)["ChangeType"] for event in told] == ["delete_user"]
    assert give(corp, customer) == [60111]
    waiting = {"handover_userid": "lihua", "external_userid": customer, "dimission_time": corp.at}
    assert corp.ask("externalcontact/get_unassigned_list")["info"] == [waiting]
    assert corp.ask("externalcontact/get", external_userid=customer)["errcode"] == 84061
    assert give(corp, customer, resigned=True) == [0] and give(corp, customer, resigned=True) == [40100]
    assert [event["ChangeType"] for event in a_day_later(corp)] == ["add_external_contact"]
    assert status(corp, "externalcontact/resigned/transfer_result") == [(1, corp.at)] and status(corp) == []
    assert corp.ask("externalcontact/get_unassigned_list")["info"] == []
    assert [follow["userid"] for follow in followers(corp, customer)] == ["wangfang"]


def test_unassigned_customers_come_page_by_page(corp: Corp) -> None:
    """By cursor, and by the older page_id."""
    customers = [corp.adds()[0] for _ in range(3)]
    corp.world.member_leaves(corp.at, "lihua")

    def page(**asked: Any) -> tuple[list[str], bool, str]:
        answer = corp.ask("externalcontact/get_unassigned_list", {"page_size": 2, **asked})
        return [one["external_userid"] for one in answer["info"]], answer["is_last"], answer["next_cursor"]

    first, is_last, cursor = page()
    assert (first, is_last) == (customers[:2], False)
    assert page(cursor=cursor) == page(page_id=1) == (customers[2:], True, "")
    over = {"page_size": UNASSIGNED_A_PAGE + 1}
    assert corp.ask("externalcontact/get_unassigned_list", over)["errcode"] == 40035


def test_results_come_page_by_page(corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand a page, then on by the cursor."""
    assert RESULTS_A_PAGE == 1000
    monkeypatch.setattr("sandbox.world.transfers.RESULTS_A_PAGE", 2)
    customers = [corp.adds()[0] for _ in range(3)]
    give(corp, *customers)
    first = corp.ask(RESULT, PAIR)
    rest = corp.ask(RESULT, PAIR | {"cursor": first["next_cursor"]})
    assert [one["external_userid"] for one in first["customer"] + rest["customer"]] == customers


def test_member_who_leaves_leaves_his_codes_and_groups(corp: Corp) -> None:
    """Codes pass him over, groups of others lose him, his own have status 1."""
    body = {"type": 2, "scene": 2, "user": ["lihua", "wangfang"], "state": "store"}
    corp.ask("externalcontact/add_contact_way", body)
    own, other = made(corp), made(corp, "lihua", owner="wangfang")
    told = [fields_of(event) for event in corp.world.member_leaves(corp.at, "lihua")]
    assert [(event["ChangeType"], event.get("ChatId")) for event in told] == [("delete_user", None), ("update", other)]
    assert corp.world.groups.find(own).status == 1
    assert corp.adds(userid=None, state="store")[1][0]["UserID"] == "wangfang"


def groups_to(corp: Corp, how: str, *chat_ids: str, owner: str = "wangfang") -> list[int]:
    """The errcodes of the groups that failed."""
    body = {"chat_id_list": list(chat_ids), "new_owner": owner}
    answer = corp.ask(f"externalcontact/groupchat/{how}", body)
    return [one["errcode"] for one in answer.get("failed_chat_list", [answer])]


def test_group_changes_hands_on_the_job_at_once(corp: Corp) -> None:
    """90504 when nothing would change, 90501 for what is no customer group."""
    chat_id = made(corp)
    assert groups_to(corp, "onjob_transfer", chat_id) == []
    assert shown(corp, chat_id)["owner"] == "wangfang" and len(shown(corp, chat_id)["member_list"]) == 2
    assert groups_to(corp, "onjob_transfer", chat_id, "wrNone") == [90504, 90501]


def test_group_changes_hands_twice_in_ninety_days_at_most(corp: Corp) -> None:
    """40128 for the third time on the job."""
    chat_id = made(corp)
    for owner in ("wangfang", "lihua")[:GROUP_TRANSFERS_AT_MOST]:
        assert groups_to(corp, "onjob_transfer", chat_id, owner=owner) == []
    assert groups_to(corp, "onjob_transfer", chat_id) == [40128]
    corp.at += GROUP_TRANSFERS_DAYS * 86400
    assert groups_to(corp, "onjob_transfer", chat_id) == []


def test_group_of_one_who_left_changes_hands_a_day_later(corp: Corp) -> None:
    """90500 before he leaves, 90502 on the job after; status 2, then 3; 90507 and 90508 on the way."""
    chat_id = made(corp)
    assert groups_to(corp, "transfer", chat_id) == [90500]
    corp.world.member_leaves(corp.at, "lihua")
    assert groups_to(corp, "onjob_transfer", chat_id) == [90502]
    assert groups_to(corp, "transfer", chat_id) == []
    corp.world.add_member("zhao", "赵敏")
    assert corp.world.groups.find(chat_id).status == 2 and groups_to(corp, "transfer", chat_id) == [90507]
    assert a_day_later(corp) == []
    assert (corp.world.groups.find(chat_id).status, shown(corp, chat_id)["owner"]) == (3, "wangfang")
    assert groups_to(corp, "transfer", chat_id, owner="zhao") == [90508]


def test_groups_of_one_owner_go_so_many_a_day(corp: Corp) -> None:
    """One hundred a call, three hundred of one owner a day."""
    chats = [made(corp) for _ in range(GROUPS_A_DAY + 1)]
    for n in range(0, GROUPS_A_DAY, GROUPS_A_CALL):
        assert groups_to(corp, "onjob_transfer", *chats[n : n + GROUPS_A_CALL]) == []
    assert groups_to(corp, "onjob_transfer", chats[-1]) == [45009]
    assert groups_to(corp, "onjob_transfer", *chats[: GROUPS_A_CALL + 1]) == [40035]
    corp.at += 86400
    assert groups_to(corp, "onjob_transfer", chats[-1]) == []

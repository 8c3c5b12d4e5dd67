"""Adding, deleting, editing: the callbacks they cause, and what the API says after."""

from __future__ import annotations

import pytest

from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import CORPID, Corp, fields_of


def get(corp: Corp, customer: str) -> dict[str, object]:
    return corp.ask("externalcontact/get", external_userid=customer)


def test_add_event_has_the_documented_fields(corp: Corp) -> None:
    customer, (added,) = corp.adds(state="parcel")
    expected = {
        "ToUserName": CORPID,
        "FromUserName": "sys",
        "CreateTime": str(corp.at),
        "MsgType": "event",
        "Event": "change_external_contact",
        "ChangeType": "add_external_contact",
        "UserID": "lihua",
        "ExternalUserID": customer,
        "State": "parcel",
    }
    assert {key: added[key] for key in expected} == expected and len(added) == len(expected) + 1


def test_scanning_again_while_friends_changes_nothing(corp: Corp) -> None:
    customer, _ = corp.adds()
    assert corp.adds(external_userid=customer) == (customer, [])


def test_customer_who_left_stays_readable_one_way(corp: Corp) -> None:
    customer, _ = corp.adds()
    (event,) = corp.world.relations.customer_deletes(corp.at, external_userid=customer, userid="lihua")
    assert fields_of(event)["ChangeType"] == "del_follow_user"
    assert get(corp, customer)["errcode"] == 0
    assert corp.world.relations.customer_deletes(corp.at, external_userid=customer, userid="lihua") == []


def test_customer_whom_the_member_deleted_is_84061(corp: Corp) -> None:
    customer, _ = corp.adds()
    (event,) = corp.world.relations.member_deletes(corp.at, userid="lihua", external_userid=customer)
    assert fields_of(event)["ChangeType"] == "del_external_contact" and "Source" not in fields_of(event)
    assert get(corp, customer)["errcode"] == 84061


def test_half_added_customer_is_84061_until_accepted(corp: Corp) -> None:
    customer, _ = corp.adds(half=True)
    assert get(corp, customer)["errcode"] == 84061
    corp.world.relations.member_accepts(corp.at, userid="lihua", external_userid=customer)
    assert get(corp, customer)["errcode"] == 0


def test_transfer_that_removes_a_customer_says_so(corp: Corp) -> None:
    customer, _ = corp.adds()
    (event,) = corp.world.relations.member_deletes(corp.at, userid="lihua", external_userid=customer, by_transfer=True)
    assert fields_of(event)["Source"] == "DELETE_BY_TRANSFER"


def test_returning_customer_is_greeted_again_and_keeps_tags(corp: Corp) -> None:
    customer, (first,) = corp.adds()
    assert corp.welcome(first["WelcomeCode"]) == 0
    corp.world.relations.member_edits(
        corp.at, userid="lihua", external_userid=customer, remark="老客", add_tags=["et1"]
    )
    corp.world.relations.customer_deletes(corp.at, external_userid=customer, userid="lihua")
    _, (second,) = corp.adds(external_userid=customer)
    follow = corp.world.people.follow("lihua", customer)
    assert follow is not None and (follow.remark, follow.tag_ids) == ("老客", ["et1"])
    assert corp.welcome(second["WelcomeCode"]) == 0


def test_members_edit_is_told_but_mobiles_alone_are_not(corp: Corp) -> None:
    customer, _ = corp.adds()
    edit = corp.world.relations.member_edits
    (event,) = edit(corp.at, userid="lihua", external_userid=customer, remark="小满")
    assert fields_of(event)["ChangeType"] == "edit_external_contact"
    assert edit(corp.at, userid="lihua", external_userid=customer, mobiles=["13800000000"]) == []


def test_failed_transfer_says_why(corp: Corp) -> None:
    customer, _ = corp.adds()
    (event,) = corp.world.relations.transfer_fails(corp.at, userid="wangfang", external_userid=customer)
    assert fields_of(event)["FailReason"] == "customer_refused"


def test_impossible_actions_name_what_is_missing(corp: Corp) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        corp.adds(userid="nobody")
    with pytest.raises(NotFoundError, match="好友"):
        corp.world.relations.customer_deletes(corp.at, external_userid="wm", userid="lihua")
    with pytest.raises(NotFoundError, match="state"):
        corp.adds(userid=None, state="no-such-channel")

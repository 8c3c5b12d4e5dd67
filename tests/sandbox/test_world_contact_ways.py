"""Channel codes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.contact_ways import LIST_DAYS, REMARK_CHARS, STATE_CHARS, USERS_AT_MOST
from tests.sandbox.corp import Corp


def way(corp: Corp, *users: str, **more: Any) -> dict[str, Any]:
    body = {"type": 1 if len(users) == 1 else 2, "scene": 2, "user": list(users), "state": "store"} | more
    return corp.ask("externalcontact/add_contact_way", body)


def test_code_is_made_read_changed_and_removed(corp: Corp) -> None:
    made = way(corp, "lihua", remark="门店")
    assert made["qr_code"].endswith(f"/qr/{made['config_id']}.svg")
    asked = {"config_id": made["config_id"]}
    assert corp.ask("externalcontact/update_contact_way", asked | {"state": "mall"})["errcode"] == 0
    shown = corp.ask("externalcontact/get_contact_way", asked)["contact_way"]
    assert (shown["state"], shown["remark"], shown["user"], shown["skip_verify"]) == ("mall", "门店", ["lihua"], True)
    assert corp.ask("externalcontact/del_contact_way", asked)["errcode"] == 0
    assert corp.ask("externalcontact/get_contact_way", asked)["errcode"] == 41044


def test_scan_gives_the_members_in_turn_with_the_state(corp: Corp) -> None:
    way(corp, "lihua", "wangfang")
    events = [corp.adds(userid=None, state="store")[1][0] for _ in range(3)]
    assert [e["UserID"] for e in events] == ["lihua", "wangfang", "lihua"]
    assert {e["State"] for e in events} == {"store"}


def test_exclusive_code_leads_back_to_the_same_member(corp: Corp) -> None:
    way(corp, "lihua", "wangfang", is_exclusive=True)
    customer, _ = corp.adds(userid=None, state="store")
    assert corp.adds(userid=None, state="store", external_userid=customer) == (customer, [])


def test_code_that_asks_the_member_waits_for_him(corp: Corp) -> None:
    way(corp, "lihua", skip_verify=False)
    customer, events = corp.adds(userid=None, state="store")
    assert events == []
    (event,) = corp.world.relations.member_accepts(corp.at, userid="lihua", external_userid=customer)
    assert "add_external_contact" in event.xml and "WelcomeCode" in event.xml


@pytest.mark.parametrize(
    ("users", "more", "errcode"),
    [
        (("lihua", "wangfang"), {"type": 1}, 40035),
        (("nobody",), {}, 60111),
        (("lihua",), {"scene": 3}, 41038),
        (("lihua",), {"type": 7}, 40035),
        ((), {"type": 2}, 40035),
        (("lihua",), {"state": "s" * (STATE_CHARS + 1)}, 40035),
        (("lihua",), {"remark": "长" * (REMARK_CHARS + 1)}, 40035),
        (("lihua",) * (USERS_AT_MOST + 1), {}, 41041),
    ],
)
def test_bad_code_is_refused(corp: Corp, users: tuple[str, ...], more: dict[str, Any], errcode: int) -> None:
    assert way(corp, *users, **more)["errcode"] == errcode


def test_corp_has_so_many_codes_at_most(corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.world.contact_ways.WAYS_AT_MOST", 2)
    assert [way(corp, "lihua")["errcode"] for _ in range(3)] == [0, 0, 41045]


def test_member_must_be_activated(corp: Corp) -> None:
    corp.world.people.member("lihua").activated = False
    assert way(corp, "lihua")["errcode"] == 41054


def test_list_goes_page_by_page_over_ninety_days(corp: Corp) -> None:
    made = [way(corp, "lihua")["config_id"] for _ in range(5)]
    listed: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = corp.ask("externalcontact/list_contact_way", {"limit": 2, "cursor": cursor})
        listed += [w["config_id"] for w in answer["contact_way"]]
        cursor = answer.get("next_cursor", "")
    assert listed == made and cursor == ""
    corp.at += LIST_DAYS * 86400 + 1
    assert corp.ask("externalcontact/list_contact_way")["contact_way"] == []

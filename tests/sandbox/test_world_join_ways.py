"""Codes that lead into customer groups."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.join_ways import GROUPS_AT_MOST, PEOPLE_A_GROUP, REMARK_CHARS, ROOM_NAME_CHARS, STATE_CHARS
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import Corp, fields_of
from tests.sandbox.test_world_groups import changed, inside, made, shown

BASE = "externalcontact/groupchat"


def way(corp: Corp, *chat_ids: str, **more: Any) -> dict[str, Any]:
    return corp.ask(f"{BASE}/add_join_way", {"scene": 2, "chat_id_list": list(chat_ids), "state": "store"} | more)


def test_code_is_made_read_changed_and_removed(corp: Corp) -> None:
    """Add, get with its picture, overwrite what is sent, delete."""
    first, second = made(corp), made(corp)
    asked = {"config_id": way(corp, first, remark="门店")["config_id"]}
    got = corp.ask(f"{BASE}/get_join_way", asked)["join_way"]
    assert got["qr_code"].endswith(f"/qr/{asked['config_id']}.svg") and got["auto_create_room"] == 1
    corp.ask(f"{BASE}/update_join_way", asked | {"scene": 2, "chat_id_list": [second]})
    got = corp.ask(f"{BASE}/get_join_way", asked)["join_way"]
    assert (got["chat_id_list"], got["remark"], got["state"]) == ([second], "门店", "store")
    assert corp.ask(f"{BASE}/del_join_way", asked)["errcode"] == 0
    assert corp.ask(f"{BASE}/get_join_way", asked)["errcode"] == 41044


def test_who_scans_is_in_with_scene_and_state(corp: Corp) -> None:
    """Told as JoinScene 3, shown as join_scene 3 with the code's state."""
    chat_id = made(corp)
    way(corp, chat_id)
    where, (event,) = corp.world.join_ways.scanned(corp.at, person="wmA", state="store")
    assert (where, fields_of(event)["JoinScene"], changed(event)) == (chat_id, "3", ["wmA"])
    seat = shown(corp, chat_id)["member_list"][1]
    assert (seat["userid"], seat["join_scene"], seat["state"]) == ("wmA", 3, "store") and "invitor" not in seat


def test_state_of_a_member_may_be_withheld(corp: Corp) -> None:
    """Newer answers of groupchat/get lack `state`: a switch."""
    chat_id = made(corp)
    way(corp, chat_id)
    corp.world.join_ways.scanned(corp.at, person="wmA", state="store")
    corp.world.group_api.tells_state = False
    assert "state" not in shown(corp, chat_id)["member_list"][1]


def test_full_groups_are_passed_over_and_another_one_is_made(corp: Corp) -> None:
    """The first group with room; none: a new group by base name and number, unless the code forbids it."""
    corp.world.join_ways.people_a_group = 2
    first, second = made(corp), made(corp)
    config_id = way(corp, first, second, room_base_name="读者群", room_base_id=7)["config_id"]
    scanned = [corp.world.join_ways.scanned(corp.at, person=f"wm{n}", config_id=config_id) for n in range(3)]
    assert [chat_id for chat_id, _ in scanned[:2]] == [first, second]
    third, events = scanned[2]
    assert [fields_of(event)["ChangeType"] for event in events] == ["create", "update"]
    assert shown(corp, third)["name"] == "读者群7" and inside(corp, third) == ["lihua", "wm2"]
    corp.ask(f"{BASE}/update_join_way", {"config_id": config_id, "chat_id_list": [first], "auto_create_room": 0})
    with pytest.raises(NotFoundError, match="满"):
        corp.world.join_ways.scanned(corp.at, person="wmZ", config_id=config_id)
    assert PEOPLE_A_GROUP == 500


@pytest.mark.parametrize(
    ("more", "errcode"),
    [
        ({"scene": 3}, 41038),
        ({"chat_id_list": []}, 40035),
        ({"chat_id_list": ["wr"] * (GROUPS_AT_MOST + 1)}, 41091),
        ({"chat_id_list": ["wrNone"]}, 40050),
        ({"remark": "x" * (REMARK_CHARS + 1)}, 40035),
        ({"state": "x" * (STATE_CHARS + 1)}, 40035),
        ({"room_base_name": "x" * (ROOM_NAME_CHARS + 1)}, 40035),
    ],
)
def test_bad_code_is_refused(corp: Corp, more: dict[str, Any], errcode: int) -> None:
    """At most five groups that exist, and texts of bounded length."""
    assert way(corp, made(corp), **more)["errcode"] == errcode


def test_quota_is_shared_with_contact_ways(corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes of both kinds count together: 41045."""
    monkeypatch.setattr("sandbox.world.contact_ways.WAYS_AT_MOST", 1)
    chat_id = made(corp)
    assert [way(corp, chat_id)["errcode"] for _ in range(2)] == [0, 41045]
    assert corp.ask("externalcontact/add_contact_way", {"type": 1, "scene": 2, "user": ["lihua"]})["errcode"] == 41045

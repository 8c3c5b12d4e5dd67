"""The library of group welcomes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.group_welcome import TEMPLATES_AT_MOST
from tests.sandbox.corp import OTHER_AGENTID, Corp
from tests.sandbox.test_world_groups import made

BASE = "externalcontact/group_welcome_template"
LINK = {"title": "文章", "url": "https://example.com/a"}


def add(corp: Corp, **body: Any) -> dict[str, Any]:
    return corp.ask(f"{BASE}/add", {"text": {"content": "%NICKNAME%你好"}} | body)


def test_welcome_is_kept_changed_and_removed(corp: Corp) -> None:
    """add, get, edit, del."""
    asked = {"template_id": add(corp, link=LINK)["template_id"]}
    got = corp.ask(f"{BASE}/get", asked)
    assert (got["text"], got["link"]) == ({"content": "%NICKNAME%你好"}, LINK)
    corp.ask(f"{BASE}/edit", asked | {"text": {"content": "欢迎"}})
    assert "link" not in corp.ask(f"{BASE}/get", asked)
    assert corp.ask(f"{BASE}/del", asked)["errcode"] == 0
    assert corp.ask(f"{BASE}/get", asked)["errcode"] == 40035


def test_only_the_app_that_made_it_changes_it(corp: Corp) -> None:
    """Another app gets 41058 for edit and del."""
    asked = {"template_id": add(corp)["template_id"], "text": {"content": "x"}}
    for verb in ("edit", "del"):
        assert corp.ask(f"{BASE}/{verb}", asked, OTHER_AGENTID)["errcode"] == 41058


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"text": None}, 41089),
        ({"link": LINK, "image": {"pic_url": "https://example.com/p"}}, 41064),
        ({"image": {"media_id": "gone"}}, 40007),
        ({"link": {"title": "x" * 129, "url": "u"}}, 45002),
    ],
)
def test_bad_welcome_is_refused(corp: Corp, body: dict[str, Any], errcode: int) -> None:
    """Text or one attachment, checked as those of a private welcome."""
    assert add(corp, **body)["errcode"] == errcode


def test_library_has_so_many_welcomes_at_most(corp: Corp) -> None:
    """One hundred; then 41055."""
    assert {add(corp)["errcode"] for _ in range(TEMPLATES_AT_MOST)} == {0}
    assert add(corp)["errcode"] == 41055


def test_who_joins_is_greeted_when_the_group_uses_one(corp: Corp) -> None:
    """The library alone greets nobody; a group that uses a welcome greets outside people by name."""
    chat_id, groups = made(corp), corp.world.groups
    template_id = add(corp, link=LINK)["template_id"]
    corp.adds(external_userid="wmA", name="小满")
    groups.invites(corp.at, chat_id=chat_id, people=["wmB"], by="lihua")
    groups.find(chat_id).welcome_template_id = template_id
    groups.invites(corp.at, chat_id=chat_id, people=["wmA", "wangfang"], by="lihua")
    (message,) = groups.find(chat_id).chat
    assert (message.sender, message.text) == ("lihua", "小满你好") and message.attachments[0]["link"] == LINK

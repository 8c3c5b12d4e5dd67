"""Customer groups, over the sandbox: who is in them is what WeCom says, whatever callbacks say or do not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.scrm.actions.groups import KeepGroupWelcome
from bot.store import outbox
from tests.flow.test_sync import sync
from tests.house import GUIDE, House, reopened


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with reopened(tmp_path) as here:
        yield here


async def members(home: House, chat_id: str) -> dict[str, object]:
    """member → how they left; None while they are inside."""
    rows = await home.rows("SELECT member_id, left_at, left_scene FROM group_members WHERE chat_id = :c", c=chat_id)
    return {row.member_id: None if row.left_at is None else (row.left_at, row.left_scene) for row in rows}


async def test_joins_and_leaves_are_kept(home: House) -> None:
    """How somebody came, and how somebody went."""
    made = await home.sandbox.existing_pool(3, guides=[GUIDE])
    chat_id = await home.sandbox.groups.creates(GUIDE, "门店一群", people=made[:2])
    await home.wait(4)
    assert set(await members(home, chat_id)) == {GUIDE, *made[:2]}
    await home.sandbox.groups.invites(chat_id, [made[2]], by=GUIDE, by_link=True)
    await home.wait(4)
    await home.sandbox.groups.removes(chat_id, made[0])
    removed_at = home.clock.now()
    await home.sandbox.groups.leaves(chat_id, made[1])
    await home.wait(4)
    inside = await members(home, chat_id)
    assert inside == {GUIDE: None, made[2]: None, made[0]: (removed_at, 1), made[1]: (removed_at, 0)}
    [new] = await home.rows("SELECT * FROM group_members WHERE member_id = :who", who=made[2])
    assert (new.kind, new.join_scene, new.invitor) == ("customer", 2, GUIDE)
    [group] = await home.rows("SELECT name, owner, state FROM group_chats")
    assert tuple(group) == ("门店一群", GUIDE, "active")


async def test_one_reading_answers_for_many_callbacks(home: House) -> None:
    """Ten who come at once are read once or twice, not ten times."""
    made = await home.sandbox.existing_pool(10, guides=[GUIDE])
    chat_id = await home.sandbox.groups.creates(GUIDE)
    await home.wait(4)
    before = len(home.sandbox.log.calls("externalcontact/groupchat/get"))
    for person in made:
        await home.sandbox.groups.invites(chat_id, [person], by=GUIDE)
    await home.wait(6)
    assert set(await members(home, chat_id)) == {GUIDE, *made}
    assert len(home.sandbox.log.calls("externalcontact/groupchat/get")) - before <= 10


async def test_a_dismissed_group_is_over(home: House) -> None:
    """Nobody is in it any more."""
    chat_id = await home.sandbox.groups.creates(GUIDE)
    await home.wait(4)
    await home.sandbox.groups.dismisses(chat_id)
    await home.wait(4)
    [group] = await home.rows("SELECT state FROM group_chats")
    assert group.state == "dismissed" and None not in (await members(home, chat_id)).values()


async def test_the_night_finds_what_no_callback_told(home: House) -> None:
    """Groups that were there before us, and one dismissed in silence."""
    made = await home.sandbox.existing_pool(60, guides=[GUIDE, "guide-wu"], groups=5)
    await sync(home)
    row = await sync(home, "groups")
    assert row.read == 5 and await home.scalar("SELECT count(*) FROM group_chats WHERE state = 'active'") == 5
    customers = "SELECT count(*) FROM group_members WHERE kind = 'customer' AND person_id IS NULL"
    assert await home.scalar(customers) == 0 and made
    chat_id = await home.scalar("SELECT min(chat_id) FROM group_chats")
    with home.sandbox.silently():
        await home.sandbox.groups.dismisses(chat_id)
    await sync(home, "groups")
    assert await home.scalar("SELECT state FROM group_chats WHERE chat_id = :c", c=chat_id) == "dismissed"


async def test_group_welcomes_are_kept_once(home: House) -> None:
    """In WeCom's library, and there in the newest edition."""
    added = home.sandbox.log.calls("externalcontact/group_welcome_template/add")
    kept = await home.rows("SELECT welcome_id, template_id FROM group_welcomes ORDER BY 1")
    assert [row.welcome_id for row in kept] == ["default", "members"] and len(added) == 2
    assert all(row.template_id for row in kept)
    await keep_again(home, "你好，欢迎")
    assert len(home.sandbox.log.calls("externalcontact/group_welcome_template/add")) == 2
    [edit] = home.sandbox.log.calls("externalcontact/group_welcome_template/edit")
    assert edit["body"]["text"] == {"content": "你好，欢迎"}


async def test_a_welcome_that_may_have_been_made_is_not_made_again(home: House) -> None:
    """Its answer was lost: no list would show it, so a person has to look."""
    home.sandbox.faults.add("reset_after", where="group_welcome_template/add")
    for _ in range(2):
        await keep_again(home, "你好", welcome_id="new")
        await home.wait(10)
    calls = home.sandbox.log.calls("externalcontact/group_welcome_template/add")
    assert [call["body"]["text"]["content"] for call in calls].count("你好") == 1
    held = await home.rows("SELECT state, reason FROM outbox WHERE kind = 'KeepGroupWelcome' AND state <> 'sent'")
    assert {row.state for row in held} == {"unknown", "refused"} and "素材库" in held[-1].reason


async def keep_again(home: House, text: str, welcome_id: str = "default") -> None:
    """A new edition of a group welcome."""
    action = KeepGroupWelcome(welcome_id=welcome_id, text=text, attached=None, digest=text)
    cause = time.monotonic_ns() % 10**9 + 10**6
    await home.app.database.write(partial(outbox.put, cause=cause, run=0, actions=[action], now=home.clock.now()))
    for lane in home.app.lanes:
        lane.wake()
    await home.settled()


async def test_a_new_name_is_read_though_nobody_came_or_went(home: House) -> None:
    """The callback of a rename may carry the version of the members that we have."""
    chat_id = await home.sandbox.groups.creates(GUIDE, "门店一群")
    await home.wait(4)
    version = await home.scalar("SELECT member_version FROM group_chats")
    with home.sandbox.silently():
        await home.sandbox.groups.renames(chat_id, "门店二群")
    told = f"<UpdateDetail>change_name</UpdateDetail><LastMemVer>{version}</LastMemVer><CurMemVer>{version}</CurMemVer>"
    await home.push(
        "<xml><ToUserName>corp</ToUserName><FromUserName>sys</FromUserName><MsgType>event</MsgType>"
        f"<CreateTime>{home.clock.now()}</CreateTime><Event>change_external_chat</Event><ChangeType>update</ChangeType>"
        f"<ChatId>{chat_id}</ChatId>{told}</xml>"
    )
    await home.wait(4)
    assert await home.scalar("SELECT name FROM group_chats") == "门店二群"

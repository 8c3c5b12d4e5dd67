"""Reading customer groups, and keeping the welcomes in their library."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.flow.perform.customers import attachments_of
from bot.flow.perform.post import Events, Performed, Post, Withheld
from bot.scrm.actions import Action
from bot.scrm.actions.groups import KeepGroupWelcome, SyncGroup
from bot.scrm.events.groups import GroupGone, GroupJoined, GroupWelcomeKept
from bot.scrm.group import GroupSnapshot, Seat
from bot.scrm.records.groups import SaveGroupWelcome
from bot.store import groups, library
from bot.store.outbox import Claimed
from bot.wecom import messages
from bot.wecom.errors import NotReached, WeComError

NO_GROUP = (49008, 40050, 90501)
"""The group was dismissed, is not known, or is none of customers."""

A_CUSTOMER = 2


async def _sync_group(post: Post, action: SyncGroup, claimed: Claimed) -> Events:
    known = await post.database.look_up(partial(groups.group, chat_id=action.chat_id))
    if known and action.member_version and known.member_version == action.member_version:
        return ()
    read_at = post.clock.now()
    try:
        answer = await post.wecom.groups.get(action.chat_id)
    except WeComError as error:
        if error.errcode not in NO_GROUP:
            raise
        return (GroupGone(created_at=read_at, chat_id=action.chat_id),)
    snapshot = _snapshot(answer["group_chat"], read_at, claimed.id)
    change = await post.database.write(partial(groups.save_group, snapshot=snapshot))
    if change is None or change.first:
        return ()
    return tuple(
        GroupJoined(created_at=read_at, chat_id=action.chat_id, external_userid=seat.member_id, state=seat.state)
        for seat in change.joined
        if seat.kind == "customer" and seat.state
    )


def _snapshot(chat: dict[str, Any], read_at: int, read_no: int) -> GroupSnapshot:
    return GroupSnapshot(
        chat_id=chat["chat_id"],
        name=chat.get("name", ""),
        owner=chat.get("owner", ""),
        notice=chat.get("notice", ""),
        created_at=chat.get("create_time", 0),
        member_version=chat.get("member_version", ""),
        seats=tuple(_seat(member) for member in chat.get("member_list", ())),
        read_at=read_at,
        read_no=read_no,
    )


def _seat(member: dict[str, Any]) -> Seat:
    return Seat(
        member_id=member["userid"],
        kind="customer" if member.get("type") == A_CUSTOMER else "member",
        joined_at=member.get("join_time", 0),
        join_scene=member.get("join_scene"),
        invitor=(member.get("invitor") or {}).get("userid"),
        state=member.get("state"),
    )


async def _keep_welcome(post: Post, action: KeepGroupWelcome, claimed: Claimed) -> Events:
    """Never made twice: that one is being made is written down before WeCom is asked."""
    id_ = action.welcome_id
    kept = await post.database.look_up(partial(groups.kept_welcome, welcome_id=id_))
    if kept and not kept.template_id:
        raise Withheld(f"入群欢迎语 {id_} 可能已经建好，请到后台的素材库里看一眼；要另建一份，请换一个 id")
    if kept and kept.digest == action.digest:
        return ()
    body = await _body(post, action)
    if kept:
        await post.wecom.groups.edit_welcome({"template_id": kept.template_id, **body})
        return (_kept(post, action, kept.template_id),)
    return (_kept(post, action, await _add(post, action, body)),)


async def _add(post: Post, action: KeepGroupWelcome, body: dict[str, Any]) -> str:
    id_ = action.welcome_id
    asked = SaveGroupWelcome(welcome_id=id_, template_id="", digest=action.digest, at=post.clock.now())
    await post.database.write(partial(groups.save_welcome, record=asked))
    try:
        answer = await post.wecom.groups.add_welcome({**body, "notify": 0})
    except WeComError:
        await post.database.write(partial(groups.forget_welcome, welcome_id=id_))
        raise
    made = SaveGroupWelcome(
        welcome_id=id_, template_id=answer["template_id"], digest=action.digest, at=post.clock.now()
    )
    await post.database.write(partial(groups.save_welcome, record=made))
    return str(answer["template_id"])


async def _body(post: Post, action: KeepGroupWelcome) -> dict[str, Any]:
    media = action.attached.media if action.attached else None
    if media and not await post.database.look_up(partial(library.media_ids, paths=[media])):
        raise NotReached("media/upload")  # on its way: tried again until it is there
    attachments = await attachments_of(post, (action.attached,) if action.attached else ())
    said = messages.welcome_body("", action.text, attachments)
    cards = {card["msgtype"]: card[card["msgtype"]] for card in said.get("attachments", ())}
    return {"agentid": post.agentid, "text": said["text"], **cards}


def _kept(post: Post, action: KeepGroupWelcome, template_id: str) -> GroupWelcomeKept:
    return GroupWelcomeKept(
        created_at=post.clock.now(), welcome_id=action.welcome_id, template_id=template_id, digest=action.digest
    )


HOW: dict[type[Action], Performed] = {
    SyncGroup: _sync_group,
    KeepGroupWelcome: _keep_welcome,
}

"""Speaking to customers and members, and reading them back."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.flow.perform.post import Events, Performed, Post, Withheld
from bot.flow.perform.tags import add_missing
from bot.scrm.actions import Action, Attached, MarkTags, SendAppMessage, SendWelcome, SyncCustomer, SyncMember
from bot.scrm.events import CustomerSynced, MemberSynced
from bot.scrm.person import FollowInfo, Profile
from bot.scrm.tag_plan import renamed_paths
from bot.store import inbox, library, people
from bot.store.outbox import Claimed
from bot.wecom import messages
from bot.wecom.errors import WeComError

WELCOME_USED = 41051
ALL_RECEIVERS_INVALID = 81013
TAG_UNKNOWN = 40068


async def _send_welcome(post: Post, action: SendWelcome, claimed: Claimed) -> Events:
    code = await post.database.look_up(partial(inbox.welcome_code, inbox_id=claimed.cause))
    attachments = await attachments_of(post, action.attached)
    body = messages.welcome_body(code or "", str(action.text), attachments)
    try:
        await post.wecom.external_contact.send_welcome_msg(body)
    except WeComError as error:
        # 41051 after a try of ours whose answer was lost: that try did arrive.
        if not (error.errcode == WELCOME_USED and claimed.in_doubt):
            raise
    return ()


async def attachments_of(post: Post, attached: tuple[Attached, ...]) -> list[messages.Attachment]:
    """What goes beside words, with the media_ids of its files; empty for one that is not at WeCom."""
    paths = [a.media for a in attached if a.media]
    ids = await post.database.look_up(partial(library.media_ids, paths=paths)) if paths else {}
    return [messages.attachment(a, ids.get(a.media or "", "")) for a in attached]


async def _send_app_message(post: Post, action: SendAppMessage, claimed: Claimed) -> Events:
    """Raises Withheld for who has left the corp: WeCom would refuse it."""
    if action.userid in await post.database.look_up(people.left_the_corp):
        raise Withheld("已经离开企业，没有发")
    bodies = messages.app_texts(action.userid, post.agentid, str(action.text))
    for attachment in await attachments_of(post, action.attached):
        bodies.append(messages.app_attachment(action.userid, post.agentid, attachment))
    for body in bodies:
        answer = await post.wecom.message.send(body)
        if answer.get("invaliduser"):
            raise WeComError("message/send", ALL_RECEIVERS_INVALID, "")
    return ()


async def _mark_tags(post: Post, action: MarkTags, claimed: Claimed) -> Events:
    tags = (*action.add, *action.remove)
    ids = await post.database.look_up(partial(library.tag_ids, tags=tags))
    if any(tag not in ids for tag in tags):
        ids |= await _renamed(post)
    missing = [tag for tag in action.add if tag not in ids]
    if missing:
        ids |= {f"{t.group}/{t.name}": t.tag_id for t in await add_missing(post, action.add)}
    if any(tag not in ids for tag in action.add):
        raise WeComError("mark_tag", TAG_UNKNOWN, "")
    add = [ids[tag] for tag in action.add]
    remove = [ids[tag] for tag in action.remove if tag in ids]
    if add or remove:
        await post.wecom.external_contact.mark_tag(action.userid, action.external_userid, add, remove)
    return ()


async def _renamed(post: Post) -> dict[str, str]:
    """Former "组/名" → tag_id: what was decided before a new name came is meant by its old one."""
    mirrored = await post.database.read(library.corp_tags_mirrored)
    ids = {f"{t.group}/{t.name}": t.tag_id for t in mirrored}
    return {was: ids[now] for was, now in renamed_paths(post.taxonomy(), mirrored).items() if now in ids}


async def _sync_customer(post: Post, action: SyncCustomer, claimed: Claimed) -> Events:
    answer = await post.wecom.external_contact.get(action.external_userid)
    return (
        CustomerSynced(
            created_at=post.clock.now(),
            external_userid=action.external_userid,
            profile=_profile(answer["external_contact"]),
            follows=tuple(_follow_info(f) for f in answer.get("follow_user", ())),
        ),
    )


async def _sync_member(post: Post, action: SyncMember, claimed: Claimed) -> Events:
    answer = await post.wecom.user.get(action.userid)
    return (MemberSynced(created_at=post.clock.now(), userid=action.userid, name=answer.get("name", "")),)


def _profile(contact: dict[str, Any]) -> Profile:
    names = ("name", "avatar", "type", "gender", "unionid", "corp_name")
    return Profile(**{name: contact.get(name) for name in names})


def _follow_info(follow: dict[str, Any]) -> FollowInfo:
    corp_tags = (t for t in follow.get("tags", ()) if t.get("type") == 1)
    return FollowInfo(
        userid=follow["userid"],
        added_at=follow["createtime"],
        remark=follow.get("remark"),
        description=follow.get("description"),
        state=follow.get("state"),
        add_way=follow.get("add_way"),
        tags=tuple((t.get("tag_id", ""), f"{t['group_name']}/{t['tag_name']}") for t in corp_tags),
    )


HOW: dict[type[Action], Performed] = {
    SendWelcome: _send_welcome,
    SendAppMessage: _send_app_message,
    MarkTags: _mark_tags,
    SyncCustomer: _sync_customer,
    SyncMember: _sync_member,
}

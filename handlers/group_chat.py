"""Customer groups (客户群): callbacks are hints, what groupchat/get says is kept."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions.groups import KeepGroupWelcome, SyncGroup
from bot.scrm.channel_tags import channel_tags
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.groups import GroupGone, GroupJoined, GroupWelcomeKept
from bot.scrm.facts import Facts
from bot.scrm.records import Record
from bot.scrm.records.groups import DismissGroup, NoteGroupLeft, SaveGroupWelcome
from bot.wecom.events import GroupChatCreated, GroupChatDismissed, GroupChatUpdated

router = Router()

SEATS = ("add_member", "del_member")
"""What a new member version stands for; a new name, owner or notice has none."""

SETTLE_SECONDS = 2
"""WeCom may call back before its own data can be read."""


@router.on(GroupChatCreated, GroupChatUpdated)
async def changed(event: GroupChatCreated | GroupChatUpdated, facts: Facts) -> Decision:
    """Read the group again, unless it was read that far already; who left is noted at once, with how."""
    version = event.cur_mem_ver if isinstance(event, GroupChatUpdated) and event.update_detail in SEATS else None
    known = await facts.groups.get(event.chat_id)
    if known and version and known.member_version == version:
        return Decision(because=("已经读到这个版本了",))
    sync = SyncGroup(chat_id=event.chat_id, member_version=version, not_before_at=facts.now + SETTLE_SECONDS)
    return Decision(records=_left(event), actions=(sync,))


@router.on(GroupJoined)
async def joined(event: GroupJoined, facts: Facts) -> Decision:
    """Who came by a channel's code carries its tags."""
    channel = facts.content.channel(event.state)
    return await channel_tags(event.external_userid, channel, facts) if channel else Decision()


@router.on(GroupChatDismissed, GroupGone)
async def dismissed(event: GroupChatDismissed | GroupGone, facts: Facts) -> Decision:
    """The group is no more."""
    return Decision(records=(DismissGroup(chat_id=event.chat_id, at=event.created_at),))


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """The group welcomes of this edition belong into WeCom's library."""
    keep = tuple(
        KeepGroupWelcome(welcome_id=each.id, text=each.text, attached=each.attached, digest=each.digest)
        for each in facts.content.group_welcomes
    )
    return Decision(actions=keep)


@router.on(GroupWelcomeKept)
async def welcome_kept(event: GroupWelcomeKept, facts: Facts) -> Decision:
    """A group welcome is in WeCom's library; an admin or the owner has to choose it for a group."""
    kept = SaveGroupWelcome(
        welcome_id=event.welcome_id, template_id=event.template_id, digest=event.digest, at=event.created_at
    )
    return Decision(records=(kept,), because=("入群欢迎语已在素材库；请群主或管理员在客户群里选用它",))


def _left(event: GroupChatCreated | GroupChatUpdated) -> tuple[Record, ...]:
    if not isinstance(event, GroupChatUpdated) or event.update_detail != "del_member" or not event.mem_change_list:
        return ()
    left = NoteGroupLeft(
        chat_id=event.chat_id, member_ids=event.mem_change_list, scene=event.quit_scene, at=event.created_at
    )
    return (left,)

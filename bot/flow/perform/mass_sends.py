"""企业群发: the task of a guide made at WeCom, looked after, and taken back when its time is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

from bot.flow.perform.customers import attachments_of
from bot.flow.perform.post import Events, LookedFor, Performed, Post, Withheld, pages
from bot.flow.perform.sending import NotTold, begin, is_made, keep, made_before, says
from bot.scrm.actions import Action, Attached
from bot.scrm.actions.sends import CreateMassSend, ReadMassSend
from bot.scrm.events.sends import SendMade, SendRead
from bot.store import batches, library, sends
from bot.store.outbox import Claimed
from bot.store.sends import Reading
from bot.wecom import messages
from bot.wecom.errors import NotReached, WeComError

CANCELLED: Final = 41093
PRESSED: Final = 2
"""Status of a member who has sent it (get_groupmsg_task, official page 93338)."""

ON_ITS_WAY_SECONDS: Final = 60
"""So long a try whose answer was lost may still be under way at WeCom."""


class MediaNotThere(NotReached):
    """A file that goes with it is not at WeCom, or not any more."""

    def __str__(self) -> str:
        return "一起发的素材还没有传到企业微信，传好就发"


async def _create(post: Post, action: CreateMassSend, claimed: Claimed) -> Events:
    if await is_made(post, action.key):
        return ()
    whom = action.chat_ids or tuple(await _people(post, action))
    if not whom:
        raise Withheld("名单里已经没有人了")
    await _media_there(post, action.attached)
    await begin(post, action.key)
    attachments = await attachments_of(post, action.attached)
    body = messages.mass_send_body(action.userid, whom, str(action.text), attachments, group=bool(action.chat_ids))
    answer = await post.wecom.mass_send.add(body)
    failed = tuple(answer.get("fail_list", ()))
    return (SendMade(created_at=post.clock.now(), key=action.key, task_id=answer["msgid"], failed=failed),)


async def _media_there(post: Post, attached: tuple[Attached, ...]) -> None:
    """Raises MediaNotThere while a file of it is to be uploaded."""
    paths = {each.media for each in attached if each.media and each.kind != "link"}
    usable = await post.database.read(partial(library.usable_media, until_at=post.clock.now())) if paths else {}
    if paths - usable.keys():
        raise MediaNotThere("add_msg_template")


async def _people(post: Post, action: CreateMassSend, *, left_too: bool = False) -> list[str]:
    return await post.database.read(partial(batches.recipients_of, key=action.key, left_too=left_too))


async def _look_for(post: Post, action: CreateMassSend, claimed: Claimed) -> Events | None:
    """Whether it was made: with these words, to this guide, for these receivers. Raises as `made_before` does."""
    whom = frozenset(action.chat_ids or await _people(post, action, left_too=True))

    async def listed(since_at: int, until_at: int) -> AsyncIterator[str]:
        ask = partial(post.wecom.mass_send.made, "group" if action.chat_ids else "single", since_at, until_at)
        async for page in pages(ask):
            for made in page["group_msg_list"]:
                if says(made, str(action.text)):
                    yield made["msgid"]

    async def is_it(msgid: str) -> bool:
        if not [task async for task in _tasks(post, msgid) if task["userid"] == action.userid]:
            return False
        told = [each.who async for each in _results(post, msgid, action.userid)]
        if not told or not whom:  # nothing to tell it from others by
            raise NotTold("get_groupmsg_send_result")
        return any(who in whom for who in told)

    msgid = await made_before(post, action, claimed.attempts, listed, is_it, ON_ITS_WAY_SECONDS)
    return (SendMade(created_at=post.clock.now(), key=action.key, task_id=msgid),) if msgid else None


async def _read(post: Post, action: ReadMassSend, claimed: Claimed) -> Events:
    if action.last:
        try:
            await post.wecom.mass_send.cancel(action.msgid)
        except WeComError as error:
            if error.errcode != CANCELLED:
                raise
    pressed = [task async for task in _tasks(post, action.msgid) if _pressed(task, action.userid)]
    read = [each async for each in _results(post, action.msgid, action.userid)]
    await keep(post, action.key, read)
    return (
        SendRead(
            created_at=post.clock.now(),
            key=action.key,
            by_at=action.by_at,
            pressed=bool(pressed),
            sent=sum(each.status == sends.SENT for each in read),
            unsent=sum(not each.status for each in read) if read else 1,  # it has not told of anybody yet
            last=action.last,
            stopped=action.stopped,
        ),
    )


def _pressed(task: dict[str, Any], userid: str) -> bool:
    return bool(task["userid"] == userid and task["status"] == PRESSED)


async def _tasks(post: Post, msgid: str) -> AsyncIterator[dict[str, Any]]:
    async for page in pages(partial(post.wecom.mass_send.tasks, msgid)):
        for task in page["task_list"]:
            yield task


async def _results(post: Post, msgid: str, userid: str) -> AsyncIterator[Reading]:
    async for page in pages(partial(post.wecom.mass_send.results, msgid, userid)):
        for each in page["send_list"]:
            who = each.get("chat_id") or each["external_userid"]
            yield Reading(who, each["status"], each.get("send_time", 0))


HOW: dict[type[Action], Performed] = {CreateMassSend: _create, ReadMassSend: _read}
LOOKED_FOR: dict[type[Action], LookedFor] = {CreateMassSend: _look_for}

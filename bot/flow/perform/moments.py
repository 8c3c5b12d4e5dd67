"""客户朋友圈: a Moment asked for at WeCom, looked after, and taken back where its time is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from bot.flow.perform.post import Events, LookedFor, Performed, Post, pages
from bot.flow.perform.sending import begin, is_made, keep, made_before, says
from bot.scrm.actions import Action, Attached
from bot.scrm.actions.sends import CreateMoment, ReadMoment, ReadReactions
from bot.scrm.events.sends import SendFailed, SendMade, SendRead
from bot.store import library, reactions, sends
from bot.store.outbox import Claimed
from bot.store.sends import Reading
from bot.wecom import messages
from bot.wecom.errors import WeComError, meaning

DONE: Final = 3
"""Status of a job that is over (get_moment_task_result, official page 96351)."""

POSTED: Final = 1
"""publish_status of a member who has posted it (get_moment_task, official page 96352)."""

TAG_UNKNOWN: Final = 40068
JOB_SECONDS: Final = 600
"""So long a job whose answer was lost may still be under way: before that, a Moment that is not there may yet come."""

KINDS: Final = {"image": "image", "video": "video", "link": "image"}
"""What the file of an attachment is uploaded as; that of a link is its cover."""


async def _create(post: Post, action: CreateMoment, claimed: Claimed) -> Events:
    if await is_made(post, action.key):
        return ()
    await begin(post, action.key)
    files = [await _upload(post, attached) for attached in action.attached]
    body = messages.moment_body(
        action.userids,
        await _tag_ids(post, action.tags),
        str(action.text),
        list(zip(action.attached, files, strict=True)),
    )
    answer = await post.wecom.moment.add(body)
    return (SendMade(created_at=post.clock.now(), key=action.key, job_id=answer["jobid"]),)


async def _upload(post: Post, attached: Attached) -> str:
    """The media_id of its file, of the kind that Moments take (upload_attachment, official page 96347)."""
    if not attached.media:
        return ""
    name, data = await asyncio.to_thread(_file, post.media_folder / attached.media)
    answer = await post.wecom.media.upload_attachment(KINDS[attached.kind], (name, data))
    return str(answer["media_id"])


def _file(path: Path) -> tuple[str, bytes]:
    """A name that WeCom takes, and what is in it: up to 10 MB, so not where everybody waits."""
    data = path.read_bytes()
    return sha256(data).hexdigest()[:16] + path.suffix, data


async def _tag_ids(post: Post, tags: tuple[str, ...]) -> list[str]:
    ids = await post.database.look_up(partial(library.tag_ids, tags=tags)) if tags else {}
    if any(tag not in ids for tag in tags):
        raise WeComError("add_moment_task", TAG_UNKNOWN, "")
    return [ids[tag] for tag in tags]


async def _look_for(post: Post, action: CreateMoment, claimed: Claimed) -> Events | None:
    """Whether it was made: with these words, for these guides. Raises as `made_before` does."""

    async def listed(since_at: int, until_at: int) -> AsyncIterator[str]:
        async for page in pages(partial(post.wecom.moment.made, since_at, until_at)):
            for made in page["moment_list"]:
                if says(made, str(action.text)):
                    yield made["moment_id"]

    async def is_it(moment_id: str) -> bool:
        return bool(set(await _guides(post, moment_id)) & set(action.userids))

    moment_id = await made_before(post, action, claimed.attempts, listed, is_it, JOB_SECONDS)
    return (SendMade(created_at=post.clock.now(), key=action.key, task_id=moment_id),) if moment_id else None


async def _guides(post: Post, moment_id: str) -> dict[str, int]:
    """userid → publish_status."""
    ask = partial(post.wecom.moment.tasks, moment_id)
    return {task["userid"]: task["publish_status"] async for page in pages(ask) for task in page["task_list"]}


async def _read(post: Post, action: ReadMoment, claimed: Claimed) -> Events:
    now = post.clock.now()
    moment_id = action.moment_id
    if moment_id is None:
        job = await post.wecom.moment.job(action.job_id)
        if job["status"] != DONE:
            return (_progress(action, now, {}, last=False),)  # it cannot be taken back before it is there
        made: dict[str, Any] = job.get("result", {})
        if made.get("errcode"):
            return (SendFailed(created_at=now, key=action.key, state="failed", reason=meaning(made["errcode"])),)
        moment_id = str(made["moment_id"])
        await post.database.write(partial(sends.name, key=action.key, task_id=moment_id))
    if action.last:
        await post.wecom.moment.cancel(moment_id)
    guides = await _guides(post, moment_id)
    read = [Reading(userid, sends.SENT, now) for userid, status in guides.items() if status == POSTED]
    await keep(post, action.key, read)
    return (_progress(action, now, guides, last=action.last),)


def _progress(action: ReadMoment, now: int, guides: dict[str, int], *, last: bool) -> SendRead:
    """`guides`: empty while the job is under way. Who has not posted it when it is taken back never will."""
    posted = sum(status == POSTED for status in guides.values())
    return SendRead(
        created_at=now,
        key=action.key,
        by_at=action.by_at,
        pressed=posted > 0,
        sent=posted,
        unsent=0 if last else len(guides) - posted if guides else 1,
        last=last,
        stopped=action.stopped,
    )


async def _hear(post: Post, action: ReadReactions, claimed: Claimed) -> Events:
    for userid, status in (await _guides(post, action.moment_id)).items():
        if status == POSTED:
            told = await post.wecom.moment.comments(action.moment_id, userid)
            for what, listed in (("comment", "comment_list"), ("like", "like_list")):
                who = [
                    (each["external_userid"], each["create_time"]) for each in told[listed] if "external_userid" in each
                ]
                for first in range(0, len(who), sends.CHUNK):
                    part = who[first : first + sends.CHUNK]
                    await post.database.write(partial(reactions.keep, task_id=action.moment_id, what=what, told=part))
    return ()


HOW: dict[type[Action], Performed] = {CreateMoment: _create, ReadMoment: _read, ReadReactions: _hear}
LOOKED_FOR: dict[type[Action], LookedFor] = {CreateMoment: _look_for}

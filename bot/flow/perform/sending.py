"""What mass sends and Moments have in common: asked for once, found again when the answer was lost, kept as read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from bot.flow.perform.post import Post, Withheld
from bot.scrm.actions.sends import CreateMassSend, CreateMoment
from bot.scrm.retry import LOST_TRIES
from bot.scrm.send import GIVE_UP_SECONDS
from bot.store import sends
from bot.store.sends import Reading
from bot.wecom.errors import AnswerLost, NotReached, WeComError

CLOCKS_APART_SECONDS: Final = 300
"""How far WeCom's clock and ours may differ where a send is looked for by when it was made."""


class NotThereYet(NotReached):
    """Whether the try before arrived cannot be known yet."""

    def __str__(self) -> str:
        return "上一次的回答丢了，先等等看任务有没有建成"


class NotTold(NotReached):
    """Whether the try before arrived cannot be asked now."""

    def __str__(self) -> str:
        return f"上一次的回答丢了，现在也查不到（{self.api}），过一会儿再查"


async def is_made(post: Post, key: str) -> bool:
    """Whether WeCom has this send already."""
    return await post.database.read(partial(sends.is_made, key=key))


async def begin(post: Post, key: str) -> None:
    """A send is about to be asked for. Raises Withheld when it is over already, or somebody stopped it meanwhile."""
    if against := await post.database.write(partial(sends.try_it, key=key, now=post.clock.now())):
        raise Withheld(against)


async def made_before(
    post: Post,
    action: CreateMassSend | CreateMoment,
    tries: int,
    listed: Callable[[int, int], AsyncIterator[str]],
    is_it: Callable[[str], Awaitable[bool]],
    wait_seconds: int,
) -> str | None:
    """The id at WeCom, if the try whose answer was lost did arrive. `listed`: the ids of what says the same and was
    made between two instants; `is_it`: whether one of them has the guides and receivers of this send.

    It is asked for, past its end too, until nobody will ever know.

    Raises:
        NotThereYet: it may still be on its way, for `wait_seconds` after the last try.
        NotTold: WeCom did not say.
        Withheld: it has not said for a day after the end, however often it was asked.
    """
    try:
        return await _made_before(post, action.key, listed, is_it, wait_seconds)
    except (WeComError, AnswerLost, NotReached) as error:
        over_at = (action.not_after_at or 0) + GIVE_UP_SECONDS
        if action.not_after_at is not None and post.clock.now() >= over_at and tries >= LOST_TRIES:
            raise Withheld("一直查不到有没有建成") from error
        if isinstance(error, NotThereYet) or (isinstance(error, WeComError) and error.kind == "rate"):
            raise
        raise NotTold(error.api) from error


async def _made_before(
    post: Post,
    key: str,
    listed: Callable[[int, int], AsyncIterator[str]],
    is_it: Callable[[str], Awaitable[bool]],
    wait_seconds: int,
) -> str | None:
    slot_at, tried_at = await post.database.read(partial(sends.tried_at, key=key))
    now = post.clock.now()
    alike = [task_id async for task_id in listed(slot_at - CLOCKS_APART_SECONDS, now + CLOCKS_APART_SECONDS)]
    known = await post.database.read(partial(sends.known, task_ids=alike))
    for task_id in alike:
        if task_id not in known and await is_it(task_id):
            return task_id
    if now < tried_at + wait_seconds:
        raise NotThereYet(key)
    return None


def says(made: Mapping[str, Any], words: str) -> bool:
    """Whether something that WeCom lists has these words."""
    return bool(made.get("text", {}).get("content", "") == words)


async def keep(post: Post, key: str, read: Sequence[Reading]) -> None:
    """What was read of receivers, some hundred in a transaction: greetings wait behind it."""
    for first in range(0, len(read), sends.CHUNK):
        part = read[first : first + sends.CHUNK]
        await post.database.write(partial(sends.note, key=key, read=part, now=post.clock.now()))

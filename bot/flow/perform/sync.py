"""Reading the pool back, a page an action: what the page says is kept here, and only counts go back as an event.

A kill between the two costs one page, which is read again: keeping it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from msgspec.structs import replace

from bot.flow.perform.customers import _follow_info, _profile
from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.sync import PlanSync, ReadPage
from bot.scrm.events.sync import CustomerFound, CustomerGone, PageRead, SyncPlanned
from bot.scrm.sync import UNSETTLED_SECONDS, Listed, SyncKind, day_before
from bot.store import groups, pool
from bot.store.outbox import Claimed
from bot.wecom.errors import WeComError, meaning
from bot.wecom.net.endpoints import Answer

GONE_AT_ONCE = 500
"""Relations of one member that one reading ends at most: the rest comes the next night."""

UNLISTED_AT_ONCE = 100

KEPT_AT_ONCE = 10
"""Customers of a page kept in one transaction, for others wait for their turn to write: one whose tags changed takes
about a millisecond, one who turns out to be somebody whom we know by their unionid three."""

NO_CUSTOMERS = 84061
"""Of a member who has no customers (error page, note 1)."""

NOT_UNDERSTOOD = "企业微信的回答里少了该有的内容"
NO_LICENCE = "这位成员没有接口许可，读不到客户"


log = structlog.get_logger()


async def _plan(post: Post, action: PlanSync, claimed: Claimed) -> Events:
    answer = await post.wecom.external_contact.get_follow_user_list()
    parts = tuple(sorted(set(answer.get("follow_user", ()))))
    return (SyncPlanned(created_at=post.clock.now(), job=action.job, kind=action.kind, parts=parts),)


async def _read(post: Post, action: ReadPage, claimed: Claimed) -> Events:
    """What a page brought; a member who cannot be read costs the others nothing."""
    page = PageRead(created_at=post.clock.now(), job=action.job, kind=action.kind, place=action.place)
    try:
        return await PAGES[action.kind](post, action, page)
    except WeComError as error:
        if error.kind != "permanent":
            raise
        return (replace(page, refused=meaning(error.errcode)),)
    except (LookupError, TypeError):
        log.exception("page_not_understood", kind=action.kind)
        return (replace(page, refused=NOT_UNDERSTOOD),)


async def _customers(post: Post, action: ReadPage, page: PageRead) -> Events:
    userid, now = action.place.part, page.created_at
    answer = await _unless_none(post.wecom.external_contact.batch_get_by_user([userid], action.place.cursor))
    if userid in answer.get("fail_info", {}).get("unlicensed_userid_list", ()):
        return (replace(page, refused=NO_LICENCE),)
    listed = [_listed(contact) for contact in answer.get("external_contact_list", ())]
    saved = await _kept(post, action, listed, now)
    cursor = answer.get("next_cursor", "")
    gone = () if cursor else await _gone(post, action, now)
    found = tuple(
        CustomerFound(
            created_at=now,
            userid=userid,
            external_userid=customer.external_userid,
            added_at=customer.info.added_at,
            state=customer.info.state,
        )
        for customer in saved.found
    )
    counted = replace(
        page,
        to_cursor=cursor,
        read=len(listed),
        history=saved.history,
        changed=saved.changed,
        found=len(found),
        gone=len(gone),
    )
    return (counted, *found, *gone)


async def _kept(post: Post, action: ReadPage, listed: Sequence[Listed], now: int) -> pool.Saved:
    saved = pool.Saved()
    for first in range(0, len(listed), KEPT_AT_ONCE):
        some = listed[first : first + KEPT_AT_ONCE]
        keep = partial(pool.save_page, userid=action.place.part, listed=some, began_at=action.started_at, now=now)
        saved += await post.database.write(keep)
    return saved


async def _gone(post: Post, action: ReadPage, now: int) -> tuple[CustomerGone, ...]:
    """After a member's last page: whom we have and WeCom has no more."""
    userid = action.place.part
    theirs = await _external_userids(post, userid)
    ours = await post.database.read(partial(pool.active_before, userid=userid, before_at=now - UNSETTLED_SECONDS))
    note = partial(pool.note_pool, userid=userid, customers=len(theirs), began_at=action.started_at)
    await post.database.write(note)
    return tuple(
        CustomerGone(created_at=now, userid=userid, external_userid=external_userid)
        for external_userid in sorted(ours - theirs)[:GONE_AT_ONCE]
    )


async def _external_userids(post: Post, userid: str) -> set[str]:
    answer = await _unless_none(post.wecom.external_contact.list(userid))
    return set(answer.get("external_userid", ()))


async def _unless_none(asked: Answer) -> dict[str, Any]:
    """What WeCom answered; nothing for a member who has no customers."""
    try:
        return await asked
    except WeComError as error:
        if error.errcode != NO_CUSTOMERS:
            raise
        return {}


async def _groups(post: Post, action: ReadPage, page: PageRead) -> Events:
    answer = await post.wecom.groups.list([action.place.part], action.place.cursor)
    chat_ids = [group["chat_id"] for group in answer.get("group_chat_list", ())]
    cursor = answer.get("next_cursor", "")
    ours = [] if cursor else await _unlisted(post, action, chat_ids)
    return (replace(page, to_cursor=cursor, read=len(chat_ids), chat_ids=(*chat_ids, *ours)),)


async def _unlisted(post: Post, action: ReadPage, listed: list[str]) -> list[str]:
    """After an owner's last page: groups that we know and WeCom did not list. Reading them tells why."""
    unread = partial(groups.unread, owner=action.place.part, since_at=action.started_at, limit=UNLISTED_AT_ONCE)
    return [chat_id for chat_id in await post.database.read(unread) if chat_id not in listed]


async def _behaviour(post: Post, action: ReadPage, page: PageRead) -> Events:
    userid = action.place.part
    day, begin_at, end_at = day_before(action.started_at, post.timezone)
    answer = await post.wecom.behaviour.of(userid, begin_at, end_at)
    days = answer.get("behavior_data", ())
    for numbers in days:
        kept = {name: numbers.get(name) for name in NUMBERS} | {name: numbers.get(name, 0) for name in COUNTS}
        await post.database.write(partial(pool.save_day, userid=userid, day=day, numbers=kept))
    return (replace(page, read=len(days)),)


COUNTS = ("new_apply_cnt", "new_contact_cnt", "chat_cnt", "message_cnt", "negative_feedback_cnt")
NUMBERS = ("reply_percentage", "avg_reply_time")

PAGES: Mapping[SyncKind, Callable[[Post, ReadPage, PageRead], Awaitable[Events]]] = {
    "customers": _customers,
    "groups": _groups,
    "behaviour": _behaviour,
}


def _listed(contact: dict[str, Any]) -> Listed:
    follow = contact["follow_info"]
    return Listed(
        external_userid=contact["external_contact"]["external_userid"],
        profile=_profile(contact["external_contact"]),
        info=_follow_info(follow),
        tag_ids=tuple(follow.get("tag_id", ())),
    )


HOW: dict[type[Action], Performed] = {
    PlanSync: _plan,
    ReadPage: _read,
}

"""Reading every way in back from WeCom, which has no callback for what others do to one.

Links of 微信客服 can be read by nobody, so they are kept and never compared.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from bot.flow.perform.post import Events, Performed, Post, pages
from bot.scrm.actions import Action
from bot.scrm.actions.channels import CompareWays
from bot.scrm.channel import KeptWay, Way
from bot.scrm.events.library import WayDiffers
from bot.store import library
from bot.store.outbox import Claimed
from bot.wecom.errors import WeComError

UNKNOWN_CONFIG_ID = 41044

log = structlog.get_logger()


async def _compare(post: Post, action: CompareWays, claimed: Claimed) -> Events:
    """What is not as we know it. A way in that WeCom does not let us read costs the others nothing."""
    told: list[WayDiffers] = []
    for known in (await post.database.look_up(library.kept_ways)).values():
        try:
            there = await READ[known.way](post, known)
        except WeComError as error:
            if error.kind != "permanent":
                raise
            log.warning("way_not_read", channel_id=known.channel_id, errcode=error.errcode)
            continue
        if _differs(known, there):
            told.append(_told(post.clock.now(), known, there))
    return tuple(told)


def _differs(known: KeptWay, there: KeptWay | None) -> bool:
    if there is None or known.gone_at is not None:
        return (there is None) != (known.gone_at is not None)
    # When all groups of a code are full WeCom makes one more by itself: more than ours are as good.
    return set(known.userids) != set(there.userids) or not set(known.chat_ids) <= set(there.chat_ids)


def _told(now: int, known: KeptWay, there: KeptWay | None) -> WayDiffers:
    seen = {"userids": there.userids, "chat_ids": there.chat_ids} if there else {}
    return WayDiffers(
        created_at=now, channel_id=known.channel_id, config_id=known.config_id, gone=there is None, **seen
    )


async def _read_contact_way(post: Post, known: KeptWay) -> KeptWay | None:
    answer = await _unless_gone(post.wecom.external_contact.get_contact_way(known.config_id))
    way = answer.get("contact_way", {})
    return _as_it_is(known, way.get("state"), userids=tuple(way.get("user", ()))) if answer else None


async def _read_join_way(post: Post, known: KeptWay) -> KeptWay | None:
    answer = await _unless_gone(post.wecom.join_ways.get(known.config_id))
    way = answer.get("join_way", {})
    return _as_it_is(known, way.get("state"), chat_ids=tuple(way.get("chat_id_list", ()))) if answer else None


async def _read_link(post: Post, known: KeptWay) -> KeptWay | None:
    """A link that is gone is a wrong parameter like any other, so it is looked for in the list first."""
    links = post.wecom.acquisition
    ids = [id_ async for page in pages(lambda cursor: links.list_link(cursor=cursor)) for id_ in page["link_id_list"]]
    if known.config_id not in ids:
        return None
    answer = await links.get(known.config_id)
    received = tuple(answer.get("range", {}).get("user_list", ()))
    return _as_it_is(known, answer["link"].get("link_name"), userids=received)


def _as_it_is(known: KeptWay, named: str | None, **received: tuple[str, ...]) -> KeptWay:
    """By a code that is named otherwise nobody comes to this channel."""
    nobody = {"userids": (), "chat_ids": ()}
    return replace(known, **(nobody | received if named == known.channel_id else nobody))


async def _unless_gone(asked: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """What WeCom answered; nothing for a config_id that it does not know."""
    try:
        return await asked
    except WeComError as error:
        if error.errcode != UNKNOWN_CONFIG_ID:
            raise
        return {}


READ: dict[Way, Callable[[Post, KeptWay], Awaitable[KeptWay | None]]] = {
    "联系我": _read_contact_way,
    "获客链接": _read_link,
    "入群": _read_join_way,
}
"""How WeCom has a way in by now; None: not at all."""

HOW: dict[type[Action], Performed] = {CompareWays: _compare}

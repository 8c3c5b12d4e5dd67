"""Keeping the ways in at WeCom: contact ways, acquisition links, join ways. What is there already is adopted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from bot.flow.perform.post import Events, Performed, Post, pages
from bot.scrm.actions import Action, KeepContactWay
from bot.scrm.actions.channels import KeepAcquisitionLink, KeepJoinWay
from bot.scrm.channel import KeptWay
from bot.scrm.events import ContactWayKept
from bot.store import library
from bot.store.outbox import Claimed

LISTED_SINCE = 1_625_846_400
"""WeCom lists contact ways made since 2021-07-10, and by default of the last 90 days only (reference section 3.4)."""


class _How(NamedTuple):
    """How WeCom keeps one sort of ways in: `wanted`, what a channel should have; `find`, what it has although we know
    of nothing, from a try whose answer was lost or from another machine; `change` and `make`, what it then has."""

    wanted: Callable[[Any], KeptWay]
    find: Callable[[Post, KeptWay], Awaitable[KeptWay | None]]
    change: Callable[[Post, Any, KeptWay], Awaitable[KeptWay]]
    make: Callable[[Post, Any, KeptWay], Awaitable[KeptWay]]


async def _keep(post: Post, action: Any, claimed: Claimed, *, how: _How) -> Events:
    wanted = how.wanted(action)
    known = (await post.database.look_up(library.kept_ways)).get(wanted.channel_id)
    there = known if known and known.gone_at is None else None
    if there and (there.userids, there.chat_ids) == (wanted.userids, wanted.chat_ids):
        return ()
    way = there or await how.find(post, wanted)
    if way:
        way = await how.change(post, action, way)
    else:
        way = await how.make(post, action, wanted)
    kept = ContactWayKept(
        created_at=post.clock.now(),
        channel_id=wanted.channel_id,
        config_id=way.config_id,
        qr_code=way.qr_code,
        url=way.url,
        way=wanted.way,
        userids=wanted.userids,
        chat_ids=wanted.chat_ids,
    )
    return (kept,)


def _contact_way(action: KeepContactWay) -> KeptWay:
    return KeptWay(channel_id=action.channel_id, config_id="", userids=action.userids)


async def _find_contact_way(post: Post, wanted: KeptWay) -> KeptWay | None:
    ways = post.wecom.external_contact
    async for page in pages(lambda cursor: ways.list_contact_way(start_time=LISTED_SINCE, cursor=cursor)):
        for listed in page.get("contact_way", ()):
            way = (await ways.get_contact_way(listed["config_id"]))["contact_way"]
            if way.get("state") == wanted.channel_id:
                return replace(wanted, config_id=way["config_id"], qr_code=way.get("qr_code", ""))
    return None


async def _change_contact_way(post: Post, action: KeepContactWay, way: KeptWay) -> KeptWay:
    await post.wecom.external_contact.update_contact_way(
        way.config_id, user=list(action.userids), state=action.channel_id
    )
    return way


async def _make_contact_way(post: Post, action: KeepContactWay, wanted: KeptWay) -> KeptWay:
    made = await post.wecom.external_contact.add_contact_way(
        type=2, scene=2, remark=action.title, state=action.channel_id, user=list(action.userids)
    )
    return replace(wanted, config_id=made["config_id"], qr_code=made.get("qr_code", ""))


def _link(action: KeepAcquisitionLink) -> KeptWay:
    return KeptWay(channel_id=action.channel_id, config_id="", userids=action.userids, way="获客链接")


async def _find_link(post: Post, wanted: KeptWay) -> KeptWay | None:
    """By its name; an app sees only the links that it made."""
    links = post.wecom.acquisition
    async for page in pages(lambda cursor: links.list_link(cursor=cursor)):
        for link_id in page.get("link_id_list", ()):
            link = (await links.get(link_id))["link"]
            if link.get("link_name") == wanted.channel_id:
                return replace(wanted, config_id=link_id, url=link["url"])
    return None


async def _change_link(post: Post, action: KeepAcquisitionLink, way: KeptWay) -> KeptWay:
    await post.wecom.acquisition.update_link(way.config_id, range=_receivers(action), link_name=action.channel_id)
    return way


async def _make_link(post: Post, action: KeepAcquisitionLink, wanted: KeptWay) -> KeptWay:
    link = (await post.wecom.acquisition.create_link(action.channel_id, _receivers(action)))["link"]
    return replace(wanted, config_id=link["link_id"], url=link["url"])


def _receivers(action: KeepAcquisitionLink) -> dict[str, Any]:
    return {"user_list": list(action.userids)}


def _join_way(action: KeepJoinWay) -> KeptWay:
    return KeptWay(channel_id=action.channel_id, config_id="", chat_ids=action.chat_ids, way="入群")


async def _find_no_join_way(post: Post, wanted: KeptWay) -> None:
    """WeCom lists no join ways: after a lost answer the first one stays there unused, and nobody ever saw it."""


async def _change_join_way(post: Post, action: KeepJoinWay, way: KeptWay) -> KeptWay:
    await post.wecom.join_ways.update(way.config_id, **_joined(action))
    return await _pictured(post, way)


async def _make_join_way(post: Post, action: KeepJoinWay, wanted: KeptWay) -> KeptWay:
    made = await post.wecom.join_ways.add(**_joined(action))
    return await _pictured(post, replace(wanted, config_id=made["config_id"]))


def _joined(action: KeepJoinWay) -> dict[str, Any]:
    return {"scene": 2, "remark": action.title, "chat_id_list": list(action.chat_ids), "state": action.channel_id}


async def _pictured(post: Post, way: KeptWay) -> KeptWay:
    """With the picture of its code, which no other answer brings."""
    answer = await post.wecom.join_ways.get(way.config_id)
    return replace(way, qr_code=answer["join_way"].get("qr_code", ""))


CONTACT_WAY = _How(_contact_way, _find_contact_way, _change_contact_way, _make_contact_way)
LINK = _How(_link, _find_link, _change_link, _make_link)
JOIN_WAY = _How(_join_way, _find_no_join_way, _change_join_way, _make_join_way)

HOW: dict[type[Action], Performed] = {
    KeepContactWay: partial(_keep, how=CONTACT_WAY),
    KeepAcquisitionLink: partial(_keep, how=LINK),
    KeepJoinWay: partial(_keep, how=JOIN_WAY),
}

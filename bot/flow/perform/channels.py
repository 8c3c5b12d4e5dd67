"""Keeping the ways in at WeCom: contact ways, acquisition links, join ways. What is there already is adopted."""

from __future__ import annotations

from typing import Any

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action, KeepContactWay
from bot.scrm.actions.channels import KeepAcquisitionLink, KeepJoinWay
from bot.scrm.channel import KeptWay
from bot.scrm.events import ContactWayKept
from bot.store import library
from bot.store.outbox import Claimed

LISTED_SINCE = 1_625_846_400
"""WeCom lists contact ways made since 2021-07-10, and by default of the last 90 days only (reference section 3.4)."""


async def _keep_contact_way(post: Post, action: KeepContactWay, claimed: Claimed) -> Events:
    known = await _known(post, action.channel_id)
    if known and known.userids == action.userids:
        return ()
    if known:
        way = {"config_id": known.config_id, "qr_code": known.qr_code}
    else:
        way = await _find_contact_way(post, action.channel_id) or {}
    if way:
        await post.wecom.external_contact.update_contact_way(way["config_id"], user=list(action.userids))
    else:
        way = await _add_contact_way(post, action)
    kept = ContactWayKept(
        created_at=post.clock.now(),
        channel_id=action.channel_id,
        config_id=way["config_id"],
        qr_code=way.get("qr_code", ""),
        userids=action.userids,
    )
    return (kept,)


async def _known(post: Post, channel_id: str) -> KeptWay | None:
    return (await post.database.look_up(library.kept_ways)).get(channel_id)


async def _find_contact_way(post: Post, state: str) -> dict[str, Any] | None:
    """One that exists already, made by a try whose answer was lost or on another machine."""
    cursor = ""
    while True:
        page = await post.wecom.external_contact.list_contact_way(start_time=LISTED_SINCE, cursor=cursor)
        for listed in page.get("contact_way", ()):
            answer = await post.wecom.external_contact.get_contact_way(listed["config_id"])
            if answer["contact_way"].get("state") == state:
                return dict(answer["contact_way"])
        cursor = page.get("next_cursor", "")
        if not cursor:
            return None


async def _add_contact_way(post: Post, action: KeepContactWay) -> dict[str, Any]:
    return dict(
        await post.wecom.external_contact.add_contact_way(
            type=2, scene=2, remark=action.title, state=action.channel_id, user=list(action.userids)
        )
    )


async def _keep_acquisition_link(post: Post, action: KeepAcquisitionLink, claimed: Claimed) -> Events:
    known = await _known(post, action.channel_id)
    if known and known.userids == action.userids:
        return ()
    receivers = {"user_list": list(action.userids)}
    if known:
        link_id, url = known.config_id, known.url
    else:
        link_id, url = await _find_link(post, action.channel_id) or ("", "")
    if link_id:
        await post.wecom.acquisition.update_link(link_id, range=receivers)
    else:
        link = (await post.wecom.acquisition.create_link(action.channel_id, receivers))["link"]
        link_id, url = link["link_id"], link["url"]
    kept = ContactWayKept(
        created_at=post.clock.now(),
        channel_id=action.channel_id,
        config_id=link_id,
        qr_code="",
        userids=action.userids,
        way="获客链接",
        url=url,
    )
    return (kept,)


async def _find_link(post: Post, name: str) -> tuple[str, str] | None:
    """One of this name that exists already; an app sees only the links that it made."""
    cursor = ""
    while True:
        page = await post.wecom.acquisition.list_link(cursor=cursor)
        for link_id in page.get("link_id_list", ()):
            link = (await post.wecom.acquisition.get(link_id))["link"]
            if link.get("link_name") == name:
                return link_id, link["url"]
        cursor = page.get("next_cursor", "")
        if not cursor:
            return None


async def _keep_join_way(post: Post, action: KeepJoinWay, claimed: Claimed) -> Events:
    known = await _known(post, action.channel_id)
    if known and known.chat_ids == action.chat_ids:
        return ()
    if known:
        config_id = known.config_id
        await post.wecom.join_ways.update(config_id, **_join_way(action))
    else:
        # WeCom lists no join ways: after a lost answer the first one stays there unused, and nobody ever saw it.
        config_id = (await post.wecom.join_ways.add(**_join_way(action)))["config_id"]
    qr_code = (await post.wecom.join_ways.get(config_id))["join_way"].get("qr_code", "")
    kept = ContactWayKept(
        created_at=post.clock.now(),
        channel_id=action.channel_id,
        config_id=config_id,
        qr_code=qr_code,
        userids=(),
        way="入群",
        chat_ids=action.chat_ids,
    )
    return (kept,)


def _join_way(action: KeepJoinWay) -> dict[str, Any]:
    return {"scene": 2, "remark": action.title, "chat_id_list": list(action.chat_ids), "state": action.channel_id}


HOW: dict[type[Action], Performed] = {
    KeepContactWay: _keep_contact_way,
    KeepAcquisitionLink: _keep_acquisition_link,
    KeepJoinWay: _keep_join_way,
}

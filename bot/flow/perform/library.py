"""Keeping what the corp has at WeCom: tags, media, codes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action, KeepContactWay, SyncCorpTags, UploadMedia
from bot.scrm.events import ContactWayKept, CorpTag, CorpTagsSynced, MediaUploaded
from bot.store import library
from bot.store.outbox import Claimed


async def _sync_corp_tags(post: Post, action: SyncCorpTags, claimed: Claimed) -> Events:
    return (CorpTagsSynced(created_at=post.clock.now(), tags=tuple(await corp_tags(post, action.wanted))),)


async def corp_tags(post: Post, wanted: tuple[str, ...]) -> list[CorpTag]:
    """The library after adding what is wanted and missing; a name that is there is never added twice."""
    tags = await _read_corp_tags(post)
    there = {f"{t.group}/{t.name}" for t in tags}
    missing: defaultdict[str, list[str]] = defaultdict(list)
    for group, _, name in (tag.partition("/") for tag in wanted if tag not in there):
        missing[group].append(name)
    for group, names in missing.items():
        group_id = next((t.group_id for t in tags if t.group == group), None)
        await post.wecom.external_contact.add_corp_tag(group_id, group, None, [{"name": n} for n in names])
    return await _read_corp_tags(post) if missing else tags


async def _read_corp_tags(post: Post) -> list[CorpTag]:
    answer = await post.wecom.external_contact.get_corp_tag_list()
    return [
        CorpTag(tag_id=tag["id"], group_id=group["group_id"], group=group["group_name"], name=tag["name"])
        for group in answer.get("tag_group", ())
        for tag in group.get("tag", ())
        if not tag.get("deleted")
    ]


async def _upload_media(post: Post, action: UploadMedia, claimed: Claimed) -> Events:
    data = (post.media_folder / action.path).read_bytes()
    if sha256(data).hexdigest() != action.sha256:
        return ()  # a newer edition of the file has an action of its own
    answer = await post.wecom.media.upload(action.kind, (Path(action.path).name, data))
    uploaded = MediaUploaded(
        created_at=post.clock.now(), path=action.path, sha256=action.sha256, media_id=answer["media_id"]
    )
    return (uploaded,)


async def _keep_contact_way(post: Post, action: KeepContactWay, claimed: Claimed) -> Events:
    known = (await post.database.look_up(library.contact_ways)).get(action.channel_id)
    if known and known.userids == action.userids:
        return ()
    way = asdict(known) if known else await _find_contact_way(post, action.channel_id)
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


async def _find_contact_way(post: Post, state: str) -> dict[str, Any] | None:
    """One that exists already, made by a try whose answer was lost or on another machine."""
    cursor = ""
    while True:
        page = await post.wecom.external_contact.list_contact_way(cursor=cursor)
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


HOW: dict[type[Action], Performed] = {
    SyncCorpTags: _sync_corp_tags,
    UploadMedia: _upload_media,
    KeepContactWay: _keep_contact_way,
}

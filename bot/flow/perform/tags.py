"""Keeping the corp's tag library in line with tags.yaml, and our customers' tags in line with both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action, SyncCorpTags
from bot.scrm.actions.tags import DeleteCorpTag
from bot.scrm.events import CorpTag, CorpTagsSynced
from bot.scrm.tag_plan import Renaming, plan_tags, renamed_paths
from bot.store import tags as store
from bot.store.outbox import Claimed
from bot.wecom.errors import WeComError, meaning

log = structlog.get_logger()


async def _sync_corp_tags(post: Post, action: SyncCorpTags, claimed: Claimed) -> Events:
    before = await _read(post)
    plan = plan_tags(action.taxonomy, before)
    refused = [
        *await _rename(post, plan.rename_groups),
        *await _rename(post, plan.rename_tags),
    ]
    after = before
    if not plan.done:
        renamed = await _read(post)
        there = {f"{t.group}/{t.name}" for t in renamed}
        stuck = _stuck(refused)
        await _add(post, renamed, [tag for tag in plan.add if tag not in there and tag.partition("/")[0] not in stuck])
        after = await _read(post)
    for was, now in renamed_paths(action.taxonomy, after).items():
        await _in_chunks(post, partial(store.rename, was=was, now=now))
    said = tuple(f"“{r.was}”不能改名为“{r.now}”：{meaning(code)}（{code}）" for r, code in refused)
    return (CorpTagsSynced(created_at=post.clock.now(), tags=tuple(after), refused=said),)


async def add_missing(post: Post, wanted: Sequence[str]) -> list[CorpTag]:
    """The library after adding those of the wanted tags that it lacks; a name that is there is never added twice."""
    tags = await _read(post)
    there = {f"{t.group}/{t.name}" for t in tags}
    missing = [tag for tag in wanted if tag not in there]
    await _add(post, tags, missing)
    return await _read(post) if missing else tags


async def _delete_corp_tag(post: Post, action: DeleteCorpTag, claimed: Claimed) -> Events:
    found = [t.tag_id for t in await _read(post) if f"{t.group}/{t.name}" == action.tag]
    if found:
        await post.wecom.external_contact.del_corp_tag(tag_id=found)
    await _in_chunks(post, partial(store.forget, tag=action.tag))
    return (CorpTagsSynced(created_at=post.clock.now(), tags=tuple(await _read(post))),)


async def _rename(post: Post, renamings: Sequence[Renaming]) -> list[tuple[Renaming, int]]:
    """Rename them; what WeCom refuses for good (another app or an admin made it) with the errcode."""
    refused = []
    for renaming in renamings:
        try:
            await post.wecom.external_contact.edit_corp_tag(renaming.id, name=renaming.name)
        except WeComError as error:
            if error.kind != "permanent":
                raise
            log.warning("tag_not_renamed", tag=renaming.was, to=renaming.now, errcode=error.errcode)
            refused.append((renaming, error.errcode))
    return refused


def _stuck(refused: Sequence[tuple[Renaming, int]]) -> set[str]:
    """Groups that keep their old name: a second one with the new name would only confuse."""
    return {renaming.now for renaming, _ in refused if "/" not in renaming.now}


async def _add(post: Post, tags: Sequence[CorpTag], missing: Sequence[str]) -> None:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for group, _, name in (tag.partition("/") for tag in missing):
        groups[group].append(name)
    for group, names in groups.items():
        group_id = next((t.group_id for t in tags if t.group == group), None)
        await post.wecom.external_contact.add_corp_tag(group_id, group, None, [{"name": n} for n in names])


async def _read(post: Post) -> list[CorpTag]:
    answer = await post.wecom.external_contact.get_corp_tag_list()
    return [
        CorpTag(tag_id=tag["id"], group_id=group["group_id"], group=group["group_name"], name=tag["name"])
        for group in answer.get("tag_group", ())
        for tag in group.get("tag", ())
        if not tag.get("deleted")
    ]


async def _in_chunks(post: Post, job: Callable[[Connection], int]) -> None:
    """Again and again until nothing is left, letting others write in between."""
    while await post.database.write(job):
        pass


HOW: dict[type[Action], Performed] = {SyncCorpTags: _sync_corp_tags, DeleteCorpTag: _delete_corp_tag}

"""Keeping what content/kf.yaml wants at WeCom: accounts, who receives there, and the channels' links."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.kf import KeepKfAccount, KeepKfLink
from bot.scrm.events.kf import KfAccountKept, KfLinkKept
from bot.store import kf_accounts
from bot.store.outbox import Claimed

PAGE = 100
SERVICERS_AT_ONCE = 100


async def _keep_account(post: Post, action: KeepKfAccount, claimed: Claimed) -> Events:
    there = await _find(post, action)
    if there is None:
        media_id = await _avatar(post, action.avatar)
        there = {"name": action.name, **await post.wecom.kf.account_add(action.name, media_id)}
    elif there.get("name") != action.name:
        await post.wecom.kf.account_update(there["open_kfid"], name=action.name)
    left_out = await _add_servicers(post, there["open_kfid"], action.guides)
    kept = KfAccountKept(
        created_at=post.clock.now(),
        account_id=action.account_id,
        open_kfid=there["open_kfid"],
        name=action.name,
        left_out=left_out,
    )
    return (kept,)


async def _find(post: Post, action: KeepKfAccount) -> dict[str, Any] | None:
    """The account that was ours before, else the one that has the name."""
    known = await post.database.read(kf_accounts.all_accounts)
    ours = next((a.open_kfid for a in known if a.account_id == action.account_id), None)
    there = await _accounts(post)
    by_id = next((a for a in there if a["open_kfid"] == ours), None)
    return by_id or next((a for a in there if a.get("name") == action.name), None)


async def _accounts(post: Post) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = (await post.wecom.kf.account_list(len(found), PAGE)).get("account_list") or []
        found += page
        if len(page) < PAGE:
            return found


async def _avatar(post: Post, path: str) -> str:
    """The picture's media_id: it is uploaded for this alone."""
    data = (post.media_folder / path).read_bytes()
    answer = await post.wecom.media.upload("image", (Path(path).name, data))
    return str(answer["media_id"])


async def _add_servicers(post: Post, open_kfid: str, guides: tuple[str, ...]) -> tuple[str, ...]:
    """Those who are missing; whom WeCom did not take. Nobody is taken out: staff may have added them in the console."""
    listed = (await post.wecom.kf.servicer_list(open_kfid)).get("servicer_list") or []
    receiving = {servicer.get("userid") for servicer in listed}
    missing = [userid for userid in guides if userid not in receiving]
    results: list[dict[str, Any]] = []
    for first in range(0, len(missing), SERVICERS_AT_ONCE):
        answer = await post.wecom.kf.servicer_add(open_kfid, missing[first : first + SERVICERS_AT_ONCE])
        results += answer.get("result_list") or []
    return tuple(str(result.get("userid")) for result in results if result.get("errcode"))


async def _keep_link(post: Post, action: KeepKfLink, claimed: Claimed) -> Events:
    known = await post.database.look_up(partial(kf_accounts.link, channel_id=action.channel_id))
    if known and known[0] == action.open_kfid:
        return ()
    answer = await post.wecom.kf.add_contact_way(action.open_kfid, action.channel_id)
    kept = KfLinkKept(
        created_at=post.clock.now(), channel_id=action.channel_id, open_kfid=action.open_kfid, url=answer["url"]
    )
    return (kept,)


HOW: dict[type[Action], Performed] = {
    KeepKfAccount: _keep_account,
    KeepKfLink: _keep_link,
}

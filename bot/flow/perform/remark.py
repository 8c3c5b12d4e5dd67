"""Writing down, where a guide looks, what a customer told."""

from __future__ import annotations

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.remark import RemarkCustomer
from bot.store.outbox import Claimed

MOST_CHARACTERS = 150
"""Of a description (official page 92115)."""


async def _remark(post: Post, action: RemarkCustomer, claimed: Claimed) -> Events:
    answer = await post.wecom.external_contact.get(action.external_userid)
    mine = (f for f in answer.get("follow_user", ()) if f["userid"] == action.userid)
    described = next((str(f.get("description") or "") for f in mine), None)
    if described is None or action.line_added in described:
        return ()
    whole = f"{described}\n{action.line_added}".strip()
    if len(whole) <= MOST_CHARACTERS:
        await post.wecom.external_contact.remark(action.userid, action.external_userid, description=whole)
    return ()


HOW: dict[type[Action], Performed] = {RemarkCustomer: _remark}

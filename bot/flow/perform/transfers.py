"""Handing customers and groups to another member."""

from __future__ import annotations

from functools import partial

from bot.flow.perform.post import Events, Performed, Post, pages
from bot.scrm.actions import Action
from bot.scrm.actions.transfers import AT_ONCE, ReadTransferResults, TransferCustomers, TransferGroups
from bot.scrm.events.transfers import CustomersTransferred, GroupsTransferred, TransferResults
from bot.scrm.transfer import STATES, UNDER_WAY
from bot.store import groups, transfers
from bot.store.outbox import Claimed

A_PART = 20
"""Results of one event: each moves a customer, and all of an event are one transaction."""


async def _transfer(post: Post, action: TransferCustomers, claimed: Claimed) -> Events:
    customers = action.customers or await _next(post, action)
    if not customers:
        return ()
    answer = await post.wecom.handover.customers(action.handover, action.takeover, customers, resigned=action.resigned)
    told = {row["external_userid"]: row.get("errcode", 0) for row in answer.get("customer", ())}
    more = not action.customers and len(customers) == AT_ONCE
    transferred = CustomersTransferred(
        created_at=post.clock.now(),
        handover=action.handover,
        takeover=action.takeover,
        resigned=action.resigned,
        started=tuple(who for who in customers if told.get(who, 0) in (0, *UNDER_WAY)),
        refused=tuple((who, told[who]) for who in customers if told.get(who, 0) not in (0, *UNDER_WAY)),
        to_after=customers[-1] if more else "",
    )
    return (transferred,)


async def _next(post: Post, action: TransferCustomers) -> tuple[str, ...]:
    page = partial(transfers.next_customers, userid=action.handover, after=action.after, limit=AT_ONCE)
    return tuple(await post.database.read(page))


async def _results(post: Post, action: ReadTransferResults, claimed: Claimed) -> Events:
    """Every page is read; only what we waited for, and what is over, is told."""
    waited = partial(transfers.waiting_customers, handover=action.handover, takeover=action.takeover)
    ours = await post.database.read(waited)
    look = partial(post.wecom.handover.results, action.handover, action.takeover, resigned=action.resigned)
    over: list[tuple[str, int]] = []
    async for page in pages(lambda cursor: look(cursor=cursor)):
        rows = ((row["external_userid"], row["status"]) for row in page.get("customer", ()))
        over += [(who, status) for who, status in rows if who in ours and status in STATES]
    return tuple(
        TransferResults(
            created_at=post.clock.now(),
            handover=action.handover,
            takeover=action.takeover,
            resigned=action.resigned,
            part=first // A_PART,
            results=tuple(over[first : first + A_PART]),
        )
        for first in range(0, len(over), A_PART)
    )


async def _groups(post: Post, action: TransferGroups, claimed: Claimed) -> Events:
    chat_ids = await post.database.read(partial(groups.owned, owner=action.handover))
    failed: list[tuple[str, int]] = []
    for first in range(0, len(chat_ids), AT_ONCE):
        some = chat_ids[first : first + AT_ONCE]
        answer = await post.wecom.handover.groups(some, action.takeover, resigned=action.resigned)
        failed += [(row["chat_id"], row["errcode"]) for row in answer.get("failed_chat_list", ())]
    names = {chat_id for chat_id, _ in failed}
    moved = GroupsTransferred(
        created_at=post.clock.now(),
        handover=action.handover,
        takeover=action.takeover,
        resigned=action.resigned,
        chat_ids=tuple(chat_id for chat_id in chat_ids if chat_id not in names),
        failed=tuple(failed),
    )
    return (moved,)


HOW: dict[type[Action], Performed] = {
    TransferCustomers: _transfer,
    ReadTransferResults: _results,
    TransferGroups: _groups,
}

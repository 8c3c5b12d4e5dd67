"""Pulling 微信客服: every message and event of sync_msg becomes an own event, once, and none is lost.

    page ─▶ own events and the cursor behind them, one transaction ─▶ next page, while there is more

A crash between two pages begins again at the stored cursor; what comes twice is the same inbox row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from bot.flow.perform.kf_reading import own_event_of
from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.kf import PullKfMessages, SyncKfCustomers
from bot.scrm.events.kf import KfCustomerSynced, KfEntered, KfEvent, KfStrangersCame
from bot.scrm.person import Profile
from bot.store import inbox, kf, kf_accounts
from bot.store.inbox import Arrival
from bot.store.outbox import Claimed
from bot.wecom.errors import NotReached, WeComError

SYSTEM_BUSY = -1
TOKEN_BAD = 95007
CURSOR_BAD = (40035, 50100)
PAGE = 500
"""Messages a call; up to 1,000 are allowed, but what a page brings is one transaction."""

STANDSTILL = 100
"""So many pages in a row that say there is more and bring nothing: WeCom is not well, and asked again later."""

BELL_SECONDS = 600
"""A bell's token lives this long: of an account that nobody told us about, what is older is history."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Pull:
    """One walk through what waits. `since_at`: what was sent before is history."""

    post: Post
    open_kfid: str
    token: str | None
    cursor: str
    since_at: int
    customers: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Page after page, until nothing is left: an empty page may have more behind it."""
        idle = 0
        while idle < STANDSTILL:
            page = await self._page()
            messages, cursor = page.get("msg_list") or (), str(page.get("next_cursor") or self.cursor)
            idle = 0 if messages or cursor != self.cursor else idle + 1
            await self._keep(messages, cursor)
            if page.get("has_more") != 1:
                return
        raise WeComError("kf/sync_msg", SYSTEM_BUSY)

    async def _page(self) -> dict[str, Any]:
        """A token that has run out is left away; so is a cursor that is refused: then from the oldest of three days."""
        try:
            return await self.post.wecom.kf.sync_msg(self.open_kfid, self.cursor, self.token, PAGE)
        except WeComError as error:
            if error.errcode == TOKEN_BAD and self.token:
                self.token = None
            elif error.errcode in CURSOR_BAD and self.cursor:
                self.cursor = ""
            else:
                raise
        return await self._page()

    async def _keep(self, messages: Iterable[Any], cursor: str) -> None:
        """What a page brought, and the cursor behind it: both or neither."""
        arrivals = [arrival for message in messages if (arrival := self._arrival(message))]
        keep = partial(
            kf_accounts.keep_page,
            open_kfid=self.open_kfid,
            cursor=cursor,
            since_at=self.since_at,
            arrivals=arrivals,
            now=self.post.clock.now(),
        )
        try:
            await self.post.database.write(keep)
        except Exception:  # a database that is away says so in many ways
            log.exception("kf_page_not_kept")
            raise NotReached("kf/sync_msg") from None  # what is not kept was never read: it is pulled again
        self.cursor = cursor
        if arrivals:
            self.post.happened()

    def _arrival(self, message: Any) -> Arrival | None:
        event = own_event_of(message, self.open_kfid, self.since_at)
        if event is None:
            log.warning("kf_message_not_understood", msgtype=_kind(message))
            return None
        if isinstance(event, KfEvent):
            self.customers.add(event.external_userid)
        arrival = inbox.own_arrival(event, kf_accounts.message_cause(self.open_kfid, str(message["msgid"])))
        # A welcome code lets an event pass its line: it lives 20 s.
        return arrival._replace(welcome_code=event.welcome_code) if isinstance(event, KfEntered) else arrival


async def _pull(post: Post, action: PullKfMessages, claimed: Claimed) -> Events:
    account = await post.database.look_up(partial(kf_accounts.account, open_kfid=action.open_kfid))
    if account and claimed.id <= account.covered:
        return ()  # a pull that began after this bell has brought all
    newest = await post.database.look_up(kf_accounts.newest_action)
    since_at = account.since_at if account else post.clock.now() - BELL_SECONDS
    pull = _Pull(post, action.open_kfid, action.kf_token, account.cursor if account else "", since_at)
    await pull.run()
    await post.database.write(partial(kf_accounts.cover, open_kfid=action.open_kfid, until=newest))
    strangers = await post.database.read(partial(kf.strangers, external_userids=pull.customers))
    if not strangers:
        return ()
    came = KfStrangersCame(created_at=post.clock.now(), open_kfid=action.open_kfid, external_userids=tuple(strangers))
    return (came,)


async def _sync_customers(post: Post, action: SyncKfCustomers, claimed: Claimed) -> Events:
    answer = await post.wecom.kf.customer_batchget(action.external_userids)
    now = post.clock.now()
    return tuple(
        KfCustomerSynced(created_at=now, external_userid=customer["external_userid"], profile=_profile(customer))
        for customer in answer.get("customer_list", ())
    )


def _profile(customer: dict[str, Any]) -> Profile:
    return Profile(
        name=customer.get("nickname"),
        avatar=customer.get("avatar") or None,
        gender=customer.get("gender"),
        unionid=customer.get("unionid"),
    )


def _kind(message: Any) -> str:
    """For the log: which sort it was, never what it said."""
    msgtype = message.get("msgtype") if isinstance(message, dict) else None
    event = message.get("event") if msgtype == "event" else None
    return str(event.get("event_type") if isinstance(event, dict) else msgtype)[:40]


HOW: dict[type[Action], Performed] = {
    PullKfMessages: _pull,
    SyncKfCustomers: _sync_customers,
}

"""获客助手: links by which strangers add members, and the quota that they cost (official pages 97297, 97298, 97299)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.events import system_event
from sandbox.world.people import ChatMessage, Follow, People
from sandbox.world.relations import Outcome, Relations
from sandbox.world.wire import Event, Ids, NotFoundError

CHANNEL_BYTES = 64
BALANCE_LOW = 20
_BALANCE_AT_FIRST, _NO_END = 1000, 4_102_444_800
_ADD_WAY = 16
_EVENT = "customer_acquisition"


@dataclass(frozen=True, slots=True)
class Comer:
    """One pair that a link brought together."""

    userid: str
    external_userid: str
    state: str
    at: int


@dataclass(slots=True)
class Link:
    """One link; `fields` as they were sent. `opened`: when it was. `came`: those who became customers by it."""

    ordinal: int
    link_id: str
    url: str
    made_by: int
    create_time: int
    fields: dict[str, Any]
    opened: list[int] = field(default_factory=list)
    came: list[Comer] = field(default_factory=list)

    @property
    def range(self) -> dict[str, Any]:
        return dict(self.fields["range"])

    @property
    def users(self) -> list[str]:
        return list(self.range.get("user_list", []))

    @property
    def skip_verify(self) -> bool:
        return bool(self.fields.get("skip_verify", True))


class Acquisition:
    """The links and the quota; methods return the callbacks; NotFoundError says what is amiss."""

    def __init__(self, corpid: str, ids: Ids, people: People, relations: Relations) -> None:
        self._corpid, self._ids, self._people, self._relations = corpid, ids, people, relations
        self.links: dict[str, Link] = {}
        # Expiry (epoch seconds) → how many new customers it still pays for.
        self.quota = {_NO_END: _BALANCE_AT_FIRST}
        self.used = 0
        # Pairs (userid, external_userid): who asked by which link and is not a customer yet; who came by one.
        self._asked: dict[tuple[str, str], Link] = {}
        self._came: set[tuple[str, str]] = set()
        self._paid: set[str] = set()
        self._last_ordinal = 0
        relations.watchers.append(self)

    @property
    def balance(self) -> int:
        return sum(self.quota.values())

    def open(self, at: int, made_by: int, fields: dict[str, Any]) -> Link:
        """A new link."""
        self._last_ordinal += 1
        url = f"https://work.weixin.qq.com/ca/{self._ids.letters('', 16)}"
        link = Link(self._last_ordinal, self._ids.letters("ca", 22), url, made_by, at, fields)
        self.links[link.link_id] = link
        return link

    def find(self, link: str) -> Link:
        """By link_id or by its address, with or without customer_channel. Raises NotFoundError."""
        found = self.links.get(link) or next((k for k in self.links.values() if k.url == link.partition("?")[0]), None)
        if found is None:
            raise NotFoundError(f"没有获客链接 {link}")
        return found

    def customer_adds(
        self,
        at: int,
        *,
        link: str,
        channel: str = "",
        external_userid: str | None = None,
        name: str | None = None,
    ) -> Outcome:
        """A customer opens a link (of an address, its own customer_channel counts) and adds a member, in turn."""
        known = self.find(link)
        channel = cut(channel or link.partition("customer_channel=")[2])
        if self.balance <= 0:
            raise NotFoundError("获客助手的额度已用完，链接打不开")
        known.opened.append(at)
        customer = self._people.somebody(self._ids, external_userid, name)
        userid = self._next_user(known)
        if not self._people.are_friends(userid, customer.external_userid):
            self._asked[userid, customer.external_userid] = known
        asked = self._said(at, "friend_request", LinkId=known.link_id, State=channel or None)
        events = self._relations.meet(
            at, customer, userid, state=channel, add_way=_ADD_WAY, must_accept=not known.skip_verify
        )
        return customer.external_userid, [asked, *events]

    def buys(self, at: int, *, count: int, expire_at: int) -> list[Event]:
        """More quota: told only when there was none."""
        before = self.balance
        self.quota[expire_at] = self.quota.get(expire_at, 0) + count
        return [self._said(at, "balance_increased")] if before == 0 else []

    def spends(self, at: int, *, count: int) -> list[Event]:
        """So much of the quota is used up, by whomever."""
        return [event for _ in range(min(count, self.balance)) for event in self._spend(at)]

    def quota_expires_soon(self, at: int, *, expire_at: int) -> list[Event]:
        """WeCom warns some days before."""
        count = self.quota.get(expire_at, 0)
        return [self._said(at, "quota_expire_soon", ExpireTime=expire_at, ExpireQuotaNum=count)]

    def link_breaks(self, at: int, *, link_id: str) -> list[Event]:
        """Nobody can be added by the link any more: link_unavailable."""
        return [self._said(at, "link_unavailable", LinkId=self.find(link_id).link_id)]

    def admin_deletes(self, at: int, *, link_id: str) -> list[Event]:
        """An admin deletes a link in the console; by API nobody would be told."""
        del self.links[self.find(link_id).link_id]
        return [self._said(at, "delete_link", LinkId=link_id)]

    def added(self, at: int, follow: Follow) -> list[Event]:
        """Whoever a link has brought is noted, and paid for the first time."""
        link = self._asked.pop((follow.userid, follow.external_userid), None)
        if link is None:
            return []
        self._came.add((follow.userid, follow.external_userid))
        link.came.append(Comer(follow.userid, follow.external_userid, follow.state, at))
        if follow.external_userid in self._paid:
            return []
        self._paid.add(follow.external_userid)
        return self._spend(at)

    def lost(self, at: int, follow: Follow) -> None:
        """Nothing is paid back."""

    def wrote(self, follow: Follow, message: ChatMessage) -> list[Event]:
        """The first word of a customer who came by a link: customer_start_chat."""
        pair = (follow.userid, follow.external_userid)
        written = [m for m in self._people.chats[pair] if m.sender == follow.external_userid]
        if pair not in self._came or written != [message]:
            return []
        ids = {"UserID": follow.userid, "ExternalUserID": follow.external_userid}
        return [self._said(message.at, "customer_start_chat", **ids)]

    def has_written(self, userid: str, external_userid: str) -> bool:
        chat: Iterable[ChatMessage] = self._people.chats.get((userid, external_userid), ())
        return any(message.sender == external_userid for message in chat)

    def _next_user(self, link: Link) -> str:
        able = [userid for userid in link.users if (m := self._people.find_member(userid)) and not m.full]
        if not able:
            raise NotFoundError(f"获客链接 {link.link_id} 没有可添加的成员")
        return able[(len(link.opened) - 1) % len(able)]

    def _spend(self, at: int) -> list[Event]:
        """One new customer, paid from the quota that ends first."""
        if self.balance <= 0:
            return []
        expire_at = min(expire_at for expire_at, left in self.quota.items() if left)
        self.quota[expire_at] -= 1
        self.used += 1
        change = {0: "balance_exhausted", BALANCE_LOW - 1: "balance_low"}.get(self.balance)
        return [self._said(at, change)] if change else []

    def _said(self, at: int, change_type: str, **fields: str | int | None) -> Event:
        return system_event(self._corpid, at, _EVENT, change_type, **fields)


def cut(channel: str) -> str:
    """WeCom cuts customer_channel beyond 64 bytes."""
    return channel.encode()[:CHANNEL_BYTES].decode(errors="ignore")

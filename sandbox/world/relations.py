"""What customers and members do to each other in their clients, and the callbacks that follow.

Only these cause callbacks; the API's own writes cause none (official page 96361).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sandbox.world.contact_ways import ContactWays
from sandbox.world.events import system_event
from sandbox.world.people import ChatMessage, Customer, Follow, People
from sandbox.world.welcome import WelcomeCodes
from sandbox.world.wire import Event, Ids, NotFoundError

Outcome = tuple[str, list[Event]]
_CONTACT = "change_external_contact"
_BY_QR, _BY_ASSIGNMENT = 1, 202


class Watcher(Protocol):
    """Whoever keeps an eye on what happens between members and customers, and may have something to tell of it."""

    def added(self, at: int, follow: Follow) -> list[Event]:
        """They became friends."""

    def lost(self, at: int, follow: Follow) -> None:
        """The customer deleted the member."""

    def wrote(self, follow: Follow, message: ChatMessage) -> list[Event]:
        """One of them wrote; the message is in the chat already."""


class Relations:
    """Adding, accepting, deleting, editing, writing; methods return the callbacks; NotFoundError says what is amiss."""

    def __init__(self, corpid: str, ids: Ids, people: People, ways: ContactWays, codes: WelcomeCodes) -> None:
        self._corpid, self._ids = corpid, ids
        self._people, self._ways, self._codes = people, ways, codes
        self.watchers: list[Watcher] = []

    def customer_adds(
        self,
        at: int,
        *,
        userid: str | None = None,
        state: str | None = None,
        config_id: str | None = None,
        name: str | None = None,
        external_userid: str | None = None,
        half: bool = False,
        wecom_user: bool = False,
    ) -> Outcome:
        """A customer scans a channel's code, or adds `userid`. Already friends: nothing happens."""
        way = self._ways.find(state, config_id) if config_id or (state is not None and userid is None) else None
        if way is None and userid is None:
            raise NotFoundError("要给出 state、config_id 或 userid 之一")
        customer = self._people.somebody(self._ids, external_userid, name, wecom_user)
        userid = userid or self._ways.pick_user(way, self._followed_by(customer))
        must_accept = way is not None and not way.skip_verify
        state = state if way is None else way.state
        events = self.meet(at, customer, userid, state=state, must_accept=must_accept, half=half)
        return customer.external_userid, events

    def meet(
        self,
        at: int,
        customer: Customer,
        userid: str,
        *,
        state: str | None = None,
        add_way: int = _BY_QR,
        oper_userid: str = "",
        must_accept: bool = False,
        half: bool = False,
    ) -> list[Event]:
        """A customer and a member become friends, or nearly; nothing happens when they are.

        oper_userid: who began it; the customer unless given.
        """
        userid = self._people.member(userid).userid
        known = self._people.follow(userid, customer.external_userid)
        if known is not None and known.status in ("friends", "half"):
            return []
        follow = self._establish(customer, userid, at, state, add_way, oper_userid)
        follow.status = "requested" if must_accept else "half" if half else "friends"
        return [] if must_accept else self._added(follow, at)

    def member_accepts(self, at: int, *, userid: str, external_userid: str) -> list[Event]:
        """The member accepts a request or a half-added customer."""
        follow = self._people.own_follow(userid, external_userid)
        if follow.status not in ("requested", "half"):
            return []
        follow.status = "friends"
        return self._added(follow, at)

    def customer_deletes(self, at: int, *, external_userid: str, userid: str) -> list[Event]:
        """The customer deletes or blocks the member; the member's side stays."""
        follow = self._people.own_follow(userid, external_userid)
        if follow.status == "customer_left":
            return []
        if follow.status == "friends":
            follow.status = "customer_left"
        else:
            self._people.remove_follow(follow)
        for watcher in self.watchers:
            watcher.lost(at, follow)
        return [self._change(at, "del_follow_user", follow)]

    def member_deletes(self, at: int, *, userid: str, external_userid: str, by_transfer: bool = False) -> list[Event]:
        """The member deletes the customer (or an on-job transfer does): no relation is left."""
        follow = self._people.own_follow(userid, external_userid)
        self._people.remove_follow(follow)
        source = "DELETE_BY_TRANSFER" if by_transfer else None
        return [self._change(at, "del_external_contact", follow, Source=source)]

    def member_edits(
        self,
        at: int,
        *,
        userid: str,
        external_userid: str,
        remark: str | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
        mobiles: Sequence[str] | None = None,
    ) -> list[Event]:
        """The member changes remark, tags (ids) or mobiles; mobiles alone are told to nobody."""
        follow = self._people.own_follow(userid, external_userid)
        if mobiles is not None:
            follow.remark_mobiles = list(mobiles)
        if remark is None and not add_tags and not remove_tags:
            return []
        follow.remark = follow.remark if remark is None else remark
        kept = [tag for tag in follow.tag_ids if tag not in remove_tags]
        follow.tag_ids = kept + [tag for tag in add_tags if tag not in kept]
        return [self._change(at, "edit_external_contact", follow)]

    def customer_writes(self, at: int, *, external_userid: str, userid: str, text: str) -> list[Event]:
        """A private message: no app is told what it says, but a welcome is no longer possible."""
        return self._write(at, self._people.own_follow(userid, external_userid), external_userid, text)

    def member_writes(self, at: int, *, userid: str, external_userid: str, text: str) -> list[Event]:
        """The member writes to the customer by hand."""
        return self._write(at, self._people.own_follow(userid, external_userid), userid, text)

    def _write(self, at: int, follow: Follow, sender: str, text: str) -> list[Event]:
        if follow.status == "customer_left":
            raise NotFoundError(f"{follow.external_userid} 已删除 {follow.userid}，发不出消息")
        follow.chat_started = True
        message = ChatMessage(at, sender, text)
        self._people.write(follow.userid, follow.external_userid, message)
        return [event for watcher in self.watchers for event in watcher.wrote(follow, message)]

    def take_over(self, at: int, kept: Follow, userid: str, text: str) -> list[Event]:
        """A colleague gets a customer whom `kept` was about, with what was known of him, and says so.

        No WelcomeCode: the message of the transfer takes its place (not published).
        """
        self._people.write(userid, kept.external_userid, ChatMessage(at, userid, text))
        if self._people.are_friends(userid, kept.external_userid):
            return []
        customer = self._people.customers[kept.external_userid]
        follow = self._establish(customer, userid, at, None, _BY_ASSIGNMENT, kept.userid)
        follow.status = "friends"
        follow.chat_started = follow.welcomed = True
        for name in ("remark", "description", "remark_corp_name", "remark_mobiles", "tag_ids"):
            setattr(follow, name, getattr(follow, name) or getattr(kept, name))
        return self._added(follow, at)

    def transfer_fails(
        self, at: int, *, userid: str, external_userid: str, reason: str = "customer_refused"
    ) -> list[Event]:
        """A transfer to `userid` failed: customer_refused or customer_limit_exceed."""
        if reason not in ("customer_refused", "customer_limit_exceed"):
            raise NotFoundError(f"没有这种接替失败原因：{reason}")
        fields = {"FailReason": reason, "UserID": userid, "ExternalUserID": external_userid}
        return [system_event(self._corpid, at, _CONTACT, "transfer_fail", **fields)]

    def _followed_by(self, customer: Customer) -> set[str]:
        return {follow.userid for follow in self._people.followers_of(customer.external_userid)}

    def _establish(
        self, customer: Customer, userid: str, at: int, state: str | None, add_way: int, oper_userid: str
    ) -> Follow:
        """A new relation; who comes back to a member who kept him keeps remark and tags."""
        kept = self._people.follow(userid, customer.external_userid)
        if kept is not None and kept.status == "customer_left":
            kept.createtime, kept.state, kept.add_way = at, state or "", add_way
            kept.welcomed = kept.chat_started = False
            return kept
        if kept is not None:
            self._people.remove_follow(kept)
        return self._people.add_follow(
            userid,
            customer.external_userid,
            createtime=at,
            status="friends",
            add_way=add_way,
            state=state or "",
            oper_userid=oper_userid or customer.external_userid,
        )

    def _added(self, follow: Follow, at: int) -> list[Event]:
        change = "add_half_external_contact" if follow.status == "half" else "add_external_contact"
        code = self._codes.issue(follow, at)
        event = self._change(at, change, follow, State=follow.state or None, WelcomeCode=code)
        follows = [] if follow.status == "half" else [e for watcher in self.watchers for e in watcher.added(at, follow)]
        return [event, *follows]

    def _change(self, at: int, change_type: str, follow: Follow, **more: str | None) -> Event:
        ids = {"UserID": follow.userid, "ExternalUserID": follow.external_userid}
        return system_event(self._corpid, at, _CONTACT, change_type, **ids, **more)

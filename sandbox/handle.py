"""`Scene`: a WeCom and the people around it, what they do and what is told of it. Nothing listens here."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from sandbox.clock import Clock, SystemClock
from sandbox.faults import Faults
from sandbox.handles.groups import GroupsHandle
from sandbox.handles.kf import KfHandle
from sandbox.handles.links import LinksHandle
from sandbox.handles.mass import MassHandle
from sandbox.handles.moments import MomentsHandle
from sandbox.handles.staff import StaffHandle
from sandbox.log import Log
from sandbox.server.callbacks import Courier
from sandbox.world import App, Member, World
from sandbox.world.wire import Event


class Scene:
    """Everything but the wire (sandbox.py).

    `clock`: anything of `sandbox.clock.Clock`. `seed`: the same seed and the same calls give the same ids and log.
    `retry_seconds`: pause before a callback is sent again. `callbacks_in_flight`: how many are open at once.
    `before`: a scene that stands still; this one goes on from a copy of its world and log.
    What people do (`customer_adds` …) returns as soon as it is done; callbacks follow in the background.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int | str = 0,
        corpid: str = "ww_sandbox",
        retry_seconds: float = 1.0,
        callbacks_in_flight: int = 32,
        before: Scene | None = None,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.world = deepcopy(before.world) if before else World(corpid, seed)
        self.log = deepcopy(before.log) if before else Log()
        self.faults = Faults(random.Random(f"{seed}/faults"))
        self.courier = Courier(
            self.world.apps,
            self.clock,
            self.faults,
            self.log,
            random.Random(f"{seed}/callbacks"),
            retry_seconds=retry_seconds,
            in_flight=callbacks_in_flight,
        )
        self.groups = GroupsHandle(self.world, self.clock, self._happened)
        self.links = LinksHandle(self.world, self.clock, self._happened)
        self.staff = StaffHandle(self.world, self.clock, self._happened)
        self.kf = KfHandle(self.world, self.clock, self._happened)
        self.mass = MassHandle(self.world, self.clock, self._happened)
        self.moments = MomentsHandle(self.world, self.clock, self._happened)
        self.world.kf.trouble = self.faults.for_kf
        self.base_url = ""

    async def callbacks_settled(self) -> None:
        """Until every callback was answered 200 or given up."""
        await self.courier.settled()

    @contextmanager
    def silently(self) -> Iterator[None]:
        """Whatever people do inside causes no callback, as if every one were lost."""
        self.courier.silent, before = True, self.courier.silent
        try:
            yield
        finally:
            self.courier.silent = before

    @property
    def callbacks_in_the_air(self) -> int:
        """How many callbacks are being sent at this moment; one that waits for its next try is not."""
        return self.courier.in_the_air

    def add_app(
        self,
        name: str,
        agentid: int,
        secret: str,
        callback_url: str = "",
        token: str = "",
        encoding_aes_key: str = "",
        trusted_ips: Sequence[str] = ("127.0.0.1", "::1"),
        **permissions: bool,
    ) -> App:
        """Install an app (again: replace it). `token` and `encoding_aes_key` are those of its callback.

        permissions: customer_contact and kf (it has both unless told otherwise), contact_secret (see `App`).
        """
        app = App(name, agentid, secret, callback_url, token, encoding_aes_key, tuple(trusted_ips), **permissions)
        return self.world.apps.add(app)

    def add_member(self, userid: str, name: str, **how: bool) -> Member:
        """An employee: activated, customer_contact, native_welcome, full."""
        return self.world.add_member(userid, name, **how)

    async def existing_pool(
        self, customers: int, guides: int | Sequence[str] = 4, groups: int = 0, days: int = 365
    ) -> list[str]:
        """Customers who were there before, without any callback; their external_userids. See `sandbox.world.pool`."""
        made = self.world.pool.fill(self.clock.now(), customers=customers, guides=guides, groups=groups, days=days)
        self._happened("existing_pool", [], customers=customers, groups=groups)
        return made

    async def customer_adds(
        self,
        *,
        state: str | None = None,
        userid: str | None = None,
        config_id: str | None = None,
        name: str | None = None,
        external_userid: str | None = None,
        half: bool = False,
        wecom_user: bool = False,
    ) -> str:
        """Scan a channel's code (by `state` or `config_id`: its members in turn), or add `userid` (with any `state`).
        Returns the external_userid."""
        external_userid, events = self.world.relations.customer_adds(
            self.clock.now(),
            state=state,
            userid=userid,
            config_id=config_id,
            name=name,
            external_userid=external_userid,
            half=half,
            wecom_user=wecom_user,
        )
        self._happened("customer_adds", events, external_userid=external_userid)
        return external_userid

    async def member_accepts(self, *, userid: str, external_userid: str) -> None:
        """The member accepts a request or a half-added customer."""
        events = self.world.relations.member_accepts(self.clock.now(), userid=userid, external_userid=external_userid)
        self._happened("member_accepts", events, userid=userid, external_userid=external_userid)

    async def customer_deletes(self, external_userid: str, userid: str) -> None:
        """The customer deletes or blocks the member: del_follow_user."""
        events = self.world.relations.customer_deletes(self.clock.now(), external_userid=external_userid, userid=userid)
        self._happened("customer_deletes", events, userid=userid, external_userid=external_userid)

    async def member_deletes(self, userid: str, external_userid: str, by_transfer: bool = False) -> None:
        """The member deletes the customer: del_external_contact."""
        events = self.world.relations.member_deletes(
            self.clock.now(), userid=userid, external_userid=external_userid, by_transfer=by_transfer
        )
        self._happened("member_deletes", events, userid=userid, external_userid=external_userid)

    async def member_edits(
        self,
        userid: str,
        external_userid: str,
        remark: str | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
        mobiles: Sequence[str] | None = None,
    ) -> None:
        """The member changes remark, tags (ids) or mobiles in the client: edit_external_contact."""
        events = self.world.relations.member_edits(
            self.clock.now(),
            userid=userid,
            external_userid=external_userid,
            remark=remark,
            add_tags=add_tags,
            remove_tags=remove_tags,
            mobiles=mobiles,
        )
        self._happened("member_edits", events, userid=userid, external_userid=external_userid)

    async def customer_writes(self, external_userid: str, userid: str, text: str) -> None:
        """A private message to the member; no callback of what it says, but the chat has started."""
        events = self.world.relations.customer_writes(
            self.clock.now(), external_userid=external_userid, userid=userid, text=text
        )
        self._happened("customer_writes", events, userid=userid, external_userid=external_userid)

    async def member_writes(self, userid: str, external_userid: str, text: str) -> None:
        """The member writes to the customer by hand; no callback."""
        events = self.world.relations.member_writes(
            self.clock.now(), userid=userid, external_userid=external_userid, text=text
        )
        self._happened("member_writes", events, userid=userid, external_userid=external_userid)

    async def customer_reads(self, external_userid: str, userid: str) -> list[dict[str, Any]]:
        """The chat as the customer's phone shows it, oldest first: at, sender, text, attachments."""
        chat = self.world.people.chats.get((userid, external_userid), [])
        return [{"at": m.at, "sender": m.sender, "text": m.text, "attachments": list(m.attachments)} for m in chat]

    async def member_reads(self, userid: str) -> list[dict[str, Any]]:
        """The notices of all apps as the member sees them, oldest first: at, agentid, sender, msgtype, content."""
        return [
            {
                "at": notice.at,
                "agentid": notice.agentid,
                "sender": notice.sender,
                "msgtype": notice.msgtype,
                "content": dict(notice.content),
                "msgid": notice.msgid,
            }
            for notice in self.world.messages.notices.get(userid, [])
            if not notice.recalled
        ]

    async def transfer_fails(self, userid: str, external_userid: str, reason: str = "customer_refused") -> None:
        """A transfer to `userid` failed: transfer_fail."""
        events = self.world.relations.transfer_fails(
            self.clock.now(), userid=userid, external_userid=external_userid, reason=reason
        )
        self._happened("transfer_fails", events, userid=userid, external_userid=external_userid)

    async def admin_edits_tags(
        self, op: str, tag_id: str | None = None, group: str | None = None, name: str | None = None
    ) -> str:
        """op create (tag `name` in `group`), rename, delete or shuffle `tag_id`. Returns the tag's or group's id."""
        changed, events = self.world.tags.admin_edits_tags(
            self.clock.now(), op=op, tag_id=tag_id, group=group, name=name
        )
        self._happened("admin_edits_tags", events, op=op, id=changed)
        return changed

    async def member_writes_app(self, userid: str, agentid: int, text: str) -> None:
        """The member sends a text to the app."""
        events = self.world.messages.member_writes_app(self.clock.now(), userid=userid, agentid=agentid, text=text)
        self._happened("member_writes_app", events, userid=userid, agentid=agentid)

    async def member_enters_app(self, userid: str, agentid: int) -> None:
        """The member opens the app: enter_agent."""
        events = self.world.messages.member_enters_app(self.clock.now(), userid=userid, agentid=agentid)
        self._happened("member_enters_app", events, userid=userid, agentid=agentid)

    async def member_clicks(
        self, userid: str, msgid: str, key: str, selected: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """The member clicks a card's button: template_card_event."""
        events = self.world.messages.member_clicks(
            self.clock.now(), userid=userid, msgid=msgid, key=key, selected=selected
        )
        self._happened("member_clicks", events, userid=userid, msgid=msgid, key=key)

    async def verifies_callback(self, agentid: int) -> bool:
        """Save the app's callback URL in the console: WeCom asks it for an echo."""
        return await self.courier.verify_url(self.world.apps.by_agentid(agentid))

    def _happened(self, action: str, events: list[Event], **about: object) -> None:
        self.log.add("action", at=self.clock.now(), wall_at=time.time(), took_ms=0.0, action=action, about=about)
        self.courier.send(events)

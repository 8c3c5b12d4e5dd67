"""`sandbox.kf`: what customers and human servicers do in 微信客服; the bell rings in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.handles.base import Handle
from sandbox.world.kf import line_json


class KfHandle(Handle):
    """`external_userid` names the customer, `open_kfid` the account, `userid` the servicer."""

    async def customer_enters(
        self,
        open_kfid: str | None = None,
        url: str | None = None,
        scene: str = "",
        scene_param: str = "",
        external_userid: str | None = None,
        name: str | None = None,
    ) -> str:
        """By a link (`url`, which may carry scene_param), or straight to an account: enter_session.

        Returns the external_userid.
        """
        session = self._world.kf_customers.enters(
            self._now(),
            open_kfid=open_kfid,
            url=url,
            scene=scene,
            scene_param=scene_param,
            external_userid=external_userid,
            name=name,
        )
        self._told("customer_enters", session.external_userid, session.open_kfid)
        return session.external_userid

    async def customer_writes(
        self,
        external_userid: str,
        open_kfid: str,
        text: str = "",
        msgtype: str = "text",
        content: Mapping[str, Any] | None = None,
    ) -> str:
        """A text, or with `msgtype` image, voice, file, location … and its `content`. Returns the msgid."""
        msgid = self._world.kf_customers.writes(
            self._now(),
            external_userid=external_userid,
            open_kfid=open_kfid,
            text=text,
            msgtype=msgtype,
            content=content,
        )
        self._told("customer_writes", external_userid, open_kfid)
        return msgid

    async def customer_taps(self, external_userid: str, open_kfid: str, menu_id: str) -> str:
        """The newest menu line with this id: the phone sends its words as a text. Returns the msgid."""
        msgid = self._world.kf_customers.taps(
            self._now(), external_userid=external_userid, open_kfid=open_kfid, menu_id=menu_id
        )
        self._told("customer_taps", external_userid, open_kfid)
        return msgid

    async def customer_recalls(self, external_userid: str, open_kfid: str, msgid: str) -> None:
        """Takes a message back: user_recall_msg."""
        self._world.kf_customers.recalls(self._now(), external_userid=external_userid, open_kfid=open_kfid, msgid=msgid)
        self._told("customer_recalls", external_userid, open_kfid)

    async def customer_rejects(self, external_userid: str, open_kfid: str, rejects: bool = True) -> None:
        """Refuses what the account sends: msg_send_fail with fail_type 10 from now on."""
        self._world.kf_customers.rejects(
            self._now(), external_userid=external_userid, open_kfid=open_kfid, rejects=rejects
        )
        self._told("customer_rejects", external_userid, open_kfid)

    async def servicer_takes(self, userid: str, external_userid: str, open_kfid: str) -> None:
        """Takes the session: session_status_change 1."""
        self._world.kf_servicers.takes(self._now(), userid=userid, external_userid=external_userid, open_kfid=open_kfid)
        self._told("servicer_takes", external_userid, open_kfid, userid=userid)

    async def servicer_writes(self, userid: str, external_userid: str, open_kfid: str, text: str) -> str:
        """Writes to the customer; opens an ended session again: session_status_change 4. Returns the msgid."""
        msgid = self._world.kf_servicers.writes(
            self._now(), userid=userid, external_userid=external_userid, open_kfid=open_kfid, text=text
        )
        self._told("servicer_writes", external_userid, open_kfid, userid=userid)
        return msgid

    async def servicer_transfers(self, userid: str, external_userid: str, open_kfid: str, to_userid: str) -> None:
        """Hands the session to another servicer: session_status_change 2."""
        self._world.kf_servicers.transfers(
            self._now(), userid=userid, external_userid=external_userid, open_kfid=open_kfid, to_userid=to_userid
        )
        self._told("servicer_transfers", external_userid, open_kfid, userid=userid)

    async def servicer_ends(self, userid: str, external_userid: str, open_kfid: str) -> None:
        """Ends the session: session_status_change 3."""
        self._world.kf_servicers.ends(self._now(), userid=userid, external_userid=external_userid, open_kfid=open_kfid)
        self._told("servicer_ends", external_userid, open_kfid, userid=userid)

    async def servicer_recalls(self, userid: str, external_userid: str, open_kfid: str, msgid: str) -> None:
        """Takes a message back: servicer_recall_msg."""
        self._world.kf_servicers.recalls(
            self._now(), userid=userid, external_userid=external_userid, open_kfid=open_kfid, msgid=msgid
        )
        self._told("servicer_recalls", external_userid, open_kfid, userid=userid)

    async def servicer_receives(self, userid: str, open_kfid: str, receives: bool = True, paused: bool = False) -> None:
        """Starts or stops receiving customers: servicer_status_change."""
        self._world.kf_servicers.receives(
            self._now(), userid=userid, open_kfid=open_kfid, receives=receives, paused=paused
        )
        self._told("servicer_receives", "", open_kfid, userid=userid)

    async def admin_adds(self, name: str, granted: bool = True) -> str:
        """Makes an account in the console, handed to the API or not. Returns the open_kfid."""
        account = self._world.kf.add_account(name, granted=granted)
        self._told("admin_adds", "", account.open_kfid)
        return account.open_kfid

    async def admin_hires(self, open_kfid: str, userid: str) -> None:
        """Makes a member a servicer in the console."""
        self._world.kf_servicers.hired(open_kfid=open_kfid, userid=userid)
        self._told("admin_hires", "", open_kfid, userid=userid)

    async def admin_grants(self, open_kfid: str, granted: bool = True) -> None:
        """Hands the account to the API or takes it back: kf_account_auth_change."""
        self._world.kf.grant(self._world.kf.account(open_kfid), self._now(), granted)
        self._told("admin_grants", "", open_kfid)

    async def chat(self, external_userid: str, open_kfid: str) -> list[dict[str, Any]]:
        """What the customer's phone shows, oldest first: at, sender, msgtype, text, content, msgid, recalled.

        `sender`: the external_userid, a servicer's userid, `bot` (an app) or `sys`.
        """
        session = self._world.kf.own_session(open_kfid, external_userid, self._now())
        return [line_json(line) for line in session.chat]

    def _told(self, action: str, external_userid: str, open_kfid: str, **about: str) -> None:
        who = {"external_userid": external_userid} if external_userid else {}
        self._happened(f"kf.{action}", self._world.kf.take_events(), **who, open_kfid=open_kfid, **about)

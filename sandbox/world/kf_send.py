"""What an app says in 微信客服: within 48 hours, five times, while no human has the session (page 94677)."""

from __future__ import annotations

import re
from typing import Any

from sandbox.world.kf import MSGID_CHARS, KfDesk, KfSession, Line, State
from sandbox.world.kf_codes import KfCodes
from sandbox.world.kf_content import checked
from sandbox.world.media import Media
from sandbox.world.wire import Answer, Call, need, text_of

SENDS_AT_MOST = 5
_MSGID = re.compile(r"[0-9a-zA-Z_-]*")
_REJECTED = 10


class KfSend:
    """`send_msg` and `send_msg_on_event`. errcode 0 = accepted: it may still fail, which an event then tells."""

    def __init__(self, desk: KfDesk, codes: KfCodes, media: Media) -> None:
        self._desk, self._codes, self._media = desk, codes, media
        self._sent: set[tuple[str, str]] = set()

    def endpoints(self) -> dict[str, Any]:
        return {"kf/send_msg": self.send_msg, "kf/send_msg_on_event": self.send_msg_on_event}

    def send_msg(self, call: Call) -> Answer:
        account = self._desk.api_account(call.body)
        customer = self._desk.people.api_customer(text_of(call.body, "touser"))
        session = self._desk.session(account.open_kfid, customer.external_userid, call.at)
        msgid = self._msgid(call)
        if (account.open_kfid, msgid) in self._sent:
            return {"msgid": msgid}
        kind, content = checked(call.body, self._media, call.at)
        _may_speak(session, call.at)
        session.sends += 1
        session.state = State.BOT
        self._deliver(session, call.at, msgid, kind, content)
        return {"msgid": msgid}

    def send_msg_on_event(self, call: Call) -> Answer:
        terms, session = self._codes.good(call.body.get("code"), call.at)
        self._desk.api_account({"open_kfid": session.open_kfid})
        # The state may have run out since.
        session = self._desk.session(session.open_kfid, session.external_userid, call.at)
        msgid = self._msgid(call)
        need(call.body.get("msgtype") in terms.msgtypes, 40035, "invalid parameter: msgtype for this code")
        kind, content = checked(call.body, self._media, call.at)
        need(terms.state in (None, session.state), 95018, "session state does not allow sending")
        self._codes.spend(call.body["code"], call.at)
        self._deliver(session, call.at, msgid, kind, content)
        return {"msgid": msgid}

    def _msgid(self, call: Call) -> str:
        msgid = str(call.body.get("msgid") or self._desk.ids.letters("", MSGID_CHARS))
        need(len(msgid.encode()) <= MSGID_CHARS and _MSGID.fullmatch(msgid), 40035, "invalid parameter: msgid")
        return msgid

    def _deliver(self, session: KfSession, at: int, msgid: str, kind: str, content: dict[str, Any]) -> None:
        """To the phone; or not, and then an event says so."""
        self._sent.add((session.open_kfid, msgid))
        fail_type = _REJECTED if session.rejects else self._desk.trouble("kf_send_fail")
        if fail_type is None:
            session.chat.append(Line(msgid, at, "bot", kind, content))
            return
        self._desk.tell(
            self._desk.accounts[session.open_kfid],
            at,
            "msg_send_fail",
            external_userid=session.external_userid,
            fail_msgid=msgid,
            fail_type=fail_type,
        )


def _may_speak(session: KfSession, at: int) -> None:
    """Raises ApiError 95018 (a human has it, or it has ended), 95002 (48 hours), 95001 (five messages)."""
    need(session.state not in (State.POOL, State.HUMAN), 95018, "session state does not allow sending")
    need(session.open_at(at), 95002, "the customer has said nothing for 48 hours")
    need(session.sends < SENDS_AT_MOST, 95001, f"{SENDS_AT_MOST} messages sent, the customer has not answered")
    need(session.state != State.ENDED, 95018, "session state does not allow sending")

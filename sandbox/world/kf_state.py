"""`service_state/get` and `/trans`: whose a session is, and handing it on (official page 94669)."""

from __future__ import annotations

from typing import Any

from sandbox.world.kf import KfAccount, KfDesk, KfSession, State
from sandbox.world.kf_codes import KfCodes, Occasion
from sandbox.world.wire import Answer, Call, need, text_of

# From → where an app may move it. 1 → 4 is not published.
_MOVES = {
    State.NEW: (State.BOT, State.POOL, State.HUMAN),
    State.BOT: (State.POOL, State.HUMAN),
    State.POOL: (State.HUMAN,),
    State.HUMAN: (State.HUMAN, State.ENDED),
    State.ENDED: (),
}
_CODES = {State.POOL: Occasion.QUEUED, State.HUMAN: Occasion.TAKEN, State.ENDED: Occasion.ENDED}


class KfState:
    """An app's own moves cause no event."""

    def __init__(self, desk: KfDesk, codes: KfCodes) -> None:
        self._desk, self._codes = desk, codes

    def endpoints(self) -> dict[str, Any]:
        return {"kf/service_state/get": self.get, "kf/service_state/trans": self.trans}

    def get(self, call: Call) -> Answer:
        _, session = self._named(call)
        servicer = {"servicer_userid": session.servicer_userid} if session.servicer_userid else {}
        return {"service_state": int(session.state), **servicer}

    def trans(self, call: Call) -> Answer:
        account, session = self._named(call)
        wanted = call.body.get("service_state")
        need(wanted in tuple(State), 40035, "invalid parameter: service_state")
        state = State(int(wanted or 0))
        need(session.state != State.ENDED, 95013, "session has ended")
        need(state in _MOVES[session.state], 95016, f"state may not change from {session.state} to {state}")
        servicer = self._servicer(account, call) if state == State.HUMAN else ""
        session.move(state, servicer)
        self._show(session, call.at)
        return {"msg_code": self._codes.issue(_CODES[state], session, call.at)} if state in _CODES else {}

    def _named(self, call: Call) -> tuple[KfAccount, KfSession]:
        account = self._desk.api_account(call.body)
        customer = self._desk.people.api_customer(text_of(call.body, "external_userid", 41035))
        return account, self._desk.session(account.open_kfid, customer.external_userid, call.at)

    def _servicer(self, account: KfAccount, call: Call) -> str:
        """Raises ApiError 95014 (not a servicer, not activated), 95019 (receives nobody now)."""
        member = self._desk.people.find_member(text_of(call.body, "servicer_userid"))
        servicer = account.servicers.get(member.userid) if member else None
        need(member and servicer and member.activated, 95014, "not a servicer of this account, or not activated")
        need(servicer and servicer.status == 0, 95019, "servicer has stopped receiving")
        return member.userid if member else ""

    def _show(self, session: KfSession, at: int) -> None:
        people = self._desk.people.members
        words = {State.POOL: "已为你转接人工，请稍候", State.ENDED: "会话已结束"}
        if session.state == State.HUMAN:
            words[State.HUMAN] = f"{people[session.servicer_userid].name} 为你服务"
        if session.state in words:
            self._desk.note(session, at, words[session.state])

"""What human servicers do in the WeCom client; unlike an app's own moves it is told to apps (official page 94670)."""

from __future__ import annotations

from sandbox.world.kf import KfAccount, KfDesk, KfSession, Origin, Servicer, State
from sandbox.world.kf_codes import KfCodes, Occasion
from sandbox.world.kf_customers import line_of
from sandbox.world.wire import NotFoundError

_TOOK, _TRANSFERRED, _ENDED, _REOPENED = 1, 2, 3, 4


class KfServicers:
    """Raises NotFoundError for what cannot be done."""

    def __init__(self, desk: KfDesk, codes: KfCodes) -> None:
        self._desk, self._codes = desk, codes

    def hired(self, *, open_kfid: str, userid: str) -> None:
        """The admin makes a member a servicer."""
        member = self._desk.people.member(userid)
        self._desk.account(open_kfid).servicers.setdefault(member.userid, Servicer(member.userid))

    def takes(self, at: int, *, userid: str, external_userid: str, open_kfid: str) -> None:
        """Takes a session from the pool. That one may be taken from the bot too is our choice, not published."""
        account, session = self._named(at, userid, external_userid, open_kfid)
        if session.state not in (State.NEW, State.BOT, State.POOL):
            raise NotFoundError("会话不在排队，接不了")
        session.move(State.HUMAN, userid)
        self._desk.note(session, at, f"{self._name(userid)} 为你服务")
        self._changed(account, session, at, _TOOK, new=userid, occasion=Occasion.TAKEN)

    def writes(self, at: int, *, userid: str, external_userid: str, open_kfid: str, text: str) -> str:
        """Writes to the customer; to an ended session: it is opened again. Returns the msgid."""
        account, session = self._named(at, userid, external_userid, open_kfid)
        if session.state == State.ENDED and session.entered_at:
            session.move(State.HUMAN, userid)
            session.live_at = at
            self._changed(account, session, at, _REOPENED, new=userid)
        self._must_have(session, userid)
        return self._desk.message(session, at, Origin.SERVICER, "text", {"content": text}, servicer=userid)

    def transfers(self, at: int, *, userid: str, external_userid: str, open_kfid: str, to_userid: str) -> None:
        """Hands the session to another servicer."""
        account, session = self._named(at, userid, external_userid, open_kfid)
        self._must_have(session, userid)
        self._servicer(account, to_userid)
        session.move(State.HUMAN, to_userid)
        self._desk.note(session, at, f"{self._name(to_userid)} 为你服务")
        self._changed(account, session, at, _TRANSFERRED, old=userid, new=to_userid)

    def ends(self, at: int, *, userid: str, external_userid: str, open_kfid: str) -> None:
        """Ends the session."""
        account, session = self._named(at, userid, external_userid, open_kfid)
        self._must_have(session, userid)
        session.move(State.ENDED)
        self._desk.note(session, at, "会话已结束")
        self._changed(account, session, at, _ENDED, old=userid, occasion=Occasion.ENDED)

    def recalls(self, at: int, *, userid: str, external_userid: str, open_kfid: str, msgid: str) -> None:
        """Takes a message back: servicer_recall_msg."""
        account, session = self._named(at, userid, external_userid, open_kfid)
        line_of(session, msgid, userid).recalled = True
        fields = {"external_userid": external_userid, "recall_msgid": msgid, "servicer_userid": userid}
        self._desk.tell(account, at, "servicer_recall_msg", **fields)

    def receives(self, at: int, *, userid: str, open_kfid: str, receives: bool = True, paused: bool = False) -> None:
        """Starts or stops receiving customers: servicer_status_change (1 receiving, 2 stopped)."""
        account = self._desk.account(open_kfid)
        servicer = self._servicer(account, userid)
        servicer.status, servicer.stop_type = int(not receives), int(paused)
        stop_type = None if receives else servicer.stop_type
        status = 1 if receives else 2
        self._desk.tell(
            account, at, "servicer_status_change", servicer_userid=userid, status=status, stop_type=stop_type
        )

    def _named(self, at: int, userid: str, external_userid: str, open_kfid: str) -> tuple[KfAccount, KfSession]:
        account = self._desk.account(open_kfid)
        self._servicer(account, userid)
        return account, self._desk.own_session(open_kfid, external_userid, at)

    def _servicer(self, account: KfAccount, userid: str) -> Servicer:
        if userid not in account.servicers:
            raise NotFoundError(f"{userid} 不是 {account.name} 的接待人员")
        return account.servicers[userid]

    def _must_have(self, session: KfSession, userid: str) -> None:
        if session.state != State.HUMAN or session.servicer_userid != userid:
            raise NotFoundError(f"会话不由 {userid} 接待")

    def _name(self, userid: str) -> str:
        return self._desk.people.members[userid].name

    def _changed(
        self,
        account: KfAccount,
        session: KfSession,
        at: int,
        change_type: int,
        *,
        old: str | None = None,
        new: str | None = None,
        occasion: Occasion | None = None,
    ) -> None:
        """session_status_change; with a code where one is given."""
        self._desk.tell(
            account,
            at,
            "session_status_change",
            external_userid=session.external_userid,
            change_type=change_type,
            old_servicer_userid=old,
            new_servicer_userid=new,
            msg_code=self._codes.issue(occasion, session, at) if occasion else None,
        )

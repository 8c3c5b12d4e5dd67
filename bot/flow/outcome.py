"""What became of an action: what it means to those who decide, and what staff read about it."""

from __future__ import annotations

from bot.scrm.actions import Action, SendWelcome
from bot.scrm.actions.kf import MoveKfSession, SendKfMessage
from bot.scrm.actions.sends import CreateMassSend, CreateMoment
from bot.scrm.events import OwnEvent, WelcomeSettled
from bot.scrm.events.kf import KfSessionRead, KfSettled
from bot.scrm.events.sends import SendFailed
from bot.scrm.kf import BOT
from bot.store.outbox import Claimed
from bot.wecom.errors import AnswerLost, NotReached, WeComError, meaning

MAYBE_SENT = "企业微信没有回答，可能已经送到客户，也可能没有"

Failure = WeComError | AnswerLost | NotReached


def outcome(action: Action, state: str, reason: str, errcode: int | None, now: int) -> tuple[OwnEvent, ...]:
    """What those who decide are told of it."""
    match action:
        case SendWelcome():
            welcome = WelcomeSettled(
                created_at=now,
                userid=action.userid,
                external_userid=action.external_userid,
                state=state,  # type: ignore[arg-type]
                reason=reason,
                errcode=errcode,
                ready_text=str(action.ready),
            )
            return (welcome,)
        case SendKfMessage():
            said = KfSettled(
                created_at=now,
                open_kfid=action.open_kfid,
                external_userid=action.external_userid,
                msgid=action.msgid,
                state=state,
                reason=reason,
                errcode=errcode,
            )
            return (said,)
        case MoveKfSession(open_kfid=kf, external_userid=who) if state != "sent":  # it was ours when we gave it away
            return (KfSessionRead(created_at=now, open_kfid=kf, external_userid=who, service_state=BOT),)
        case CreateMassSend() | CreateMoment() if state != "sent":
            return (SendFailed(created_at=now, key=action.key, state=state, reason=reason),)
    return ()


def too_late(claimed: Claimed) -> tuple[str, str]:
    """State and reason of an action past its deadline: withheld; one that may have arrived before stays unknown."""
    if claimed.in_doubt:
        return "unknown", MAYBE_SENT
    by_code = isinstance(claimed.action, SendWelcome) or getattr(claimed.action, "code", None)
    within = " 20 秒" if by_code else ""
    return "expired", f"超过{within}时限，没有发出"


def given_up(claimed: Claimed) -> tuple[str, str]:
    """State and reason of an action that a person gives up."""
    return ("unknown", MAYBE_SENT) if claimed.in_doubt else ("refused", "有人放弃了这个动作")


def why(error: Failure) -> str:
    """What staff read about a failure."""
    return meaning(error.errcode) if isinstance(error, WeComError) else str(error)

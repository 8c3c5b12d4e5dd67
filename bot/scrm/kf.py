"""A kf session, and when we may speak in it.

WeCom lets an app answer only in states 0 and 1, within 48 h of the customer's last message, at most 5 messages; a new
message of the customer opens a new 5 (official page 94677, reference section 6.3). Whether a tap on a menu does too is
UNCONFIRMED, so it is a setting.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from bot.scrm.actions.base import Text
from bot.scrm.actions.kf import MenuItem, SendKfMessage
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfEntered
from bot.scrm.records.kf import NoteKfMessage, SpendKfSend

WELCOME_SECONDS = 20
"""The welcome_code of enter_session lives this long (reference section 6.3)."""

WINDOW_SECONDS = 48 * 3600
SENDS_AT_MOST = 5
NEW, BOT, POOL, HUMAN, ENDED = range(5)
BOT_STATES = (NEW, BOT)
UNDER_WAY = 2**62
"""When a message leaves that has not left yet: after all that the customer said so far."""

CHANGED_TO_ENDED = 3
"""change_type of session_status_change (reference section 6.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KfSession:
    """One customer at one kf account, as far as we know.

    service_state: 0 new, 1 bot, 2 waiting in the pool, 3 human, 4 ended. customer_at: their last message that opened a
    window (epoch seconds, 0: none). sends: ours since then. out: when each of those left that may count into the next
    window (epoch seconds, or UNDER_WAY).
    """

    open_kfid: str
    external_userid: str
    service_state: int = 0
    servicer_userid: str = ""
    customer_at: int = 0
    sends: int = 0
    scene: str = ""
    out: tuple[int, ...] = field(default=(), compare=False)

    def heard(self, at: int, *, opens_window: bool = True) -> KfSession:
        """The session after a message of the customer at `at`; `opens_window`: False for a tap that may not count.

        What left in that very second may have come after it, and counts. Older news opens no window.
        """
        if not opens_window or at < self.customer_at:
            return self
        state = NEW if self.over(at) else self.service_state
        return replace(self, customer_at=at, sends=sum(out >= at for out in self.out), service_state=state)

    def over(self, at: int) -> bool:
        """Whether somebody ended the session, or its 48 hours did: of those WeCom does not tell.

        One that a human took before the customer said anything goes on.
        """
        if self.service_state == HUMAN and not self.customer_at:
            return False
        return self.service_state == ENDED or at - self.customer_at >= WINDOW_SECONDS

    def spoken(self) -> KfSession:
        """The session after one message of ours, to say another in the same decision."""
        return replace(self, sends=self.sends + 1)

    def silent_because(self, now: int) -> str | None:
        """Why nothing may be said now, in words for staff; None when we may speak."""
        if self.service_state == HUMAN:
            return "人工接待中，机器人不插话"
        if self.service_state not in BOT_STATES:
            return "会话在排队或已结束，机器人不能发言"
        if now - self.customer_at >= WINDOW_SECONDS:
            return "客户 48 小时内没有说话"
        if self.sends >= SENDS_AT_MOST:
            return "客户没有回应，已经连续发了 5 条"
        return None


def speak(
    session: KfSession, topic: str, text: Text, now: int, menu: tuple[MenuItem, ...] = (), tail: str = ""
) -> Decision:
    """Say something in a session, spending one of its five; or nothing, and why.

    topic: what is said, unique for this customer and occasion (e.g. `survey/17/skin/1`): the same topic is sent once.
    """
    silent = session.silent_because(now)
    if silent:
        return Decision(because=(silent,))
    open_kfid, external_userid = session.open_kfid, session.external_userid
    msgid = message_id(open_kfid, external_userid, topic)
    spent = SpendKfSend(
        open_kfid=open_kfid,
        external_userid=external_userid,
        msgid=msgid,
        msgtype="msgmenu" if menu else "text",
        text=text,
        at=now,
    )
    send = SendKfMessage(
        open_kfid=open_kfid,
        external_userid=external_userid,
        msgid=msgid,
        text=text,
        menu=menu,
        tail=tail,
        not_after_at=session.customer_at + WINDOW_SECONDS,
    )
    return Decision(records=(spent,), actions=(send,))


def greet(
    event: KfEntered, topic: str, text: Text, now: int, menu: tuple[MenuItem, ...] = (), tail: str = ""
) -> Decision:
    """The welcome of somebody who enters, by the code that came with them: one message, outside the five, within 20 s.

    Nothing, and why, when there is no code or it is history. topic: as of `speak`.
    """
    if event.history or not event.welcome_code:
        return Decision(because=("没有客服欢迎码：最近 48 小时内来过或说过话",))
    msgid = message_id(event.open_kfid, event.external_userid, topic)
    noted = NoteKfMessage(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        msgid=msgid,
        origin="bot",
        msgtype="msgmenu" if menu else "text",
        text=text,
        at=now,
    )
    send = SendKfMessage(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        msgid=msgid,
        text=text,
        menu=menu,
        tail=tail,
        code=event.welcome_code,
        not_after_at=min(event.created_at, now) + WELCOME_SECONDS,
    )
    return Decision(records=(noted,), actions=(send,))


def message_id(open_kfid: str, external_userid: str, topic: str) -> str:
    """Our own msgid: the same for the same words to the same customer, whoever sends them, however often."""
    return hashlib.sha256(f"{open_kfid}/{external_userid}/{topic}".encode()).hexdigest()[:32]

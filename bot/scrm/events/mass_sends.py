"""What becomes of mass sends at WeCom. There is no callback: we look."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSendEvent(OwnEvent):
    """Something about one mass send. `key`: ours."""

    key: str

    @property
    def line(self) -> str:
        return f"mass_send/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSendMade(MassSendEvent):
    """WeCom has shown it to the guide. `failed`: external_userids that it cannot reach."""

    msgid: str
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSendFailed(MassSendEvent):
    """It was not made (`state`: refused, failed, expired, dropped), or nobody can say whether it was (unknown)."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSendDue(MassSendEvent):
    """It is time to look at it. `by_at`: until when it may be sent."""

    msgid: str
    userid: str
    by_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSendRead(MassSendEvent):
    """How far it is: what was read of each receiver is kept already.

    `sent_at`: when the guide pressed; None: not yet. `unsent`: receivers of whom WeCom does not know yet. `last`: what
    was not sent then never will be.
    """

    by_at: int
    sent_at: int | None
    sent: int
    unsent: int
    last: bool


EVENTS = (MassSendMade, MassSendFailed, MassSendDue, MassSendRead)

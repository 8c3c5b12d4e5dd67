"""Codes for `send_msg_on_event`: each for one message on one occasion (official page 95122)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sandbox.world.kf import KfSession, State
from sandbox.world.wire import ApiError, Ids, need

WELCOME_SECONDS = 20
POOL_SECONDS = 48 * 3600
ENDED_SECONDS = 20
WELCOME_PAUSE_SECONDS = 48 * 3600


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a code lives, what it may send, and in which state (None = any)."""

    seconds: int
    msgtypes: tuple[str, ...]
    state: State | None


class Occasion(Enum):
    """What a code is for."""

    WELCOME = Terms(WELCOME_SECONDS, ("text", "msgmenu"), None)
    QUEUED = Terms(POOL_SECONDS, ("text",), State.POOL)
    TAKEN = Terms(POOL_SECONDS, ("text",), State.HUMAN)
    ENDED = Terms(ENDED_SECONDS, ("text", "msgmenu"), State.ENDED)


@dataclass(slots=True)
class _Code:
    occasion: Occasion
    session: KfSession
    issued_at: int
    used: bool = False


class KfCodes:
    """What was issued."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._codes: dict[str, _Code] = {}

    def issue(self, occasion: Occasion, session: KfSession, at: int) -> str:
        code = self._ids.letters("CODE_", 32)
        self._codes[code] = _Code(occasion, session, at)
        return code

    def good(self, value: object, at: int) -> tuple[Terms, KfSession]:
        """Its terms and whose it is. Raises ApiError 41049 (missing), 41050 (unknown, too old), 41051 (used)."""
        need(value, 41049, "code is missing")
        code = self._codes.get(str(value))
        if code is None or at > code.issued_at + code.occasion.value.seconds:
            raise ApiError(41050, "code invalid or expired")
        need(not code.used, 41051, "code used already")
        if code.occasion is Occasion.WELCOME:
            welcomed = at < code.session.welcomed_at + WELCOME_PAUSE_SECONDS
            need(not welcomed, 41051, "customer has been welcomed already")
        return code.occasion.value, code.session

    def spend(self, value: object, at: int) -> None:
        """It was used."""
        code = self._codes[str(value)]
        code.used = True
        if code.occasion is Occasion.WELCOME:
            code.session.welcomed_at = at


def may_be_welcomed(session: KfSession, at: int) -> bool:
    """Whether the customer got no welcome and wrote nothing in the last 48 hours."""
    return at >= max(session.welcomed_at, session.wrote_at) + WELCOME_PAUSE_SECONDS

"""When a failed call is tried again. Pure: the same failure at the same second gives the same answer.

Policy after developer.work.weixin.qq.com/document/path/90454 and 92137, reference sections 2.2 and 3.7.
It is asked only about actions that may be repeated; a lost answer of any other is for a person or a look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.wecom.errors import AnswerLost, NotReached, WeComError, meaning

BUSY_TRIES: Final = 4  # the first and 3 more: WeCom's advice for -1 and 45033
LOST_TRIES: Final = 10  # 17 minutes in all, inside the 30 in which WeCom drops a repeated app message
LONGEST_WAIT: Final = 900
URGENT: Final = 60  # with a deadline as near as this, a second's wait is all there is


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again, not before `at` (epoch seconds)."""

    at: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again. state: what becomes of the outbox row; reason: a sentence for staff."""

    state: Literal["refused", "failed", "unknown", "expired"]
    reason: str


def next_attempt(
    error: WeComError | AnswerLost | NotReached, attempts: int, now: int, not_after_at: int | None
) -> RetryAt | GiveUp:
    """What to do after `error`.

    attempts: tries so far, at least 1. now: epoch seconds. not_after_at: from this second on a try makes no sense;
    None if there is no deadline.
    """
    if isinstance(error, WeComError) and error.kind == "permanent":
        return GiveUp("refused", meaning(error.errcode))
    urgent = not_after_at is not None and not_after_at - now <= URGENT
    at = _wait_until(error, attempts, now, urgent)
    if at is None:
        return _exhausted(error, attempts)
    if not_after_at is not None and at >= not_after_at:
        return GiveUp("unknown" if isinstance(error, AnswerLost) else "expired", f"已过期限：{_why(error)}")
    return RetryAt(at)


def _wait_until(error: WeComError | AnswerLost | NotReached, attempts: int, now: int, urgent: bool) -> int | None:
    """The second of the next try; None when there have been enough."""
    if isinstance(error, WeComError) and error.kind == "rate":
        return max(error.retry_at or (now // 60 + 1) * 60, now + 1)
    if urgent:
        return now if attempts == 1 else now + 1
    if attempts >= _tries(error):
        return None
    return now + min(1 << min(attempts - 1, 20), LONGEST_WAIT)


def _tries(error: WeComError | AnswerLost | NotReached) -> float:
    if isinstance(error, NotReached):
        return float("inf")
    return LOST_TRIES if isinstance(error, AnswerLost) else BUSY_TRIES


def _exhausted(error: WeComError | AnswerLost | NotReached, attempts: int) -> GiveUp:
    return GiveUp("unknown" if isinstance(error, AnswerLost) else "failed", f"尝试 {attempts} 次后放弃：{_why(error)}")


def _why(error: WeComError | AnswerLost | NotReached) -> str:
    return meaning(error.errcode) if isinstance(error, WeComError) else str(error)

"""Retries keep WeCom's advice, never pass a deadline, and say honestly how it ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.retry import BUSY_TRIES, LONGEST_WAIT, LOST_TRIES, GiveUp, RetryAt, next_attempt
from bot.wecom.errors import AnswerLost, NotReached, WeComError

NOW = 1_700_000_010
API = "externalcontact/send_welcome_msg"

CODES = st.sampled_from([-1, 45033, 45035, 41096, 45009, 40014, 41050, 41051, 60020])
ERRORS = st.one_of(
    st.builds(WeComError, st.just(API), CODES, retry_at=st.none() | st.integers(NOW - 100, NOW + 4000)),
    st.just(AnswerLost(API)),
    st.just(NotReached(API)),
)


def waits(error: WeComError | AnswerLost | NotReached, tries: int) -> list[int]:
    """How long the first `tries` retries wait without a deadline, until it gives up."""
    found = []
    for attempts in range(1, tries + 1):
        step = next_attempt(error, attempts, NOW, None)
        if isinstance(step, GiveUp):
            break
        found.append(step.at - NOW)
    return found


@pytest.mark.parametrize("errcode", [-1, 45033, 45035, 41096, 40014])
def test_a_busy_answer_is_tried_three_times_more_with_growing_waits(errcode: int) -> None:
    assert waits(WeComError(API, errcode), 9) == [1, 2, 4]
    step = next_attempt(WeComError(API, errcode), BUSY_TRIES, NOW, None)
    assert isinstance(step, GiveUp)
    assert step.state == "failed"


@pytest.mark.parametrize("errcode", [41050, 41051, 60020, 48002, 84061, 40096, 777777])
def test_a_permanent_answer_is_refused_at_once_with_its_meaning(errcode: int) -> None:
    step = next_attempt(WeComError(API, errcode), 1, NOW, NOW + 20)
    assert isinstance(step, GiveUp)
    assert step.state == "refused"
    assert step.reason


def test_an_outage_is_waited_out_for_as_long_as_it_lasts() -> None:
    found = waits(NotReached(API), 200)
    assert found[:5] == [1, 2, 4, 8, 16]
    assert len(found) == 200
    assert found[-1] == LONGEST_WAIT


def test_a_lost_answer_ends_unknown_and_within_the_duplicate_check() -> None:
    found = waits(AnswerLost(API), 50)
    assert len(found) == LOST_TRIES - 1
    assert sum(found) < 1800
    step = next_attempt(AnswerLost(API), LOST_TRIES, NOW, None)
    assert isinstance(step, GiveUp)
    assert step.state == "unknown"


@pytest.mark.parametrize("error", [AnswerLost(API), NotReached(API), WeComError(API, -1), WeComError(API, 41096)])
def test_a_welcome_is_tried_at_once_and_then_each_second(error: WeComError | AnswerLost | NotReached) -> None:
    assert next_attempt(error, 1, NOW, NOW + 20) == RetryAt(NOW)
    assert next_attempt(error, 2, NOW, NOW + 19) == RetryAt(NOW + 1)
    assert next_attempt(error, 17, NOW, NOW + 2) == RetryAt(NOW + 1)


def test_a_welcome_out_of_time_is_expired_or_unknown_if_it_may_have_been_sent() -> None:
    busy, lost = (next_attempt(error, 5, NOW, NOW + 1) for error in (WeComError(API, -1), AnswerLost(API)))
    assert isinstance(busy, GiveUp)
    assert isinstance(lost, GiveUp)
    assert (busy.state, lost.state) == ("expired", "unknown")


def test_a_rate_limit_waits_until_it_ends_or_until_the_minute_does() -> None:
    assert next_attempt(WeComError(API, 45009, retry_at=NOW + 77), 1, NOW, None) == RetryAt(NOW + 77)
    assert next_attempt(WeComError(API, 45009), 1, NOW, None) == RetryAt((NOW // 60 + 1) * 60)
    step = next_attempt(WeComError(API, 45009, retry_at=NOW + 77), 1, NOW, NOW + 20)
    assert isinstance(step, GiveUp)
    assert step.state == "expired"


def test_a_distant_deadline_does_not_make_haste() -> None:
    assert next_attempt(NotReached(API), 4, NOW, NOW + 86_400) == RetryAt(NOW + 8)


@given(ERRORS, st.integers(1, 10_000), st.none() | st.integers(-100, 100_000))
def test_nothing_is_planned_in_the_past_or_past_its_deadline(
    error: WeComError | AnswerLost | NotReached, attempts: int, left: int | None
) -> None:
    deadline = None if left is None else NOW + left
    step = next_attempt(error, attempts, NOW, deadline)
    if isinstance(step, RetryAt):
        assert step.at >= NOW
        assert deadline is None or step.at < deadline
    else:
        assert step.reason


@given(ERRORS, st.integers(1, 100))
def test_waits_never_shrink_from_try_to_try(error: WeComError | AnswerLost | NotReached, attempts: int) -> None:
    sooner, later = next_attempt(error, attempts, NOW, None), next_attempt(error, attempts + 1, NOW, None)
    if isinstance(sooner, RetryAt) and isinstance(later, RetryAt):
        assert sooner.at <= later.at
    if isinstance(sooner, GiveUp):
        assert isinstance(later, GiveUp)

"""Frequency and concurrency."""

from __future__ import annotations

import pytest

from sandbox.world.limits import HOUR, MINUTE, PER_API_HOUR, PER_API_MINUTE, PER_IP_HOUR, PER_IP_MINUTE, Limits
from sandbox.world.wire import ApiError
from tests.sandbox.corp import Corp


def draws(limits: Limits, api: str, at: int, times: int) -> int:
    """How many of `times` calls pass."""
    passed = 0
    for _ in range(times):
        try:
            limits.draw(api, "ip", at)
        except ApiError as error:
            assert error.errcode == 45009
        else:
            passed += 1
    return passed


def test_published_quotas_are_the_default() -> None:
    limits = Limits()
    assert (limits.per_api_minute, limits.per_api_hour) == (PER_API_MINUTE, PER_API_HOUR) == (10_000, 150_000)
    assert (limits.per_ip_minute, limits.per_ip_hour) == (PER_IP_MINUTE, PER_IP_HOUR) == (20_000, 600_000)


def test_one_call_too_many_in_a_minute_blocks_that_api_for_a_minute() -> None:
    limits = Limits(per_api_minute=5)
    assert draws(limits, "a", 100, 7) == 5
    assert draws(limits, "b", 100, 5) == 5
    assert draws(limits, "a", 100 + MINUTE - 1, 1) == 0
    assert draws(limits, "a", 100 + MINUTE, 6) == 5


def test_one_call_too_many_in_an_hour_blocks_for_an_hour() -> None:
    limits = Limits(per_api_minute=5, per_api_hour=10)
    assert draws(limits, "a", 0, 5) + draws(limits, "a", MINUTE, 5) + draws(limits, "a", 2 * MINUTE, 5) == 10
    assert draws(limits, "a", 2 * MINUTE + HOUR - 1, 1) == 0
    assert draws(limits, "a", 2 * MINUTE + HOUR, 1) == 1


def test_all_apis_of_an_ip_share_its_quota() -> None:
    limits = Limits(per_ip_minute=8)
    assert sum(draws(limits, f"api{n}", 0, 2) for n in range(6)) == 8


def test_quota_refuses_through_the_api(corp: Corp) -> None:
    corp.world.limits.set(per_minute=2)
    assert [corp.ask("getcallbackip")["errcode"] for _ in range(3)] == [0, 0, 45009]


def test_too_many_at_once_is_45033(corp: Corp) -> None:
    traffic = corp.world.traffic
    traffic.ceiling = 1
    with traffic.enter("a", {}, "t"):
        with traffic.enter("b", {}, "t"):
            pass
        with pytest.raises(ApiError, match="45033"), traffic.enter("a", {}, "t"):
            pass
    with traffic.enter("a", {}, "t"):
        pass


def test_marking_one_pair_twice_at_once_is_45035(corp: Corp) -> None:
    traffic, api = corp.world.traffic, "externalcontact/mark_tag"
    pair, other = {"userid": "u", "external_userid": "w"}, {"userid": "u", "external_userid": "x"}
    with traffic.enter(api, pair, "t"), traffic.enter(api, other, "t"), pytest.raises(ApiError, match="45035"):
        traffic.enter(api, pair, "t").__enter__()
    with traffic.enter(api, pair, "t"):
        pass

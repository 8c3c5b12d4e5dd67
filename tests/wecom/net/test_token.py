"""One token, fetched once for all who wait, renewed before anybody has to."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import VirtualClock
from bot.wecom.errors import NotReached, WeComError
from bot.wecom.net.token import AccessToken

NOW = 1_700_000_000


class Source:
    """Hands out t1, t2, … and fails while `error` is set; each fetch takes a turn of the loop."""

    def __init__(self) -> None:
        self.fetches = 0
        self.error: Exception | None = None

    async def __call__(self) -> tuple[str, int]:
        self.fetches += 1
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return f"t{self.fetches}", 7200


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


async def test_fifty_who_wait_share_one_fetch(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    assert set(await asyncio.gather(*(token.get() for _ in range(50)))) == {"t1"}
    assert source.fetches == 1


async def test_fifty_who_were_refused_share_one_renewal(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    old = await token.get()
    assert set(await asyncio.gather(*(token.get(stale=old) for _ in range(50)))) == {"t2"}
    assert await token.get(stale=old) == "t2"
    assert source.fetches == 2


async def test_all_who_wait_share_a_failure_and_the_next_tries_again(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    source.error = WeComError("gettoken", 40001)
    failures = await asyncio.gather(*(token.get() for _ in range(20)), return_exceptions=True)
    assert all(isinstance(failure, WeComError) for failure in failures)
    assert source.fetches == 1
    source.error = None
    assert await token.get() == "t2"


async def test_one_who_stops_waiting_does_not_stop_the_others(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    first, second = asyncio.create_task(token.get()), asyncio.create_task(token.get())
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "t1"
    assert source.fetches == 1


async def test_a_token_is_renewed_when_five_minutes_are_left(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    await token.get()
    await clock.advance(6900)
    assert await token.get() == "t1"
    await clock.advance(1)
    assert await token.get() == "t2"


async def test_keep_warm_renews_when_ten_minutes_are_left(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    await token.keep_warm()
    await token.keep_warm()
    assert source.fetches == 1
    await clock.advance(6601)
    await token.keep_warm()
    assert await token.get() == "t2"


async def test_a_failed_renewal_keeps_the_old_token_and_does_not_hammer(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    await token.get()
    await clock.advance(7000)
    source.error = NotReached("gettoken")
    await token.keep_warm()
    assert [await token.get() for _ in range(5)] == ["t1"] * 5
    assert source.fetches == 2
    await clock.advance(10)
    assert await token.get() == "t1"
    assert source.fetches == 3
    await clock.advance(190)
    with pytest.raises(NotReached):
        await token.get()


async def test_a_refused_token_is_not_used_again_when_the_renewal_fails(source: Source, clock: VirtualClock) -> None:
    token = AccessToken(source, clock)
    old = await token.get()
    source.error = NotReached("gettoken")
    with pytest.raises(NotReached):
        await token.get(stale=old)

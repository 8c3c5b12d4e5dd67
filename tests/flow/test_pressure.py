"""Callbacks first: what is behind them gives way in a rush, and no longer than it lasts."""

from __future__ import annotations

import pytest

from bot.flow import pressure
from bot.flow.pressure import HOLD_SECONDS, PAUSE_SECONDS, Pressure


class Time:
    """The event loop's time, which goes by only while somebody sleeps; every 10 ms of it so many callbacks arrive."""

    def __init__(self) -> None:
        self.now, self.arrive, self.rush = 0.0, 0, Pressure()

    def get_running_loop(self) -> Time:
        return self

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now = min(self.now + 0.01, until)
            if self.arrive:
                self.rush.note(self.arrive)

    async def gave_way(self, share: int = 1) -> float:
        """How long who is behind the door was held up."""
        since = self.now
        await self.rush.pause(share)
        return self.now - since


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    ours = Time()
    monkeypatch.setattr(pressure, "asyncio", ours)
    return ours


async def test_few_callbacks_hold_nobody_up(time: Time) -> None:
    time.arrive = 1
    await time.sleep(1)
    assert not time.rush.high
    assert await time.gave_way() == 0


async def test_who_gave_way_goes_on_when_the_rush_is_over(time: Time) -> None:
    time.arrive = 100
    await time.sleep(1)
    assert time.rush.high
    time.arrive = 0
    assert 0 < await time.gave_way() <= 2 * HOLD_SECONDS
    assert not time.rush.high


@pytest.mark.parametrize("share", [1, 3])
async def test_who_gave_way_goes_on_a_little_while_it_lasts(time: Time, share: int) -> None:
    time.arrive = 100
    await time.sleep(1)
    assert await time.gave_way(share) == pytest.approx(share * PAUSE_SECONDS)
    assert time.rush.high

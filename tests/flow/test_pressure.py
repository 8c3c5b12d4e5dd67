"""Callbacks first: what is behind them gives way in a rush, and no longer than it lasts."""

from __future__ import annotations

import asyncio

import pytest

from bot.flow import pressure
from bot.flow.pressure import Pressure


@pytest.fixture
def rush(monkeypatch: pytest.MonkeyPatch) -> Pressure:
    """Pauses that would outlast any test."""
    monkeypatch.setattr(pressure, "PAUSE_SECONDS", 3600)
    monkeypatch.setattr(pressure, "HOLD_SECONDS", 0.05)
    return Pressure()


async def _callbacks(rush: Pressure, each: int) -> None:
    for _ in range(8):
        rush.note(each)
        await asyncio.sleep(0.01)


async def test_few_callbacks_hold_nobody_up(rush: Pressure) -> None:
    await _callbacks(rush, 1)
    assert not rush.high
    await asyncio.wait_for(rush.pause(), 5)


async def test_who_gave_way_goes_on_when_the_rush_is_over(rush: Pressure) -> None:
    await _callbacks(rush, 100)
    assert rush.high
    await asyncio.wait_for(rush.pause(), 5)
    assert not rush.high


async def test_who_gave_way_goes_on_a_little_while_it_lasts(rush: Pressure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pressure, "PAUSE_SECONDS", 0.1)
    await _callbacks(rush, 100)
    callbacks = asyncio.create_task(_endless(rush))
    await asyncio.wait_for(rush.pause(), 5)
    assert rush.high
    callbacks.cancel()


async def _endless(rush: Pressure) -> None:
    while True:
        await _callbacks(rush, 100)

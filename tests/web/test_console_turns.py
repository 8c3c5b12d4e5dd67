"""Who types makes no heap of checks: one at a time, and of what one person typed only the newest."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.web.console.turns import Turns


async def test_of_what_one_types_the_first_and_the_newest_are_checked_and_never_two_at_once() -> None:
    turns, gate = Turns(), asyncio.Event()
    done: list[str] = []
    under_way = 0

    async def check(words: str) -> str:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await gate.wait()
        under_way -= 1
        done.append(words)
        return words

    typed = [asyncio.create_task(turns.newest("lan", partial(check, f"lan {n}"))) for n in range(5)]
    other = asyncio.create_task(turns.newest("yun", partial(check, "yun")))
    pressed = asyncio.create_task(turns.turn(partial(check, "pressed")))
    await asyncio.sleep(0)
    gate.set()
    said = await asyncio.gather(*typed)
    assert said == ["lan 0", None, None, None, "lan 4"]
    assert (await other, await pressed) == ("yun", "pressed") and len(done) == 4


async def test_a_check_that_fails_keeps_nobody_from_theirs() -> None:
    turns = Turns()

    async def fails() -> None:
        raise ValueError

    async def works() -> int:
        return 1

    first = await asyncio.gather(turns.newest("lan", fails), return_exceptions=True)
    assert isinstance(first[0], ValueError) and await turns.newest("lan", works) == 1

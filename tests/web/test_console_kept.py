"""What is reckoned beside: nobody waits for it twice, a change is seen, a failure is told."""

from __future__ import annotations

import asyncio

from bot.web.console.kept import FAILED, RECKONING, Kept, aged


class Source:
    """Counts, and waits to be let go where `held`."""

    def __init__(self) -> None:
        self.made, self.good, self.gate = 0, True, asyncio.Event()
        self.gate.set()

    async def make(self) -> int:
        await self.gate.wait()
        if self.made < 0:
            raise ValueError
        self.made += 1
        return self.made

    def fresh(self, _: int) -> bool:
        return self.good


async def test_it_is_made_once_until_it_is_old_or_something_changed() -> None:
    source = Source()
    one = Kept(source.make, source.fresh)
    assert [await one.newest() for _ in range(3)] == [1, 1, 1]
    one.stale()
    assert await one.newest() == 2, "who changed something sees what it comes to"
    source.good = False
    assert await one.newest() == 2, "what only is old is shown, and made anew beside"
    source.good = True
    while source.made < 3:
        await asyncio.sleep(0)
    assert await one.newest() == 3


async def test_nobody_waits_long() -> None:
    """While it is being made the one before is shown; without one, that there is none yet."""
    source = Source()
    one = Kept(source.make, source.fresh)
    assert await one.newest() == 1
    source.gate.clear()
    one.stale()
    assert await asyncio.gather(*(one.newest() for _ in range(3))) == [1, 1, 1] and source.made == 1
    assert one.aged(0, 60) == "1 分钟前算的，正在重新算，过几秒刷新"
    await one.close()
    assert one.why_none == RECKONING


async def test_what_was_changed_while_it_was_made_is_made_again() -> None:
    """It rests on what was before: nobody takes it for the newest."""
    source = Source()
    one = Kept(source.make, source.fresh)
    assert await one.newest() == 1
    source.gate.clear()
    one.stale()
    await one.newest()
    one.stale()
    source.gate.set()
    assert await one.newest() == 2 and "正在重新算" in one.aged(0, 0)
    assert await one.newest() == 3 and one.aged(0, 0) == "刚刚算的"


async def test_a_failure_is_told_and_tried_again() -> None:
    source = Source()
    source.made = -1
    one = Kept(source.make, source.fresh)
    assert await one.newest() is None and one.why_none == FAILED
    source.made = 0
    assert await one.newest() == 1


async def test_what_could_not_be_made_anew_is_not_passed_off_as_new() -> None:
    source = Source()
    one = Kept(source.make, source.fresh)
    assert await one.newest() == 1
    one.stale()
    source.made = -1
    assert await one.newest() == 1 and "出错" in one.aged(0, 0)
    source.made = 4
    assert await one.newest() == 5 and one.aged(0, 0) == "刚刚算的", "a change that failed is tried again"


def test_age_in_words() -> None:
    assert [aged(0, now) for now in (0, 59, 60, 7199, 7200)] == [
        "刚刚算的",
        "刚刚算的",
        "1 分钟前算的",
        "119 分钟前算的",
        "2 小时前算的",
    ]

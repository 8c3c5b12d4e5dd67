"""One-use codes: each somebody's once, on both databases."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.scrm.gift import PACE_DAYS, CodeStock
from bot.scrm.offer import Offer
from bot.scrm.period import Period
from bot.scrm.records.offers import GiveCode
from bot.store import codes
from bot.store.database import Database
from bot.store.joining import join
from bot.store.people import GuardFailedError, ensure_person

CODES = tuple(f"C{n}" for n in range(250))
DAY, NOW = 86_400, 1_000 * 86_400


def record(code: str, who: str, at: int = NOW) -> GiveCode:
    return GiveCode(offer="gift", code=code, external_userid=who, because="survey/newcomer", at=at)


async def give(database: Database, code: str, who: str, at: int = NOW) -> None:
    await database.write(partial(codes.give_code, record=record(code, who, at)))


async def given(database: Database, who: str) -> str | None:
    return await database.read(partial(codes.given, offer="gift", external_userid=who))


async def free(database: Database, who: str, of: tuple[str, ...] = CODES) -> str | None:
    return await database.read(partial(codes.free, offer="gift", codes=of, external_userid=who))


async def test_a_code_is_somebodys_once(database: Database) -> None:
    """The same again changes nothing; another's code, or a second one, is decided again."""
    for _ in range(2):
        await give(database, "C1", "wm-1")
    assert await given(database, "wm-1") == "C1"
    with pytest.raises(GuardFailedError):
        await give(database, "C1", "wm-2")
    with pytest.raises(GuardFailedError):
        await give(database, "C2", "wm-1")
    assert await given(database, "wm-2") is None


async def test_everybody_finds_one_until_there_are_none(database: Database) -> None:
    """Twenty at once, however many want the same; who comes after the last is told there is none."""

    async def one(n: int) -> None:
        while await given(database, f"wm-{n}") is None:
            code = await free(database, f"wm-{n}", CODES[:20])
            assert code
            try:
                await give(database, code, f"wm-{n}")
            except GuardFailedError:
                continue

    await asyncio.gather(*(one(n) for n in range(20)))
    assert {await given(database, f"wm-{n}") for n in range(20)} == set(CODES[:20])
    assert await free(database, "wm-99", CODES[:20]) is None
    assert await free(database, "wm-99") in CODES[20:]


async def test_codes_of_two_who_are_one_stay_given(database: Database) -> None:
    """Both were shown to somebody; the older counts for them from now on."""
    await give(database, "C1", "wm-1", NOW)
    await give(database, "C2", "wm-2", NOW + 1)
    one, other = [await database.write(partial(ensure_person, external_userid=f"wm-{n}", at=NOW)) for n in (1, 2)]
    await database.write(lambda conn: join(conn, one, other))
    assert await given(database, "wm-2") == "C1"
    assert await free(database, "wm-3", ("C1", "C2")) is None


async def test_how_long_they_last(database: Database) -> None:
    """By the last days; what is over is not looked at; a code that left the file counts for the pace alone."""
    offers = {
        "gift": Offer(id="gift", title="月礼", link="https://a.example", codes="g.csv"),
        "past": Offer(id="past", title="旧", link="https://a.example", codes="p.csv", valid=Period(None, NOW)),
        "plain": Offer(id="plain", title="价", link="https://a.example"),
    }
    for n in range(4):
        await give(database, f"C{n}", f"wm-{n}", NOW - n * 4 * DAY)
    await give(database, "OLD", "wm-9")
    [stock] = await database.read(
        partial(codes.stocks, offers=offers, codes={"g.csv": CODES[:7], "p.csv": ("X",)}, now=NOW)
    )
    assert stock == CodeStock(offer="gift", title="月礼", total=7, left=3, lately=3)
    assert stock.low and stock.said == f"“月礼”的券码只剩 3 个，按近 {PACE_DAYS} 天的速度 7 天用完"
    assert not CodeStock(offer="gift", title="月礼", total=50, left=30, lately=3).low
    assert "发完了" in CodeStock(offer="gift", title="月礼", total=50, left=0, lately=0).said

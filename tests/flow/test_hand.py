"""What is read into memory first, on both databases."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import partial

import pytest

from bot.flow import hand
from bot.flow.hand import FRESH_SECONDS, READ_AT_ONCE, Hand
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Arrival, Waiting, arrival

NOW = 1_000_000


def event(n: int, *, line: int = 0, code: str | None = None, received_at: int = NOW) -> Arrival:
    return arrival("main", "CustomerAdded", f"customer/wm-{line or n}", f"<xml>{n}</xml>", code, received_at)


async def put(database: Database, *arrivals: Arrival) -> None:
    await database.write(partial(inbox.put, arrivals=arrivals))


async def close(database: Database, row: Waiting) -> None:
    await database.write(partial(inbox.close, inbox_id=row.id, because=(), at=NOW))


async def test_who_can_still_be_greeted_is_read_before_all_that_piled_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the hand is full of what came before."""
    monkeypatch.setattr(hand, "IN_HAND", 300)
    full = Hand(database)
    await put(database, *(event(n) for n in range(1, 500)), event(500, code="live"))
    first = await full.take(NOW)
    assert [(row.welcome_code, passes) for row, passes in first[:2]] == [("live", True), (None, False)]
    while await full.take(NOW):
        pass
    await put(database, event(501, code="later"))
    assert [(row.welcome_code, passes) for row, passes in await full.take(NOW)] == [("later", True)]


async def test_a_code_too_old_to_be_used_and_one_that_failed_wait_their_turn(database: Database) -> None:
    """Hurrying for them would only make others late."""
    await put(
        database,
        event(1),
        event(2, code="old", received_at=NOW - FRESH_SECONDS),
        event(3, code="failed"),
        event(4, code="live", received_at=NOW - FRESH_SECONDS + 1),
    )
    await database.write(partial(inbox.postpone, inbox_id=3, failed_at=NOW, retry_at=NOW + 1, reason="broken"))
    taken = await Hand(database).take(NOW)
    assert [(row.id, passes) for row, passes in taken] == [(4, True), (1, False), (2, False), (3, False)]


async def test_codes_that_die_first_are_read_first(database: Database) -> None:
    """A redelivery may be kept late; what counts is when its life began, as far as we saw."""
    await put(database, event(1, code="b", received_at=NOW - 1), event(2, code="a", received_at=NOW - 9))
    assert [row.welcome_code for row, _ in await Hand(database).take(NOW)] == ["a", "b"]


async def test_a_busy_line_that_stands_still_leaves_room_for_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much waits in it, before and after the others; when it moves again, it goes on where it stood."""
    monkeypatch.setattr(hand, "IN_HAND", 100)
    await put(database, *(event(n, line=1 if n not in (300, 301) else n) for n in range(1, 400)))
    held, taken = Hand(database), list[Waiting]()

    async def read() -> None:
        while some := await held.take(NOW):
            taken.extend(row for row, _ in some)

    await read()
    assert [row.id for row in taken if row.id >= 300] == [300, 301]
    stands = [row.id for row in taken if row.id < 300]
    assert stands == list(range(1, len(stands) + 1)) and len(stands) < 100 // 2
    for row in (row for row in taken if row.id not in (300, 301)):
        await close(database, row)
        held.let_go(row)
        await read()  # also appends to what is walked here
    assert sorted(row.id for row in taken) == list(range(1, 400))
    assert [row.id for row in taken if row.id not in (300, 301)] == [n for n in range(1, 400) if n not in (300, 301)]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_comes_and_goes_everything_is_read_once_and_lines_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """With more on disk than fits in hand, old codes and new ones, and rows that come while others go."""
    monkeypatch.setattr(hand, "IN_HAND", 40)
    monkeypatch.setattr(hand, "READ_AT_ONCE", 15)
    monkeypatch.setattr(hand, "LINE_SHARE", 6, raising=False)
    monkeypatch.setattr(hand, "FEW", 5)
    dice, held = random.Random(seed), Hand(database)
    read: dict[int, bool] = {}
    order: dict[str, list[int]] = defaultdict(list)
    left: dict[str, set[int]] = defaultdict(set)
    under_way: list[Waiting] = []
    put_in = 0
    while len(read) < 200:
        if put_in < 200:
            some = range(put_in + 1, put_in + 1 + min(dice.randrange(1, 60), 200 - put_in))
            codes = {n: dice.choice((None, None, f"code-{n}")) for n in some}
            await put(
                database,
                *(
                    event(n, line=dice.randrange(1, 6), code=codes[n], received_at=NOW - dice.choice((0, 60)))
                    for n in some
                ),
            )
            put_in = some[-1]
        for row, passes in await held.take(NOW):
            assert row.id not in read
            read[row.id] = passes
            under_way.append(row)
            if not passes:
                order[row.line].append(row.id)
                left[row.line].add(row.id)
        assert len(held) == len(under_way) <= 40 + 15
        for _ in range(dice.randrange(1, 30)):
            ready = [row for row in under_way if read[row.id] or row.id == min(left[row.line])]
            if not ready:
                break
            row = dice.choice(ready)
            under_way.remove(row)
            left[row.line].discard(row.id)
            await close(database, row)
            held.let_go(row)
    assert any(read.values())
    assert all(ids == sorted(ids) for ids in order.values())


async def test_so_many_pass_at_once_and_more_when_half_of_them_are_done(database: Database) -> None:
    """A flood waits on disk, not in memory."""
    await put(database, *(event(n, code=f"code-{n}") for n in range(1, READ_AT_ONCE + 3)))
    held = Hand(database)
    taken = await held.take(NOW)
    assert [passes for _, passes in taken] == [True] * READ_AT_ONCE
    assert await held.take(NOW) == []
    assert not held.wants_more
    for row, _ in taken[: READ_AT_ONCE // 2]:
        await close(database, row)
        held.let_go(row)
    assert held.wants_more
    assert [row.welcome_code for row, _ in await held.take(NOW)] == ["code-201", "code-202"]
    assert not held.wants_more


async def test_somebody_waits_too_long_until_they_are_greeted(database: Database) -> None:
    """What has no deadline gives way as long as that is so."""
    await put(database, event(1, received_at=NOW - 60), event(2, code="live"))
    held = Hand(database)
    taken = await held.take(NOW)
    assert not held.is_late(NOW + hand.LATE_SECONDS - 1)
    assert held.is_late(NOW + hand.LATE_SECONDS)
    held.let_go(taken[0][0])
    assert not held.is_late(NOW + hand.LATE_SECONDS)

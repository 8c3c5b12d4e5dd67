"""What a slot was held back from is asked again, whatever became of it when it was asked before."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from sqlalchemy import Connection, insert, update

from bot.flow.held_due import ask_again
from bot.scrm.calendar import Slot
from bot.scrm.gates.decide import PATIENCE_SECONDS
from bot.scrm.mix import Choice
from bot.scrm.records.sends import KeepSend, SettleSend
from bot.store import inbox, planning, sends
from bot.store.database import Database
from bot.store.inbox import Waiting
from bot.store.mix import charges
from bot.store.planning import planned
from bot.store.tables import metadata

NOW, TICK = 1_000_000, 15
CHOICE = Choice(order=("导购",), due="导购", missing=None, fixed=True)
SLOT = Slot(NOW - 60, "dec", "noon", NOW + 7_200)


async def decided(database: Database, pool: str, outcome: str, retry_at: int | None = None) -> None:
    """A group is held back, or its post is in its owner's hands."""
    of = {"pool": pool, "userid": "guide-lin", "touchpoint": "群", "fixed": True, "by_hand": False, "because": "因为"}
    said = {"stops": [], "said": asdict(CHOICE), "version": "1", "decided_at": NOW - 60}
    said |= {"kind": "导购", "item": "i", "weight": 1} if outcome == "sent" else {}
    row = of | said | {"outcome": outcome, "retry_at": retry_at} | asdict(SLOT)
    await database.write(lambda conn: conn.execute(insert(metadata.tables["planned"]).values(row)))


async def told(database: Database) -> list[Waiting]:
    """What waits to be handled."""
    return await database.read(partial(inbox.waiting, now=NOW, after=0, limit=9))


async def handled(database: Database, pool: str) -> None:
    """What was told is done: the pool has the post."""

    def done(conn: Connection) -> None:
        conn.execute(update(metadata.tables["planned"]).where(planned.c.pool == pool).values(retry_at=None))
        for row in inbox.waiting(conn, NOW, 0, 9):
            inbox.close(conn, row.id, (), NOW)

    await database.write(done)


async def taken_back(database: Database, pool: str) -> None:
    """The owner of a group left the corp with its post in hand."""
    slot = {"touchpoint": "群", "slot": SLOT, "userid": "guide-lin", "item": "i", "people": 1}
    await database.write(partial(sends.keep, record=KeepSend(key="k", pools=(pool,), at=NOW, **slot)))
    over = SettleSend(key="k", state="lapsed", reason="已经离开企业", held=True, at=NOW)
    await database.write(partial(sends.settle, record=over))


async def test_what_is_held_late_in_a_second_that_was_told_is_asked_too(database: Database) -> None:
    """Two sends of one slot are taken back at once; of one it is read a tick later that nobody pressed."""
    await decided(database, "wr-1", "held", NOW)
    await decided(database, "wr-2", "sent")
    assert await ask_again(database, NOW)
    await handled(database, "wr-1")
    await taken_back(database, "wr-2")
    assert await ask_again(database, NOW + TICK)
    assert [row.name for row in await told(database)] == ["SlotHeld"]


async def test_what_was_told_and_came_to_nothing_is_told_again_in_a_while(database: Database) -> None:
    """As when its handling failed and was parked; meanwhile it is told once."""
    await decided(database, "wr-1", "held", NOW)
    looks = [await ask_again(database, NOW + after) for after in (0, TICK, PATIENCE_SECONDS, PATIENCE_SECONDS + TICK)]
    assert looks == [True, False, True, False]
    assert len(await told(database)) == 2


async def test_what_was_in_hand_and_is_held_to_its_end_counts_for_nothing(database: Database) -> None:
    """Nobody could be asked again, as when the line was taken out; the mix of the group owes what it owed."""
    await decided(database, "wr-1", "sent")
    await taken_back(database, "wr-1")
    assert await database.read(partial(planning.posts_lately, touchpoint="群", slot=SLOT)) == {}
    await database.write(partial(planning.lapse, now=SLOT.by_at + 1))
    [[charge]] = (await database.read(partial(charges, touchpoint="群", since_at=0))).values()
    assert charge.kind is None

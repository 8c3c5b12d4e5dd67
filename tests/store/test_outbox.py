"""The outbox, on both databases: written once per key, every state by its own door."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.scrm.actions import SendAppMessage, SendWelcome, SyncCustomer
from bot.scrm.actions.kf import MoveKfSession, SendKfMessage
from bot.store import outbox
from bot.store.database import Database

HELLO = SendWelcome(userid="g", external_userid="wm-1", text="你好", ready="你好", not_after_at=120)


async def put(database: Database, *actions: Any, cause: int = 1, run: int = 0) -> None:
    await database.write(partial(outbox.put, cause=cause, run=run, actions=actions, now=100))


async def claim(database: Database, *, urgent: bool = True, now: int = 100) -> list[outbox.Claimed]:
    return await database.write(partial(outbox.claim, urgent=urgent, limit=10, now=now, busy=()))


async def states(database: Database) -> list[str]:
    return [entry.state for entry in reversed(await database.read(outbox.entries))]


async def test_one_cause_writes_an_action_once_per_run(database: Database) -> None:
    """Handling an event twice does nothing twice; a replay with a new run does."""
    for run in (0, 0, 1):
        await put(database, HELLO, SyncCustomer(external_userid="wm-1"), run=run)
    await put(database, HELLO, cause=2)
    assert len(await states(database)) == 5


async def test_what_was_written_is_what_is_claimed(database: Database) -> None:
    """The action comes back equal, and only once."""
    await put(database, HELLO)
    [claimed] = await claim(database)
    assert (claimed.action, claimed.cause, claimed.attempts, claimed.in_doubt) == (HELLO, 1, 0, False)
    assert await claim(database) == []
    assert await states(database) == ["sending"]


async def test_a_crash_leaves_doubt_that_no_later_try_takes_away(database: Database) -> None:
    """Maybe sent stays maybe sent, though the next try surely was not."""
    await put(database, HELLO)
    await claim(database)
    assert await database.write(partial(outbox.recover, now=105)) == 1
    assert await states(database) == ["unknown"]
    [again] = await claim(database, now=105)
    assert again.in_doubt
    later: Callable[[Connection], None] = partial(
        outbox.postpone, outbox_id=again.id, at=110, in_doubt=False, errcode=None, reason=""
    )
    await database.write(later)
    assert await claim(database, now=109) == []
    [third] = await claim(database, now=110)
    assert third.in_doubt and third.attempts == 1


@pytest.mark.parametrize("state", ["sent", "expired", "refused", "failed", "unknown"])
async def test_a_settled_action_is_never_claimed_again_by_itself(database: Database, state: str) -> None:
    """Only a person's retry brings it back, and what was sent cannot be brought back at all."""
    await put(database, HELLO)
    [claimed] = await claim(database)
    await database.write(partial(outbox.settle, outbox_id=claimed.id, state=state, at=101))
    assert await claim(database, now=10**6) == []
    assert await database.write(partial(outbox.retry, outbox_id=claimed.id, now=102)) == (state != "sent")


async def test_only_what_has_not_gone_out_can_be_dropped(database: Database) -> None:
    """One that waits can; one that is under way or over cannot."""
    await put(database, HELLO)
    assert await database.write(partial(outbox.drop, outbox_id=1, now=101))
    assert await claim(database) == []
    assert not await database.write(partial(outbox.drop, outbox_id=1, now=101))
    assert await states(database) == ["dropped"]


async def test_what_is_kept_in_order_waits_for_what_was_decided_before(database: Database) -> None:
    """Also with a nearer deadline; other lines, and what need not be in order, do not wait."""
    to: dict[str, Any] = {"open_kfid": "wk", "text": "好"}
    for n, who, deadline in ((1, "wm-1", 900), (2, "wm-1", 800), (3, "wm-2", 900)):
        await put(database, SendKfMessage(**to, external_userid=who, msgid=f"m{n}", not_after_at=deadline), cause=n)
    await put(database, MoveKfSession(open_kfid="wk", external_userid="wm-1", not_after_at=700), cause=4)
    first, other = sorted(await claim(database), key=lambda claimed: claimed.id)
    assert (first.id, other.id) == (1, 3)
    again: Callable[[Connection], None] = partial(
        outbox.postpone, outbox_id=1, at=110, in_doubt=False, errcode=-1, reason=""
    )
    await database.write(again)
    assert await claim(database, now=109) == []
    assert await database.read(partial(outbox.next_due_at, urgent=True, busy=())) == 110
    assert [claimed.id for claimed in await claim(database, now=110)] == [1]
    await database.write(partial(outbox.settle, outbox_id=1, state="sent", at=111))
    assert [claimed.id for claimed in await claim(database, now=111)] == [2]
    await database.write(partial(outbox.settle, outbox_id=2, state="sent", at=112))
    assert [claimed.id for claimed in await claim(database, now=112)] == [4]


async def test_a_busy_line_waits_and_hides_nobody(database: Database) -> None:
    """Lines under way are passed over, and one of each other line is taken however long they are."""
    for cause in range(20):
        await put(database, SendAppMessage(userid="a", text=str(cause)), cause=cause)
    await put(database, SendAppMessage(userid="b", text="b"), SyncCustomer(external_userid="wm"), cause=50)
    take = partial(outbox.claim, urgent=False, limit=4, now=100)
    taken = await database.write(partial(take, busy=("message/b",)))
    assert [c.action.target for c in taken] == ["a", "wm"]
    assert await database.read(partial(outbox.next_due_at, urgent=False, busy=("message/a", "message/b"))) is None
    assert [c.action.target for c in await database.write(partial(take, busy=("message/a",)))] == ["b"]


async def test_an_action_of_another_version_does_not_block_the_rest(database: Database) -> None:
    """One that nobody can read any more is set aside, and said so."""
    await put(database, SyncCustomer(external_userid="wm-1"), cause=1)
    await put(database, SyncCustomer(external_userid="wm-2"), cause=2)
    gone = text("UPDATE outbox SET kind = 'GoneKind' WHERE cause = 1")
    await database.write(lambda conn: conn.execute(gone).rowcount)
    taken = await claim(database, urgent=False)
    assert [c.cause for c in taken] == [2]
    failed = await database.read(partial(outbox.entries, states=("failed",)))
    assert [e.reason for e in failed] == ["这个版本读不懂这个动作"]

"""Where a reading stands, on both databases."""

from __future__ import annotations

from functools import partial

import pytest

from bot.scrm.events.sync import PageRead
from bot.scrm.records.sync import AdvanceSync, PlanParts, StartSync
from bot.scrm.records.transfers import NoteTransfers, SettleTransfer
from bot.scrm.sync import Place
from bot.store import syncs, transfers
from bot.store.database import Database
from bot.store.people import GuardFailedError

JOB = "customers/100"


def page(part: str, cursor: str = "", to_cursor: str = "") -> PageRead:
    return PageRead(
        created_at=1, job=JOB, kind="customers", place=Place(part, cursor), to_cursor=to_cursor, read=10, changed=1
    )


async def begun(database: Database, *parts: str) -> None:
    await database.write(partial(syncs.start, record=StartSync(job=JOB, kind="customers", at=100)))
    plan = PlanParts(job=JOB, parts=parts, to=Place(min(parts)) if parts else None, at=101)
    await database.write(partial(syncs.plan, record=plan))


async def advance(database: Database, read: PageRead, to: Place | None) -> None:
    await database.write(partial(syncs.advance, record=AdvanceSync(page=read, to=to, at=102)))


async def test_a_reading_goes_from_page_to_page_to_its_end(database: Database) -> None:
    """What is behind is counted, what is left is known."""
    await begun(database, "a", "b")
    await advance(database, page("a", "", "next"), Place("a", "next"))
    await advance(database, page("a", "next"), Place("b"))
    job = await database.read(partial(syncs.job, job_id=JOB))
    assert job and (job.place, job.total, job.left, job.read, job.changed) == (Place("b"), 2, 1, 20, 2)
    assert await database.read(partial(syncs.next_part, job_id=JOB, after="a")) == "b"
    assert await database.read(partial(syncs.next_part, job_id=JOB, after="b")) is None
    await advance(database, page("b"), None)
    latest = await database.read(syncs.latest)
    assert latest["customers"].state == "done" and latest["customers"].left == 0
    assert await database.read(partial(syncs.unfinished, kind="customers")) is None


async def test_a_page_leads_on_once(database: Database) -> None:
    """Read twice, it is behind us the second time."""
    await begun(database, "a", "b")
    await advance(database, page("a"), Place("b"))
    with pytest.raises(GuardFailedError):
        await advance(database, page("a"), Place("b"))


async def test_nobody_to_read_is_the_end(database: Database) -> None:
    """A corp without guides."""
    await begun(database)
    assert (await database.read(syncs.latest))["customers"].state == "done"


async def test_a_transfer_is_waited_for_until_it_is_settled(database: Database) -> None:
    """By its result, or by a callback that names one of the two guides, and says not which."""
    stands = (
        ("wm-1", "waiting", None),
        ("wm-2", "waiting", None),
        ("wm-3", "failed", 40128),
        ("wm-4", "waiting", None),
    )
    note = NoteTransfers(handover="a", takeover="b", resigned=False, stands=stands, at=5)  # type: ignore[arg-type]
    await database.write(partial(transfers.note, record=note))
    assert await database.read(transfers.waiting) == [("a", "b", False)]
    assert await database.read(partial(transfers.is_waiting, takeover="b", external_userid="wm-1"))
    for userid, who in (("b", "wm-1"), ("a", "wm-4")):
        over = SettleTransfer(userid=userid, external_userid=who, state="refused", at=6)
        await database.write(partial(transfers.settle, record=over))
    assert await database.read(partial(transfers.waiting_customers, handover="a", takeover="b")) == {"wm-2"}
    done = NoteTransfers(handover="a", takeover="b", resigned=False, stands=(("wm-2", "done", None),), at=7)
    await database.write(partial(transfers.note, record=done))
    assert await database.read(transfers.waiting) == []

"""When a pool is read, and what a relation is that WeCom lists."""

from __future__ import annotations

import pytest

from bot.scrm.person import FollowInfo, Profile
from bot.scrm.sync import (
    STALLED_SECONDS,
    Listed,
    Ours,
    Place,
    Standing,
    SyncJob,
    SyncKind,
    day_before,
    due_syncs,
    standing,
)
from demo.stage import OPENING

ZONE = "Asia/Shanghai"
MIDNIGHT = OPENING - 10 * 3600
HOUR = 3600


def job(kind: SyncKind = "customers", started_at: int = 0, state: str = "done", touched_at: int = 0) -> SyncJob:
    return SyncJob(
        id=f"{kind}/{started_at}",
        kind=kind,
        state=state,  # type: ignore[arg-type]
        place=Place(""),
        started_at=started_at,
        touched_at=touched_at or started_at,
    )


@pytest.mark.parametrize(("hour", "due"), [(2, []), (3, ["customers"]), (7, ["customers"]), (8, []), (10, [])])
def test_a_corp_is_read_for_the_first_time_at_night(hour: int, due: list[str]) -> None:
    """Customers first: groups and numbers mean nothing without them."""
    assert [kind for kind, _ in due_syncs({}, MIDNIGHT + hour * HOUR, ZONE)] == due


def test_once_a_day() -> None:
    """The cause is the day, so that two clocks tell it once; what ran today does not run again."""
    last = {"customers": job("customers", MIDNIGHT - 21 * HOUR)}
    three, four = MIDNIGHT + 3 * HOUR, MIDNIGHT + 4 * HOUR
    due = due_syncs(last, three, ZONE)  # type: ignore[arg-type]
    assert due == [("customers", "customers/2026-11-26"), ("groups", "groups/2026-11-26")]
    done = {"customers": job("customers", three), "groups": job("groups", three)}
    assert due_syncs(done, four, ZONE) == []  # type: ignore[arg-type]
    assert [kind for kind, _ in due_syncs(done, OPENING, ZONE)] == ["behaviour"]  # type: ignore[arg-type]


def test_what_stands_is_taken_up_once_an_hour_at_any_time() -> None:
    """Not while it moves."""
    morning = MIDNIGHT + 8 * HOUR
    running = job("customers", morning, "running", morning + 100)
    assert due_syncs({"customers": running}, morning + 200, ZONE) == []
    later = morning + 100 + STALLED_SECONDS
    assert due_syncs({"customers": running}, later, ZONE) == [("customers", f"{running.id}/{later // STALLED_SECONDS}")]


def test_a_day_is_the_corps() -> None:
    """From its midnight to its last second."""
    assert day_before(OPENING, ZONE) == ("2026-11-25", MIDNIGHT - 24 * HOUR, MIDNIGHT - 1)


@pytest.mark.parametrize(
    ("added_at", "known", "is_"),
    [
        (50, None, "history"),
        (150, None, "found"),
        (9_500, None, "unsettled"),
        (50, Ours("active", None, "sent"), "seen"),
        (50, Ours("half", None, "waiting"), "seen"),
        (50, Ours("active", None, None), "history"),
        (150, Ours("active", None, None), "found"),
        (50, Ours("ended", 60, "sent"), "over"),
        (150, Ours("ended", 60, "sent"), "found"),
        (90, Ours("ended", 60, "sent"), "found"),
    ],
)
def test_what_a_listed_relation_is(added_at: int, known: Ours | None, is_: Standing) -> None:
    """`history` until 100; now is 10,000."""
    customer = Listed(external_userid="wm-1", profile=Profile(), info=FollowInfo(userid="g", added_at=added_at))
    assert standing(customer, known, 100, 10_000) == is_

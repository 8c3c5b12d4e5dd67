"""Reading a whole pool back from WeCom: what is read, when it is due, and where a reading stands.

A job reads one part after the other (a part is a member), each in pages. Where it stands is a row: a crash costs
one page, and whoever looks next goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.scrm.person import FollowInfo, Profile
from bot.scrm.week import local_time

SyncKind = Literal["customers", "groups", "behaviour"]
SyncState = Literal["planning", "running", "done"]

HOURS: Mapping[SyncKind, range] = {"customers": range(3, 8), "groups": range(3, 8), "behaviour": range(10, 24)}
"""In which hours of the corp's day a reading may begin by itself. Behaviour data of yesterday is there in the
course of the morning (official page 92132)."""

STALLED_SECONDS = 3600
"""A reading that did not move for so long is taken up again: its page was given up."""

UNSETTLED_SECONDS = 600
"""What is younger than this may still be on its way to one of both sides: it is no difference yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading stands: which part, and the cursor of the page that comes next."""

    part: str
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncJob:
    """One reading. `total`, `left`: parts; `read`: what was read so far; `skipped`: parts that WeCom refused."""

    id: str
    kind: SyncKind
    state: SyncState
    place: Place
    total: int = 0
    left: int = 0
    read: int = 0
    history: int = 0
    changed: int = 0
    found: int = 0
    gone: int = 0
    skipped: int = 0
    started_at: int
    touched_at: int
    finished_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One customer of a member, as batch/get_by_user lists them (official page 92994): tags by id only."""

    external_userid: str
    profile: Profile
    info: FollowInfo
    tag_ids: tuple[str, ...] = ()


Standing = Literal["history", "seen", "found", "unsettled", "over"]
"""history: was there before this member was first read; seen: known; found: nobody told us of it; unsettled: too young
to say; over: has ended on our side, and did not begin anew."""


@dataclass(frozen=True, slots=True)
class Ours:
    """A relation as we have it. Without a `welcome` nobody told us of it: it was seen when its customer was read."""

    status: str
    ended_at: int | None
    welcome: str | None


def standing(customer: Listed, ours: Ours | None, history_until: int, now: int) -> Standing:
    """Where a relation stands that WeCom lists."""
    added_at = customer.info.added_at
    if ours and ours.status != "ended" and ours.welcome:
        return "seen"
    if ours and ours.status == "ended" and added_at <= (ours.ended_at or 0):
        return "over"
    if (ours is None or ours.status != "ended") and added_at <= history_until:
        return "history"
    return "found" if added_at <= now - UNSETTLED_SECONDS else "unsettled"


def due_syncs(latest: Mapping[SyncKind, SyncJob], now: int, timezone: str) -> list[tuple[SyncKind, str]]:
    """What must be read now, each with its cause: begun once a day in its hours, taken up once an hour if it stands.

    Customers come first in a corp's life: nothing else is read before they were once.
    """
    local = local_time(now, timezone)
    due: list[tuple[SyncKind, str]] = []
    for kind, hours in HOURS.items():
        job = latest.get(kind)
        if job and job.state != "done":
            if now - job.touched_at >= STALLED_SECONDS:
                due.append((kind, f"{job.id}/{now // STALLED_SECONDS}"))
        elif local.hour in hours and (kind == "customers" or "customers" in latest):
            begins_at = int(local.replace(hour=hours.start, minute=0, second=0, microsecond=0).timestamp())
            if job is None or job.started_at < begins_at:
                due.append((kind, f"{kind}/{local:%Y-%m-%d}"))
    return due


def day_before(at: int, timezone: str) -> tuple[str, int, int]:
    """Yesterday: its date, its first second and its last (epoch seconds)."""
    midnight = local_time(at, timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    end_at = int(midnight.timestamp()) - 1
    begin = local_time(end_at, timezone).replace(hour=0, minute=0, second=0)
    return f"{begin:%Y-%m-%d}", int(begin.timestamp()), end_at

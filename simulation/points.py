"""How much each customer was exposed to: points in any seven days, by the weights of the fatigue budget."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from bot.scrm.gates.outcome import GOES
from bot.store.audience_facts import follows, members, planned, touches

Posts = dict[str, list[tuple[int, int]]]
FOREVER: Final = 2**62


@dataclass(frozen=True, slots=True)
class Exposure:
    """Hundredths of a point: the most that anybody had in one window, and what half, 90 % and 99 % stayed below."""

    people: int
    half: int
    p90: int
    p99: int
    most: int
    over: int
    """People above the budget at some time: groups and Moments cannot leave anybody out."""


def exposure(conn: Connection, since_at: int, per_seconds: int, budget: int) -> Exposure:
    """Of everybody who met anything since then. `budget`: points."""
    peaks = sorted(peak(met, per_seconds) for met in _met(conn, since_at).values())
    return Exposure(
        people=len(peaks),
        half=_quantile(peaks, 0.5),
        p90=_quantile(peaks, 0.9),
        p99=_quantile(peaks, 0.99),
        most=peaks[-1] if peaks else 0,
        over=sum(each > budget * 100 for each in peaks),
    )


def peak(met: Iterable[tuple[int, int]], per_seconds: int) -> int:
    """The most weight that lies within `per_seconds`. `met`: (at, weight)."""
    window: deque[tuple[int, int]] = deque()
    now = most = 0
    for at, weight in sorted(met):
        window.append((at, weight))
        now += weight
        while window[0][0] <= at - per_seconds:
            now -= window.popleft()[1]
        most = max(most, now)
    return most


def _met(conn: Connection, since_at: int) -> dict[int, list[tuple[int, int]]]:
    """person_id → (at, weight) of all that may have been seen: in groups, in Moments, one-to-one."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    posts = {touchpoint: _posts(conn, touchpoint, since_at) for touchpoint in ("群", "朋友圈")}
    seats = select(members.c.person_id, members.c.chat_id, members.c.joined_at, members.c.left_at)
    seats = seats.where(members.c.person_id.is_not(None))
    friends = select(follows.c.person_id, follows.c.userid, follows.c.added_at, follows.c.ended_at)
    for touchpoint, query in (("群", seats), ("朋友圈", friends)):
        for person_id, pool, from_at, until_at in conn.execute(query):
            found[person_id] += _within(posts[touchpoint].get(pool, []), from_at, until_at or FOREVER)
    written = (
        select(touches.c.person_id, planned.c.at, planned.c.weight)
        .join(planned, planned.c.id == touches.c.planned_id)
        .where(touches.c.state != "held_out", planned.c.at >= since_at)
    )
    for person_id, at, weight in conn.execute(written):
        found[person_id].append((at, weight))
    return {person_id: met for person_id, met in found.items() if met}


def _posts(conn: Connection, touchpoint: str, since_at: int) -> Posts:
    went = (planned.c.touchpoint == touchpoint, planned.c.outcome.in_(GOES), planned.c.at >= since_at)
    found: Posts = defaultdict(list)
    for pool, at, weight in conn.execute(select(planned.c.pool, planned.c.at, planned.c.weight).where(*went)):
        found[pool].append((at, weight))
    return found


def _within(posts: list[tuple[int, int]], from_at: int, until_at: int) -> Iterator[tuple[int, int]]:
    return (post for post in posts if from_at <= post[0] < until_at)


def _quantile(values: list[int], share: float) -> int:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0

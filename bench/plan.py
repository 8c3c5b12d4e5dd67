"""How long it takes to plan one 导购 item one-to-one for a million customers, beside the same in hand-written SQL.

One file of customers with histories, each time a copy of its own: the product's chunks through the write gate, while 50
small urgent writes a second stand for arriving callbacks, and one hand-written INSERT that makes the same touches.
A third copy is planned by the whole bot, while a sandbox adds 50 customers a second: how soon are they greeted?

    python -m bench.plan --json          (--quick: 10,000 and 100,000 people)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Connection

from bench.crowd import CALENDAR, ENTRY, guides, populate
from bench.plan_case import ahead
from bench.plan_greetings import Greetings, greetings
from bench.welcome import percentile
from bot.flow.perform import planning
from bot.scrm.calendar import Slot
from bot.scrm.gates.audience import audience as audience_value
from bot.scrm.holdout import DRAWS, draw
from bot.store import audience, migrate
from bot.store.database import PRAGMAS, UNHURRIED_NICE, Database, open_database

AT = 1_796_270_400
"""Some afternoon in Shanghai."""

RATE = 50
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Planned:
    """A run of ours. `waits`: seconds of each urgent write; `rss_mb`: the most."""

    seconds: float
    touches: int
    longest_ms: float
    waits: list[float]
    rss_mb: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    options.add_argument("--quick", action="store_true", help="10,000 and 100,000 people")
    asked = options.parse_args()
    figures = measure((10_000, 100_000) if asked.quick else (10_000, 1_000_000))
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


def measure(sizes: tuple[int, int]) -> dict[str, float]:
    """The figures of the larger number, and how the time per person grew from the smaller."""
    (small, _, _), (large, by_hand, greeted) = (_both(people) for people in sizes)
    per_person = [large.seconds / sizes[1], small.seconds / sizes[0]]
    return {
        "people": sizes[1],
        "touches": large.touches,
        "seconds": round(large.seconds, 2),
        "by_hand_seconds": round(by_hand, 2),
        "ratio_to_sql": round(large.seconds / by_hand, 2),
        "growth": round(per_person[0] / per_person[1], 2),
        "rss_mb": round(large.rss_mb),
        "longest_chunk_ms": round(large.longest_ms, 1),
        "urgent_write_p99_ms": round(percentile(large.waits, 0.99) * 1000, 1),
        "greeting_p50_ms": round(percentile(greeted.meanwhile, 0.5)),
        "greeting_p99_ms": round(percentile(greeted.meanwhile, 0.99)),
        "greeting_p50_ms_before": round(percentile(greeted.before, 0.5)),
        "greeting_p99_ms_before": round(percentile(greeted.before, 0.99)),
        "seconds_beside_greetings": round(greeted.seconds, 1),
    }


def _both(people: int) -> tuple[Planned, float, Greetings]:
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as folder:
        made, ours, hand = (Path(folder) / f"{name}.sqlite3" for name in ("made", "ours", "hand"))
        asyncio.run(_migrated(made))
        populate(made, people, AT)
        greeted = asyncio.run(greetings(made, AT))
        shutil.copy(made, ours)
        made.rename(hand)
        os.sync()  # else the first commits wait until the copies are on disk
        with get_context("spawn").Pool(1) as process:  # of its own, so that its memory is its own
            planned = process.apply(_ours, (str(ours),))
        # Judging has a low priority: with others at work on this machine, the same by hand has to have it too.
        with get_context("spawn").Pool(1, os.nice, (UNHURRIED_NICE,)) as process:
            touches, seconds = process.apply(_by_hand, (hand,))
        if touches != planned.touches:
            raise RuntimeError(f"by hand {touches}, ours {planned.touches}: not the same work")
        return planned, seconds, greeted


async def _migrated(path: Path) -> None:
    database = open_database(f"sqlite:///{path}")
    await database.write(migrate.upgrade)
    await database.close()


def _ours(path: str) -> Planned:
    return asyncio.run(_plan(open_database(f"sqlite:///{path}")))


async def _plan(database: Database) -> Planned:
    whom = audience_value(Slot(AT, CALENDAR, ENTRY, AT + 7200), ahead(AT), guides())
    began = time.perf_counter()
    arriving = asyncio.create_task(_arrivals(database))
    run = await database.read(partial(audience.prepare, key="bench", audience=whom))
    took = await planning.go_through(database, run)
    done = await database.write(partial(audience.finish, run=run, now=AT))
    await database.read(partial(audience.batches, run=run, done=done))
    seconds = time.perf_counter() - began
    arriving.cancel()
    await asyncio.gather(arriving, return_exceptions=True)
    await database.close()
    held_out = sum(done.gates.get(number, 0) for number in whom.held_out)
    status = Path("/proc/self/status").read_text()  # ru_maxrss would tell of the process that started this one
    rss_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return Planned(seconds, done.gates.get(0, 0) + held_out, max(took) * 1000, WAITS, rss_mb)


WAITS: list[float] = []


async def _arrivals(database: Database) -> None:
    """Small urgent writes at a steady rate, whether or not those before are done."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as arriving:
        for number in range(10**6):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - loop.time()))
            arriving.create_task(_arrival(database, number, due))


async def _arrival(database: Database, number: int, due: float) -> None:
    insert = "INSERT INTO seen_items (item, first_seen_at) VALUES (?, ?)"
    row = (f"bench-{number}", AT)
    await database.write(partial(Connection.exec_driver_sql, statement=insert, parameters=row), urgent=True)
    WAITS.append(asyncio.get_running_loop().time() - due)


def _by_hand(path: Path) -> tuple[int, float]:
    """What a programmer would write for this very item, in one transaction. How many touches, in how many seconds."""
    case, began = ahead(AT), time.perf_counter()
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        conn.execute(f"PRAGMA {pragma}")
    window = case.window
    assert window
    values = {
        "at": AT, "day": DAY, "by": AT + 7200, "quota_since": window.start_at, "item": case.item.id,
        "quota": window.most - case.quota.reserve["私聊"], "rest": case.item.repeat_after_seconds,
    }  # fmt: skip
    conn.create_function("draw", 1, partial(draw, campaign=case.item.id), deterministic=True)
    out = case.care.hold_out_percent * DRAWS // 100
    conn.execute("BEGIN IMMEDIATE")
    conn.execute(BY_HAND.format(out=out), values)
    count: int = conn.execute("SELECT changes()").fetchone()[0]
    conn.execute("COMMIT")
    conn.close()
    return count, time.perf_counter() - began


BY_HAND = """
WITH points AS (SELECT pool, sum(weight) AS points FROM planned WHERE touchpoint <> '私聊' AND by_at > :at - 7 * :day
  AND outcome IN ('sent', 'swapped') GROUP BY pool),
seen AS (SELECT t.person_id, sum(t.at >= :quota_since) AS quota, sum(t.at > :at - :day) AS d1,
  sum(t.at > :at - 7 * :day) AS d7, sum(t.at > :at - 7 * :day AND t.kind = '导购') AS sells,
  sum((t.at > :at - 7 * :day) * t.weight) AS points, sum(t.kind IN ('科普', '互动')) AS trust,
  max(CASE WHEN t.item = :item THEN t.at END) AS item_at
  FROM touches t WHERE t.state <> 'held_out' GROUP BY t.person_id)
INSERT INTO touches (person_id, planned_id, at, state, kind, item, weight)
SELECT f.person_id, s.id, :by,
  CASE WHEN draw(f.person_id) < {out} THEN 'held_out' ELSE 'reserved' END, s.kind, s.item, s.weight
FROM follows f CROSS JOIN planned s ON s.calendar = 'bench' AND s.entry = 'cream' AND s.at = :at AND s.pool = f.userid
LEFT JOIN seen ON seen.person_id = f.person_id
WHERE f.person_id > 0 AND f.status = 'active' AND f.added_at <= :at - 2 * :day
AND coalesce(seen.quota, 0) < :quota AND coalesce(seen.d1, 0) < 1 AND coalesce(seen.d7, 0) < 2
AND coalesce(seen.sells, 0) < 1 AND coalesce(seen.trust, 0) >= 2 AND coalesce(seen.item_at, 0) <= :at - :rest
AND coalesce(seen.points, 0) + coalesce((SELECT points FROM points WHERE pool = f.userid), 0)
  + coalesce((SELECT sum(e.points) FROM group_members m JOIN points e ON e.pool = m.chat_id
    WHERE m.person_id = f.person_id AND m.left_at IS NULL), 0) <= 1100
AND NOT EXISTS (SELECT 1 FROM preferences r WHERE r.person_id = f.person_id
  AND r.topic IN ('新品', '全部') AND NOT r.wanted)
AND NOT EXISTS (SELECT 1 FROM follow_log l WHERE l.person_id = f.person_id
  AND l.what = 'lost' AND l.at > :at - 30 * :day)
AND NOT EXISTS (SELECT 1 FROM person_tags g WHERE g.person_id = f.person_id AND g.tag IN ('服务/投诉中', '服务/售后中'))
AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.person_id = f.person_id AND o.state <> 'refunded'
  AND o.paid_at > :at - 7 * :day)
ORDER BY f.person_id
"""


if __name__ == "__main__":
    main()

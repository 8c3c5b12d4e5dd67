"""Forgetting a person everywhere we know of: files, backups, both boxes, every table; then the paper that says so."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.scrm.week import local_time
from bot.store import erase, inbox
from bot.store.belongings import Who
from bot.store.database import Database
from bot.store.papers import RECEIPTS, forget_in_backups, forget_in_files

CHUNK = 200
"""Rows of a box that one transaction blanks."""

PATIENCE_TURNS = 30
"""How many seconds what is under way may take to end by itself."""


NIGHT = range(3, 5)
"""Hours of the corp's clock in which writers may wait while a large file is written anew."""

RUSH_EVENTS = 100
"""So many that wait are a rush, even at night."""


async def erase_person(
    database: Database,
    people_key: bytes,
    data_folder: Path,
    clock: Clock,
    timezone: str,
    person_id: int,
    asked_at: int,
) -> dict[str, Any]:
    """The receipt, once nothing is left. Repeating it goes on where it stopped."""
    done = await database.read(partial(erase.receipt_of, person_id=person_id))
    if done:
        return done
    known = await database.write(partial(erase.begin, person_id=person_id, at=asked_at))
    files = Counter(await asyncio.to_thread(forget_in_files, data_folder, known))
    files += Counter(await asyncio.to_thread(forget_in_backups, data_folder, people_key, known, asked_at))
    counts = await _boxes(database, known, clock)
    counts += Counter(await database.write(partial(erase.tables, known=known, at=asked_at)))
    counts += await _boxes(database, known, clock)  # what was decided while we were at it
    compact_after_at = await _compact(database, clock.now(), timezone)
    compaction = await database.read(erase.compaction)
    receipt = erase.receipt(person_id, asked_at, clock.now(), counts, files, compact_after_at, compaction)
    await _hand_out(database, data_folder, receipt)
    return receipt


async def compact_for_erased(database: Database, data_folder: Path, clock: Clock, timezone: str) -> None:
    """Close the gaps that erased people left in a large file, and say so on their receipts. Outside the night and in a
    rush it is left for another time."""
    receipts = await database.read(partial(erase.uncompacted, now=clock.now()))
    waiting = await database.read(inbox.counts)
    if not receipts or not is_night(clock.now(), timezone) or waiting.get("waiting", 0) > RUSH_EVENTS:
        return
    await database.compact()
    for said in receipts:
        await _hand_out(database, data_folder, erase.sealed({**said, "compacted_at": clock.now()}))


def is_night(now: int, timezone: str) -> bool:
    """Whether few people are awake to wait."""
    return local_time(now, timezone).hour in NIGHT


async def _compact(database: Database, now: int, timezone: str) -> int | None:
    """At once when that is quick; else when it may be done: the coming night."""
    if await database.compacts_at_once():
        with suppress(TimeoutError):
            await database.compact()
            return None
    local = local_time(now, timezone)
    night = local.replace(hour=NIGHT.start, minute=0, second=0, microsecond=0)
    return int((night if local.hour < NIGHT.stop else night + timedelta(days=1)).timestamp())


async def _hand_out(database: Database, data_folder: Path, receipt: dict[str, Any]) -> None:
    file = data_folder / RECEIPTS / f"erase-{receipt['person_id']}-{receipt['asked_at']}.json"
    await asyncio.to_thread(_write, file, receipt)
    await database.write(partial(erase.save_receipt, receipt=receipt))


async def _boxes(database: Database, known: Who, clock: Clock) -> Counter[str]:
    """Blank the events and actions that name the person; what is under way may end first."""
    counts: Counter[str] = Counter()
    for turn in range(PATIENCE_TURNS + 1):
        found = await database.read(partial(erase.boxes, known=known))
        if not any(found.values()):
            break
        # The outbox first: by the events that caused them, notices are known from those about a namesake.
        for name, scrub in (("outbox", erase.scrub_outbox), ("inbox", partial(erase.scrub_inbox, known=known))):
            for first in range(0, len(found[name]), CHUNK):
                ids, now = found[name][first : first + CHUNK], clock.now()
                job = partial(scrub, ids=ids, at=now, all_states=turn == PATIENCE_TURNS)
                counts[name] += await database.write(job)
        if counts.total() < sum(map(len, found.values())):
            await clock.sleep_until(clock.now() + 1)
    return counts


def _write(file: Path, receipt: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(receipt, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

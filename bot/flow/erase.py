"""Forgetting a person everywhere we know of: files, backups, both boxes, every table; then the paper that says so."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.store import erase
from bot.store.belongings import Who
from bot.store.database import Database
from bot.store.papers import RECEIPTS, forget_in_backups, forget_in_files

CHUNK = 200
"""Rows of a box that one transaction blanks."""

PATIENCE_TURNS = 30
"""How many seconds what is under way may take to end by itself."""


async def erase_person(
    database: Database, people_key: bytes, data_folder: Path, clock: Clock, person_id: int, asked_at: int
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
    await database.compact()
    receipt = erase.receipt(person_id, asked_at, clock.now(), counts, files)
    await asyncio.to_thread(_write, data_folder / RECEIPTS / f"erase-{person_id}-{asked_at}.json", receipt)
    await database.write(partial(erase.save_receipt, receipt=receipt))
    return receipt


async def _boxes(database: Database, known: Who, clock: Clock) -> Counter[str]:
    """Blank the events and actions that name the person; what is under way may end first."""
    counts: Counter[str] = Counter()
    for turn in range(PATIENCE_TURNS + 1):
        found = await database.read(partial(erase.boxes, known=known))
        if not any(found.values()):
            break
        for name, scrub in (("inbox", erase.scrub_inbox), ("outbox", erase.scrub_outbox)):
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

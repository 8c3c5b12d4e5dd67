"""The files beside the database: exports, logs, receipts, backups."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from bot.store import erase, migrate
from bot.store.belongings import Who, naming
from bot.store.database import compact_sqlite, sqlite_engine

EXPORTS, LOGS, BACKUPS, RECEIPTS = "exports", "logs", "backups", "receipts"


def export_file(folder: Path, person_id: int, at: int) -> Path:
    """Where the export of one person goes; by its name erasing knows whose it is."""
    return folder / EXPORTS / f"person-{person_id}-{at}.json"


def back_up(database: Path, file: Path) -> None:
    """A copy of a SQLite database that is in use, whole and of one moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)


def write_privately(file: Path, words: str) -> None:
    """A file that only its owner may read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(words, encoding="utf-8")


def forget_in_files(folder: Path, known: Who) -> dict[str, int]:
    """Delete the person's own exports, and from other exports and logs every line that gives them away."""
    giveaway = naming([value for _, value in known.ids] + list(known.words))
    counts = {EXPORTS: 0, LOGS: 0}
    for kind in counts:
        for file in sorted(path for path in (folder / kind).glob("**/*") if path.is_file()):
            if kind == EXPORTS and file.name.startswith(f"person-{known.person_id}-"):
                file.unlink()
                counts[kind] += 1
            else:
                counts[kind] += _drop_lines(file, giveaway)
    return counts


def forget_in_backups(folder: Path, people_key: bytes, known: Who, at: int) -> dict[str, int]:
    """Erase the person in every backup, brought up to date first. Returns how many backups were gone through."""
    files = sorted((folder / BACKUPS).glob("*.sqlite3"))
    for file in files:
        engine = sqlite_engine(file, people_key=people_key)
        try:
            with engine.begin() as conn:
                migrate.upgrade(conn)
                _forget(conn, known, at)
            compact_sqlite(engine)
        finally:
            engine.dispose()
    return {BACKUPS: len(files)}


def _forget(conn: Connection, known: Who, at: int) -> None:
    """All at once: nobody else uses a backup."""
    then = erase.begin(conn, known.person_id, at)
    both = Who(known.person_id, tuple(dict.fromkeys((*known.ids, *then.ids))), known.words + then.words)
    found = erase.boxes(conn, both)
    erase.scrub_inbox(conn, found["inbox"], at, all_states=True)
    erase.scrub_outbox(conn, found["outbox"], at, all_states=True)
    erase.tables(conn, both, at)


def _drop_lines(file: Path, giveaway: re.Pattern[str]) -> int:
    """Rewrite a file in place, as somebody may be appending to it, without the lines that match. Returns how many."""
    with file.open("r+", encoding="utf-8", errors="surrogateescape", newline="") as text:
        lines = text.readlines()
        kept = [line for line in lines if not giveaway.search(line)]
        if len(kept) < len(lines):
            text.seek(0)
            text.writelines(kept)
            text.truncate()
    return len(lines) - len(kept)

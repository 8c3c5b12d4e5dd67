"""The files beside the database: exports, logs, receipts, backups."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from bot.store import belongings, erase, migrate
from bot.store.belongings import Who, naming
from bot.store.database import compact_sqlite, sqlite_engine
from bot.store.tombstones import PSEUDONYM

EXPORTS, LOGS, BACKUPS, RECEIPTS = "exports", "logs", "backups", "receipts"
PART = ".part"
"""A backup is called so until it is whole."""

GONE = PSEUDONYM + "id"


def export_file(folder: Path, person_id: int, at: int) -> Path:
    """Where the export of one person goes; by its name erasing knows whose it is."""
    return folder / EXPORTS / f"person-{person_id}-{at}.json"


def back_up(database: Path, file: Path) -> None:
    """A copy of a SQLite database that is in use, whole and of one moment."""
    part = file.with_suffix(PART)
    _private(part)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
    part.replace(file)


def write_privately(file: Path, words: str) -> None:
    """A file that only its owner may read."""
    _private(file)
    file.write_text(words, encoding="utf-8")


def _private(file: Path) -> None:
    """An empty file, or the one that is there, for nobody else to read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)


def forget_in_files(folder: Path, known: Who) -> dict[str, int]:
    """Delete the person's own exports, and from logs and tables every line that gives them away; another person's
    export loses their ids and nothing else, since that one may be called like them."""
    ids = naming(known.telling)
    giveaway = naming([*known.telling, *known.words])
    counts = {EXPORTS: 0, LOGS: 0}
    for kind in counts:
        for file in sorted(path for path in (folder / kind).glob("**/*") if path.is_file()):
            if kind == EXPORTS and file.name.startswith(f"person-{known.person_id}-"):
                file.unlink()
                counts[kind] += 1
            elif kind == EXPORTS and file.name.startswith("person-"):
                counts[kind] += _rewrite(file, lambda line: ids.sub(GONE, line))
            else:
                rewrite = _rewrite_packed if file.suffix == ".gz" else _rewrite
                counts[kind] += rewrite(file, lambda line: "" if giveaway.search(line) else line)
    return counts


def forget_in_backups(folder: Path, people_key: bytes, known: Who, at: int) -> dict[str, int]:
    """Erase the person in every backup, brought up to date first. Returns how many backups were gone through."""
    for part in (folder / BACKUPS).glob(f"*{PART}"):  # cut short; one under way fails, and is no backup either
        part.unlink()
    files = sorted((folder / BACKUPS).glob("*.sqlite3"))
    for file in files:
        engine = sqlite_engine(file, people_key=people_key)
        try:
            with engine.begin() as conn:
                migrate.upgrade(conn)
                for person_id in belongings.named(conn, known):
                    _forget(conn, person_id, known, at)
            compact_sqlite(engine)
        finally:
            engine.dispose()
    return {BACKUPS: len(files)}


def _forget(conn: Connection, person_id: int, known: Who, at: int) -> None:
    """All at once: nobody else uses a backup."""
    then = erase.begin(conn, person_id, at)
    both = replace(then, ids=tuple(dict.fromkeys((*known.ids, *then.ids))), names=known.names + then.names)
    found = erase.boxes(conn, both)
    erase.scrub_inbox(conn, both, found["inbox"], at, all_states=True)
    erase.scrub_outbox(conn, found["outbox"], at, all_states=True)
    erase.tables(conn, both, at)


def _rewrite(file: Path, anew: Callable[[str], str]) -> int:
    """Change the lines of a file in place, as somebody may be appending to it. Returns how many are others now."""
    with file.open("r+", encoding="utf-8", errors="surrogateescape", newline="") as text:
        lines = text.readlines()
        kept = [anew(line) for line in lines]
        if kept != lines:
            text.seek(0)
            text.writelines(kept)
            text.truncate()
    return sum(old != new for old, new in zip(lines, kept, strict=True))


def _rewrite_packed(file: Path, anew: Callable[[str], str]) -> int:
    """The same for a log that was rotated and packed, to which nobody appends; one that cannot be read goes whole."""
    try:
        lines = gzip.decompress(file.read_bytes()).decode(errors="surrogateescape").splitlines(keepends=True)
    except (OSError, EOFError, zlib.error):
        file.unlink()
        return 1
    kept = [anew(line) for line in lines]
    if kept != lines:
        part = file.with_suffix(PART)
        _private(part)
        part.write_bytes(gzip.compress("".join(kept).encode(errors="surrogateescape")))
        part.replace(file)
    return sum(old != new for old, new in zip(lines, kept, strict=True))

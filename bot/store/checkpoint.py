"""Moves what was committed from SQLite's log into its file, beside the writer instead of in its way.

By itself SQLite does that inside the commit that fills the log: a callback then waits for two more fsyncs and
thousands of pages. A passive checkpoint on a connection of its own blocks nobody, though it shares the disk; so in a
rush it waits until the log is long. Only when all of it was moved is the log written from its beginning again, so
what a rush adds meanwhile is moved between two of its commits: a few pages.

The log has room before it is needed. A commit that makes a file longer takes twice the time of one that writes in
place, and three times as often milliseconds, since the file system keeps a journal of how long files are.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

LOOK_SECONDS = 1.0
RUSH_COMMITS = 200
"""More than this between two looks is a rush."""

LONG_LOG_COMMITS = 6_000
"""At 16 to 30 KB each there is room for so many: now they must be moved, rush or not."""

ROOM_BYTES = 128 << 20
"""How long the log is made when nobody writes: a quarter of a second, once a start."""

CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"

log = structlog.get_logger()


class Checkpointer:
    """A thread that checkpoints when there is something to move and the writer is not in a rush."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._log = Path(f"{engine.url.database}-wal")
        self._commits = self._seen = self._moved = 0
        self._rest_to_move = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-checkpoint", daemon=True)
        self._thread.start()

    def committed(self, writer: sqlite3.Connection) -> None:
        """One more commit is in the log; `writer` is between two of them."""
        self._commits += 1
        if self._rest_to_move:
            self._rest_to_move = False
            with suppress(sqlite3.Error):  # what is in the log is safe there, until the next look
                writer.execute(CHECKPOINT).fetchall()

    def close(self) -> None:
        """Stop; SQLite itself empties the log when the last connection closes."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect().execution_options(mode="glance") as conn:
            while not self._closing.wait(LOOK_SECONDS):
                try:
                    self._look(conn)
                except (DBAPIError, OSError):  # no room on the disk, for one
                    log.exception("checkpoint_failed")

    def _look(self, conn: Connection) -> None:
        fresh, self._seen = self._commits - self._seen, self._commits
        in_rush, waiting = fresh > RUSH_COMMITS, self._seen - self._moved
        if waiting > (LONG_LOG_COMMITS if in_rush else 0):
            conn.exec_driver_sql(CHECKPOINT).fetchall()
            self._moved, self._rest_to_move = self._seen, in_rush
        elif not fresh and self._log.stat().st_size < ROOM_BYTES:
            _make_room(conn)
            with self._log.open("rb") as file:
                os.fdatasync(file.fileno())  # else the next commit would have to


def _make_room(conn: Connection) -> None:
    """What is taken back leaves its length to the log, and nothing to the file."""
    conn.exec_driver_sql("PRAGMA cache_size=10")  # pages; what does not fit goes to the log before its commit
    conn.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        conn.exec_driver_sql("CREATE TABLE room (bytes BLOB)")
        conn.exec_driver_sql(f"INSERT INTO room VALUES (zeroblob({ROOM_BYTES}))")
    finally:
        conn.exec_driver_sql("ROLLBACK")

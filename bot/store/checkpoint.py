"""Moves what was committed from SQLite's log into its file, beside the writer instead of in its way.

By itself SQLite does that inside the commit that fills the log: a callback then waits for two more fsyncs and
thousands of pages. A passive checkpoint on a connection of its own blocks nobody, though it shares the disk; so in a
rush it waits until the log is long. Only when all of it was moved is the log written from its beginning again, so
what was added meanwhile is moved between two commits: a few pages.

The log has room before it is needed. A commit that makes a file longer takes twice the time of one that writes in
place, and three times as often milliseconds, since the file system keeps a journal of how long files are.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy import Connection
from sqlalchemy.engine import Engine

LOOK_SECONDS = 1.0
RUSH_COMMITS = 200
"""More than this between two looks is a rush."""

LONG_LOG_COMMITS = 6_000
"""At 16 to 20 KB each there is room for so many: now they must be moved, rush or not."""

ROOM_BYTES = 128 << 20
"""How long the log is made, in the first second after a start, if the disk has several times as much to spare."""

ENOUGH = 8
"""So many times the room has to be free."""

STEP_BYTES = 4 << 20
"""Written in some milliseconds; then whoever waits to write goes first."""

ZEROS = bytes(1 << 16)

CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"

log = structlog.get_logger()


class Checkpointer:
    """A thread that checkpoints when there is something to move and the writer is not in a rush."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._log = Path(f"{engine.url.database}-wal")
        self._commits = self._seen = self._moved = 0
        self._rest_to_move = self._wants_room = False
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

    def want_room(self) -> None:
        """This process will write: the log is to have its room."""
        self._wants_room = True

    def close(self) -> None:
        """Stop; SQLite itself empties the log when the last connection closes."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        with self._engine.connect().execution_options(mode="glance") as conn:
            while not self._closing.wait(LOOK_SECONDS):
                try:
                    self._look(conn)
                except Exception:  # a full disk, for one: what is in the log is safe there, until the next look
                    log.exception("checkpoint_failed")

    def _look(self, conn: Connection) -> None:
        fresh, self._seen = self._commits - self._seen, self._commits
        if self._seen - self._moved > (LONG_LOG_COMMITS if fresh > RUSH_COMMITS else 0):
            conn.exec_driver_sql(CHECKPOINT).fetchall()
            self._moved, self._rest_to_move = self._seen, self._commits != self._seen
        if self._wants_room and fresh <= RUSH_COMMITS:
            self._wants_room = False  # a disk that is full now is not to be filled later
            self._wants_room = self._lacks_room(conn)

    def _lacks_room(self, conn: Connection) -> bool:
        """Make room until a rush begins, and say whether more is wanted when it is over.

        It is zeros behind the end: SQLite reads a log up to the first frame without the salt of its header (its file
        format, section 4.3), and nobody else makes the file longer while we have the right to write.
        """
        if shutil.disk_usage(self._log.parent).free < ENOUGH * ROOM_BYTES:
            return False
        with self._log.open("ab", buffering=0) as file:
            while lacks := self._log.stat().st_size < ROOM_BYTES:
                if self._commits - self._seen > RUSH_COMMITS or self._closing.is_set():
                    break
                conn.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    for _ in range(STEP_BYTES // len(ZEROS)):  # as one they would stay in memory
                        file.write(ZEROS)
                finally:
                    conn.exec_driver_sql("ROLLBACK")
                os.fsync(file.fileno())  # else the next commit would have to
        return lacks

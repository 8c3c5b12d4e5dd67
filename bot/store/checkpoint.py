"""Moves what was committed from SQLite's log into its file, beside the writer instead of in its way.

By itself SQLite does that inside the commit that fills the log: a callback then waits for two more fsyncs and
thousands of pages. A passive checkpoint on a connection of its own blocks nobody, though it shares the disk; so it
keeps out of a rush, until the log is long.
"""

from __future__ import annotations

import threading

from sqlalchemy.engine import Engine

LOOK_SECONDS = 1.0
RUSH_COMMITS = 200
"""More than this between two looks is a rush."""

LONG_LOG_COMMITS = 20_000
"""About 250 MB of log: now it must be, rush or not."""


class Checkpointer:
    """A thread that checkpoints when there is something to move and the writer is not in a rush."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._commits = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-checkpoint", daemon=True)
        self._thread.start()

    def committed(self) -> None:
        """One more commit is in the log."""
        self._commits += 1

    def close(self) -> None:
        """Stop; SQLite itself empties the log when the last connection closes."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        seen = moved = 0
        with self._engine.connect().execution_options(mode="glance") as conn:
            while not self._closing.wait(LOOK_SECONDS):
                fresh, seen = self._commits - seen, self._commits
                if seen > moved and (fresh <= RUSH_COMMITS or seen - moved > LONG_LOG_COMMITS):
                    conn.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                    moved = seen

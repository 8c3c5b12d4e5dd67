"""The one gate that every SQLite write passes: a thread, two queues, and as few fsyncs as can be.

SQLite has one writer. What waits together is committed together, each job in a savepoint of its own, so one
that fails takes nobody with it. Urgent jobs (callbacks to be answered) go first and are committed at once; the
others ride along as long as that keeps nobody waiting, or have a transaction of their own when no callback waits.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import Engine

T = TypeVar("T")


class Waiting(NamedTuple):
    """A job, and who waits for its answer."""

    job: Callable[[Connection], Any]
    answer: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


Outcome = tuple[Any, BaseException | None]

TURN_SECONDS = 0.03
"""How long ordinary jobs may share a transaction when no callback waits; none may hold the gate over 50 ms."""

RIDE_SECONDS = 0.0005
"""How much later than needed a callback may be committed, so that ordinary jobs share its fsync."""


class GateClosedError(Exception):
    """The database is closing."""


class WriteGate:
    """Runs jobs one after the other on one connection, and answers each after its commit."""

    def __init__(self, engine: Engine, committed: Callable[[sqlite3.Connection], None]) -> None:
        self._engine = engine
        self._committed = committed
        self._urgent: deque[Waiting] = deque()
        self._ordinary: deque[Waiting] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="store-write", daemon=True)
        self._thread.start()

    async def submit(self, job: Callable[[Connection], T], *, urgent: bool) -> T:
        """Run `job` in a transaction; return its value once that is on disk, or raise what it raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._wake:
            if self._closing:
                raise GateClosedError
            (self._urgent if urgent else self._ordinary).append(Waiting(job, future, loop))
            self._wake.notify()
        return await future

    async def close(self) -> None:
        """Finish what waits, then stop the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with self._engine.connect().execution_options(mode="glance") as conn:
            conn.begin()  # what jobs run in is ours to begin and end, and for SQLAlchemy it has begun
            while self._wait():
                self._transaction(conn, _driver(conn))

    def _wait(self) -> bool:
        with self._wake:
            while not (self._urgent or self._ordinary or self._closing):
                self._wake.wait()
            return bool(self._urgent or self._ordinary)

    def _transaction(self, conn: Connection, driver: sqlite3.Connection) -> None:
        taken: list[Waiting] = []
        outcomes: list[Outcome] = []
        try:
            driver.execute("BEGIN IMMEDIATE")
            self._run_jobs(conn, driver, taken, outcomes)
            driver.execute("COMMIT")
        except BaseException as error:
            outcomes = [(None, error)] * len(self._undone(driver, taken))
        if taken:
            taken[0].loop.call_soon_threadsafe(_answer, taken, outcomes)
        self._committed(driver)

    def _undone(self, driver: sqlite3.Connection, taken: list[Waiting]) -> list[Waiting]:
        """Nothing of this transaction was kept; left open after a failed COMMIT it would spoil the next one."""
        with suppress(sqlite3.Error):
            driver.execute("ROLLBACK")
        if not taken:  # not even BEGIN worked: whoever is first hears of it
            taken.append((self._urgent or self._ordinary).popleft())
        return taken

    def _run_jobs(
        self, conn: Connection, driver: sqlite3.Connection, taken: list[Waiting], outcomes: list[Outcome]
    ) -> None:
        """All urgent jobs; then ordinary ones, which stop as soon as they would keep a callback waiting."""
        while self._urgent:
            taken.append(self._urgent.popleft())
            outcomes.append(_run(conn, driver, taken[-1], first=not outcomes))
        until = time.monotonic() + (RIDE_SECONDS if taken else TURN_SECONDS)
        while self._ordinary and not (taken and self._urgent):
            taken.append(self._ordinary.popleft())
            outcomes.append(_run(conn, driver, taken[-1], first=not outcomes))
            if time.monotonic() > until:
                return


def _driver(conn: Connection) -> sqlite3.Connection:
    """Through SQLAlchemy, beginning and ending a transaction would cost as much as a small job."""
    driver = conn.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _run(conn: Connection, driver: sqlite3.Connection, waiting: Waiting, *, first: bool) -> Outcome:
    """Run one job so that its failure undoes it alone: the first needs no savepoint for that, but a new BEGIN."""
    begin, undo = ("", "ROLLBACK; BEGIN IMMEDIATE") if first else ("SAVEPOINT job", "ROLLBACK TO job")
    _execute(driver, begin)
    try:
        value = waiting.job(conn)
    except Exception as error:
        _execute(driver, undo)
        return None, error
    _execute(driver, "" if first else "RELEASE job")
    return value, None


def _execute(driver: sqlite3.Connection, statements: str) -> None:
    for statement in filter(None, statements.split("; ")):
        driver.execute(statement)


def _answer(taken: list[Waiting], outcomes: list[Outcome]) -> None:
    for waiting, (value, error) in zip(taken, outcomes, strict=True):
        if waiting.answer.cancelled():
            continue
        if error is None:
            waiting.answer.set_result(value)
        else:
            waiting.answer.set_exception(error)

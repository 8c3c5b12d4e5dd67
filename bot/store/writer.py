"""The one gate that every SQLite write passes: a thread, two queues, and as few fsyncs as can be.

SQLite has one writer. What waits together is committed together, each job in a savepoint of its own, so one
that fails takes nobody with it. Urgent jobs (callbacks to be answered) have a transaction of their own and go
first; between two of those the others get a turn, which ends as soon as a callback waits, so neither starves.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import Engine

T = TypeVar("T")
Waiting = tuple[Callable[[Connection], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]
Settled = tuple["asyncio.Future[Any]", Any, BaseException | None]

TURN_SECONDS = 0.03
"""How long ordinary jobs may share one transaction when no callback waits; none may hold the gate over 50 ms."""


class GateClosedError(Exception):
    """The database is closing."""


class WriteGate:
    """Runs jobs one after the other on one connection, and answers each after its commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
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
            (self._urgent if urgent else self._ordinary).append((job, future, loop))
            self._wake.notify()
        return await future

    async def close(self) -> None:
        """Finish what waits, then stop the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with self._engine.connect().execution_options(mode="write") as conn:
            while self._wait():
                if self._urgent:
                    self._transaction(conn, self._urgent, until=None)
                if self._ordinary:
                    self._transaction(conn, self._ordinary, until=time.monotonic() + TURN_SECONDS)

    def _wait(self) -> bool:
        with self._wake:
            while not (self._urgent or self._ordinary or self._closing):
                self._wake.wait()
            return bool(self._urgent or self._ordinary)

    def _transaction(self, conn: Connection, queue: deque[Waiting], until: float | None) -> None:
        taken: list[Waiting] = []
        settled: list[Settled] = []
        try:
            with conn.begin():
                self._run_jobs(conn, queue, taken, settled, until)
        except BaseException as error:
            settled = [(future, None, error) for _, future, _ in taken]
        if taken:
            taken[0][2].call_soon_threadsafe(_answer, settled)

    def _run_jobs(
        self, conn: Connection, queue: deque[Waiting], taken: list[Waiting], settled: list[Settled], until: float | None
    ) -> None:
        """At least one job; an ordinary turn ends early when a callback waits."""
        while queue:
            taken.append(queue.popleft())
            settled.append(_try(conn, taken[-1]))
            if until is not None and (self._urgent or time.monotonic() > until):
                return


def _try(conn: Connection, waiting: Waiting) -> Settled:
    """Run one job in a savepoint; by plain SQL, since SQLAlchemy's own costs as much as a small job."""
    job, future, _ = waiting
    conn.exec_driver_sql("SAVEPOINT job")
    try:
        value = job(conn)
    except Exception as error:
        conn.exec_driver_sql("ROLLBACK TO job")
        return future, None, error
    conn.exec_driver_sql("RELEASE job")
    return future, value, None


def _answer(settled: list[Settled]) -> None:
    for future, value, error in settled:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

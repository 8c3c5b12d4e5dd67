"""Sends the world's events to the apps: sealed, signed, and again when not answered 200 within 5 seconds."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass

import aiohttp
from yarl import URL

from sandbox.clock import Clock, pause
from sandbox.codec import Codec, envelope, signature
from sandbox.faults import Faults
from sandbox.log import Log
from sandbox.world.apps import Apps
from sandbox.world.wire import App, Event

ANSWER_SECONDS = 5
VERIFY_SECONDS = 1
RETRIES = 3


@dataclass(frozen=True, slots=True)
class _Push:
    """One sealed event for one app: every try sends the very same bytes."""

    number: int
    app: App
    event: Event
    url: URL
    body: bytes


class Courier:
    """Background tasks, at most `in_flight` requests open at once. The pause between tries is not documented."""

    def __init__(
        self,
        apps: Apps,
        clock: Clock,
        faults: Faults,
        log: Log,
        dice: random.Random,
        *,
        retry_seconds: float,
        in_flight: int,
    ) -> None:
        self._apps, self._clock, self._faults, self._log, self._dice = apps, clock, faults, log, dice
        self.retry_seconds = retry_seconds
        self._slots = asyncio.Semaphore(in_flight)
        self._in_flight = in_flight
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self._last_number = 0
        self.in_the_air = 0
        # While it is, whatever is sent is lost.
        self.silent = False

    async def start(self) -> None:
        connector = aiohttp.TCPConnector(limit=self._in_flight)
        self._http = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def send(self, events: Iterable[Event]) -> None:
        """Push in the background. Events of the corp go to every app that has the permission."""
        for event in () if self.silent else events:
            for app in self._apps.all():
                if app.callback_url and app.hears(event):
                    self._dispatch(app, event)

    async def settled(self) -> None:
        """Until every push has been answered 200 or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def verify_url(self, app: App) -> bool:
        """What the console does when a callback URL is saved (official page 90238): the echo, within 1 second."""
        assert self._http is not None
        echo = str(self._dice.getrandbits(62))
        encrypted = self._codec(app).encrypt(echo, self._dice.randbytes(16))
        url = self._signed_url(app, encrypted, {"echostr": encrypted})
        try:
            async with self._clock.timeout(VERIFY_SECONDS), self._http.get(url) as response:
                return response.status == 200 and await response.read() == echo.encode()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _dispatch(self, app: App, event: Event) -> None:
        """All dice are thrown here and now, in the order of events: so that a seeded run is the same every time."""
        trouble = self._faults.for_callback(event.name)
        push = self._seal(app, event)
        if trouble.lost:
            self._record(push, 0, self._clock.now(), time.time(), None, "lost")
            return
        for _ in range(trouble.copies):
            self._spawn(self._insist(push, trouble.delay_seconds, self._clock.now()))

    async def _insist(self, push: _Push, delay_seconds: float, since: int) -> None:
        if delay_seconds:
            await pause(self._clock, delay_seconds, since)
        for attempt in range(1, 2 + RETRIES):
            if attempt > 1:
                await pause(self._clock, self.retry_seconds)
            self.in_the_air += 1
            try:
                if await self._try(push, attempt) == 200:
                    return
            finally:
                self.in_the_air -= 1

    async def _try(self, push: _Push, attempt: int) -> int | None:
        assert self._http is not None
        status, error = None, ""
        async with self._slots:
            at, began = self._clock.now(), time.time()
            try:
                headers = {"Content-Type": "text/xml; charset=utf-8"}
                post = self._http.post(push.url, data=push.body, headers=headers)
                async with self._clock.timeout(ANSWER_SECONDS), post as response:
                    await response.read()
                    status = response.status
            except TimeoutError:
                error = "no answer in 5 s"
            except (aiohttp.ClientError, OSError) as problem:
                error = type(problem).__name__
        self._record(push, attempt, at, began, status, error)
        return status

    def _seal(self, app: App, event: Event) -> _Push:
        self._last_number += 1
        encrypted = self._codec(app).encrypt(event.xml, self._dice.randbytes(16))
        body = envelope(self._apps.corpid, app.agentid, encrypted).encode()
        return _Push(self._last_number, app, event, self._signed_url(app, encrypted, {}), body)

    def _codec(self, app: App) -> Codec:
        return Codec(app.encoding_aes_key, self._apps.corpid)

    def _signed_url(self, app: App, encrypted: str, more: dict[str, str]) -> URL:
        timestamp, nonce = str(self._clock.now()), str(self._dice.randrange(10**9, 2 * 10**9))
        signed = signature(app.callback_token, timestamp, nonce, encrypted)
        query = {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce, **more}
        return URL(app.callback_url).update_query(query)

    def _record(self, push: _Push, attempt: int, at: int, began: float, status: int | None, error: str) -> None:
        self._log.add(
            "callback",
            at=at,
            wall_at=began,
            took_ms=round((time.time() - began) * 1000, 2),
            push=push.number,
            agentid=push.app.agentid,
            event=push.event.name,
            about=dict(push.event.about),
            attempt=attempt,
            status=status,
            error=error,
        )

"""The door for WeCom: verify, decrypt, keep on disk, answer. Nothing else happens inside the request.

WeCom wants an answer within 5 s and sends the same push up to 3 times more (official page 90238), so what cannot
be kept is answered 503, and what is not WeCom's is answered with a quiet 4xx and counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from aiohttp import web

from bot.clock import Clock
from bot.flow.intake import Intake
from bot.metrics import Metrics
from bot.store.inbox import Arrival, arrival
from bot.wecom.callback import CallbackRejected, CallbackVerifier
from bot.wecom.events import peek, split_welcome_code

BODY_SECONDS = 5
"""A body that trickles in slower than this is not WeCom's."""

STATUS = {"kept": 200, "overloaded": 503, "not_kept": 503}
STATUS |= {"too_large": 413, "signature": 403, "stale": 403, "receive_id": 403}
"""HTTP status by outcome; every other malformed request is a 400."""


class Receiver:
    """GET and POST of one app's callback address."""

    def __init__(self, app: str, verifier: CallbackVerifier, intake: Intake, clock: Clock, metrics: Metrics) -> None:
        self._app = app
        self._verifier = verifier
        self._intake = intake
        self._clock = clock
        self._callbacks = metrics.callbacks

    def take(self, query: str, body: bytes, answer: Callable[[int], None]) -> None:
        """Keep one callback; `answer` hears the HTTP status, 200 once it is on disk.

        query: as it came, undecoded.
        """
        now = self._clock.now()
        try:
            plaintext = self._verifier.open(dict(parse_qsl(query)), body, now)
        except CallbackRejected as refused:
            return answer(self._counted(refused.reason))
        return self._intake.put(arrived(self._app, plaintext, now), lambda fate: answer(self._counted(fate)))

    async def receive(self, request: web.Request) -> web.Response:
        """The same by aiohttp, for what does not come whole and plain (`front.py`)."""
        try:
            async with self._clock.timeout(BODY_SECONDS):
                body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return self._refuse("too_large")
        except web.RequestPayloadError:  # said to be packed, and is not
            return self._refuse("envelope")
        except TimeoutError:
            return self._refuse("slow")
        status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.take(request.rel_url.raw_query_string, body, partial(_settle, status))
        return web.Response(status=await status)

    async def verify(self, request: web.Request) -> web.Response:
        """Answer WeCom's check of the address with the decrypted echo, and nothing but it."""
        try:
            echo = self._verifier.echo(dict(parse_qsl(request.rel_url.raw_query_string)), self._clock.now())
        except CallbackRejected as refused:
            return self._refuse(refused.reason)
        self._counted("verified")
        return web.Response(text=echo)

    def _refuse(self, reason: str) -> web.Response:
        return web.Response(status=self._counted(reason))

    def _counted(self, outcome: str) -> int:
        self._callbacks.labels(self._app, outcome).inc()
        return STATUS.get(outcome, 400)


def arrived(app: str, plaintext: str, now: int) -> Arrival:
    """An authentic callback as the inbox keeps it, whatever is in it: XML has no NUL, and PostgreSQL keeps none."""
    text, welcome_code = split_welcome_code(plaintext.replace("\0", "\ufffd"))
    name, line = peek(text)
    return arrival(app, name, line, text, welcome_code, now)


def _settle(status: asyncio.Future[int], number: int) -> None:
    if not status.done():  # else nobody is there any more
        status.set_result(number)

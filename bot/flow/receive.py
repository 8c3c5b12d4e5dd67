"""The door for WeCom: verify, decrypt, keep on disk, answer. Nothing else happens inside the request.

WeCom wants an answer within 5 s and sends the same push up to 3 times more (official page 90238), so what cannot
be kept is answered 503, and what is not WeCom's is answered with a quiet 4xx and counted.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.flow.intake import Intake, OverloadedError
from bot.metrics import Metrics
from bot.store.inbox import arrival
from bot.wecom.callback import CallbackRejected, CallbackVerifier
from bot.wecom.events import peek, split_welcome_code

BODY_SECONDS = 5
"""A body that trickles in slower than this is not WeCom's."""

log = structlog.get_logger()

STATUS = {"too_large": 413, "signature": 403, "stale": 403, "receive_id": 403}
"""HTTP status by reason; every other malformed request is a 400."""


class Receiver:
    """GET and POST of one app's callback address."""

    def __init__(self, app: str, verifier: CallbackVerifier, intake: Intake, clock: Clock, metrics: Metrics) -> None:
        self._app = app
        self._verifier = verifier
        self._intake = intake
        self._clock = clock
        self._callbacks = metrics.callbacks
        self._kept = metrics.callbacks.labels(app, "kept")

    async def verify(self, request: web.Request) -> web.Response:
        """Answer WeCom's check of the address with the decrypted echo, and nothing but it."""
        try:
            echo = self._verifier.echo(_query(request), self._clock.now())
        except CallbackRejected as refused:
            return self._refuse(refused.reason)
        self._callbacks.labels(self._app, "verified").inc()
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """Keep one callback; 200 says it is on disk."""
        now = self._clock.now()
        try:
            plaintext = self._verifier.open(_query(request), await self._read(request), now)
        except CallbackRejected as refused:
            return self._refuse(refused.reason)
        except web.HTTPRequestEntityTooLarge:
            return self._refuse("too_large")
        except web.RequestPayloadError:  # said to be packed, and is not
            return self._refuse("envelope")
        except TimeoutError:
            return self._refuse("slow")
        return await self._keep(plaintext, now)

    async def _read(self, request: web.Request) -> bytes:
        if request.content.is_eof():  # it came with its head, as WeCom's do: nothing to wait for
            return await request.read()
        async with self._clock.timeout(BODY_SECONDS):
            return await request.read()

    async def _keep(self, plaintext: str, now: int) -> web.Response:
        # XML has no NUL and PostgreSQL cannot keep one, but an authentic callback is kept, whatever is in it.
        body, welcome_code = split_welcome_code(plaintext.replace("\0", "\ufffd"))
        name, line = peek(body)
        try:
            await self._intake.put(arrival(self._app, name, line, body, welcome_code, now))
        except OverloadedError:
            return self._unkept("overloaded")
        except Exception:
            log.exception("callback_not_kept", app=self._app)
            return self._unkept("not_kept")
        self._kept.inc()
        return web.Response()

    def _refuse(self, reason: str) -> web.Response:
        self._callbacks.labels(self._app, reason).inc()
        return web.Response(status=STATUS.get(reason, 400))

    def _unkept(self, reason: str) -> web.Response:
        self._callbacks.labels(self._app, reason).inc()
        return web.Response(status=503)


def _query(request: web.Request) -> dict[str, str]:
    """The query, decoded once; `request.query` costs twice as much."""
    return dict(parse_qsl(request.rel_url.raw_query_string))

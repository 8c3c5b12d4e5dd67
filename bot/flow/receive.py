"""The door for WeCom: verify, decrypt, keep on disk, answer. Nothing else happens inside the request.

WeCom wants an answer within 5 s and sends the same push up to 3 times more (official page 90238), so what cannot
be kept is answered 503, and what is not WeCom's is answered with a quiet 4xx and counted.
"""

from __future__ import annotations

from collections.abc import Mapping

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
    """GET and POST of `/callback/{app}`."""

    def __init__(
        self, verifiers: Mapping[str, CallbackVerifier], intake: Intake, clock: Clock, metrics: Metrics
    ) -> None:
        self._verifiers = verifiers
        self._intake = intake
        self._clock = clock
        self._metrics = metrics

    async def verify(self, request: web.Request) -> web.Response:
        """Answer WeCom's check of the address with the decrypted echo, and nothing but it."""
        app = request.match_info["app"]
        verifier = self._verifiers.get(app)
        if verifier is None:
            return web.Response(status=404)
        try:
            echo = verifier.echo(request.query, self._clock.now())
        except CallbackRejected as refused:
            return self._refuse(app, refused.reason)
        self._metrics.callbacks.labels(app, "verified").inc()
        return web.Response(text=echo)

    async def receive(self, request: web.Request) -> web.Response:
        """Keep one callback; 200 says it is on disk."""
        app = request.match_info["app"]
        verifier = self._verifiers.get(app)
        if verifier is None:
            return web.Response(status=404)
        now = self._clock.now()
        try:
            async with self._clock.timeout(BODY_SECONDS):
                body = await request.read()
            plaintext = verifier.open(request.query, body, now)
        except CallbackRejected as refused:
            return self._refuse(app, refused.reason)
        except web.HTTPRequestEntityTooLarge:
            return self._refuse(app, "too_large")
        except web.RequestPayloadError:  # said to be packed, and is not
            return self._refuse(app, "envelope")
        except TimeoutError:
            return self._refuse(app, "slow")
        return await self._keep(app, plaintext, now)

    async def _keep(self, app: str, plaintext: str, now: int) -> web.Response:
        # XML has no NUL and PostgreSQL cannot keep one, but an authentic callback is kept, whatever is in it.
        body, welcome_code = split_welcome_code(plaintext.replace("\0", "\ufffd"))
        name, line = peek(body)
        try:
            await self._intake.put(arrival(app, name, line, body, welcome_code, now))
        except OverloadedError:
            return self._unkept(app, "overloaded")
        except Exception:
            log.exception("callback_not_kept", app=app)
            return self._unkept(app, "not_kept")
        self._metrics.callbacks.labels(app, "kept").inc()
        return web.Response()

    def _refuse(self, app: str, reason: str) -> web.Response:
        self._metrics.callbacks.labels(app, reason).inc()
        return web.Response(status=STATUS.get(reason, 400))

    def _unkept(self, app: str, reason: str) -> web.Response:
        self._metrics.callbacks.labels(app, reason).inc()
        return web.Response(status=503)

"""Whether we are well, and what we counted."""

from __future__ import annotations

from aiohttp import web

from bot.metrics import Metrics
from bot.store import inbox, outbox
from bot.store.database import Database


class Health:
    """GET /healthz and /metrics."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics

    async def healthz(self, request: web.Request) -> web.Response:
        """200 while the database answers; how much waits where. 503 when it does not."""
        try:
            waiting = await self._database.read(
                lambda conn: {"inbox": inbox.counts(conn), "outbox": outbox.counts(conn)}
            )
        except Exception as error:
            return web.json_response({"ok": False, "error": type(error).__name__}, status=503)
        return web.json_response({"ok": True, **waiting})

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus text format."""
        return web.Response(body=self._metrics.text(), content_type="text/plain", charset="utf-8")

"""POST /api/orders: a shop tells of orders. Signed; good orders are kept even when others beside them are not."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from functools import partial

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.flow.orders import arrivals, read_orders, signature
from bot.store import inbox
from bot.store.database import Database

PATH = "/api/orders"
MAX_BODY_BYTES = 1 << 20
WINDOW_SECONDS = 300
MOST_ORDERS = 1000
BODY_SECONDS = 10

log = structlog.get_logger()


class OrderDoor:
    """`key`: what the shop signs with. An order sent again is known by its state, so a replay does no harm."""

    def __init__(
        self, key: bytes, people_key: bytes, database: Database, clock: Clock, arrived: Callable[[], None]
    ) -> None:
        self._key = key
        self._people_key = people_key
        self._database = database
        self._clock = clock
        self._arrived = arrived

    async def receive(self, request: web.Request) -> web.Response:
        """200: all kept; 207: some; 422: none; each problem with its place in the list. Answered once on disk."""
        try:
            body = await self._read(request)
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "正文不能超过 1 MiB，请分几次发")
        except (TimeoutError, web.RequestPayloadError):
            return _refused(408, "正文没有传完")
        if refusal := self._unsigned(request, body):
            return refusal
        try:
            given = json.loads(body)["orders"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return _refused(400, '正文应该是 JSON：{"orders": [...]}')
        if not isinstance(given, list) or not 0 < len(given) <= MOST_ORDERS:
            return _refused(400, f"orders 应该是列表，1–{MOST_ORDERS} 个订单")
        return await self._keep(given)

    async def _read(self, request: web.Request) -> bytes:
        if (request.content_length or 0) > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, request.content_length or 0)
        async with self._clock.timeout(BODY_SECONDS):
            body = await request.content.read(MAX_BODY_BYTES + 1)
            while len(body) <= MAX_BODY_BYTES and (more := await request.content.read(MAX_BODY_BYTES + 1)):
                body += more
        if len(body) > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(body))
        return body

    def _unsigned(self, request: web.Request, body: bytes) -> web.Response | None:
        """Why this is not the shop's word, or None."""
        timestamp = request.headers.get("X-Zhiyu-Timestamp", "")
        signed = request.headers.get("X-Zhiyu-Signature", "")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            return _refused(401, "X-Zhiyu-Timestamp 应该是整数秒")
        signed_by_shop = signature(self._key, timestamp, body).encode()
        if not hmac.compare_digest(signed_by_shop, signed.lower().encode("utf-8", "surrogateescape")):
            return _refused(401, "签名不对：X-Zhiyu-Signature = hex(HMAC-SHA256(密钥, 时间戳 + '.' + 正文))")
        if abs(self._clock.now() - int(timestamp)) > WINDOW_SECONDS:
            return _refused(401, "X-Zhiyu-Timestamp 与服务器相差超过 5 分钟")
        return None

    async def _keep(self, given: list[object]) -> web.Response:
        good, faults = read_orders(given, self._people_key)
        try:
            events = arrivals(good, self._clock.now())
            await self._database.write(partial(inbox.put, arrivals=events))
        except Exception:
            log.exception("orders_not_kept")
            return _refused(503, "暂时存不下，请稍后再发")
        self._arrived()
        status = 200 if not faults else 207 if good else 422
        problems = [fault.as_json() for fault in faults]
        return web.json_response({"kept": len(good), "problems": problems}, status=status)


def _refused(status: int, why: str) -> web.Response:
    return web.json_response({"kept": 0, "error": why}, status=status)

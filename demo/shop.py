"""The shop's own system: it tells of orders, signed, and again when nobody answered."""

from __future__ import annotations

import hashlib
import hmac
import json

import aiohttp

from demo.stage import Stage

Order = dict[str, object]


def order(order_id: str, customer: str, total_fen: int, paid_at: int, **more: object) -> Order:
    """One order of one bottle."""
    item = {"sku": "YH-RC50", "title": "修护霜 50 ml", "quantity": 1, "price_fen": total_fen}
    who = {"external_userid": customer}
    paid: Order = {"order_id": order_id, "paid_at": paid_at, "total_fen": total_fen, "items": [item], "customer": who}
    return {**paid, "state": "paid", **more}


async def tell(stage: Stage, *orders: Order) -> int:
    """POST orders as the shop does; the status of the answer."""
    key = stage.config.orders_key.get_secret_value().encode()
    body, at = json.dumps({"orders": orders}).encode(), str(stage.clock.now())
    signed = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Zhiyu-Timestamp": at, "X-Zhiyu-Signature": signed, "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{stage.app.url}/api/orders", data=body, headers=headers) as answer,
    ):
        await answer.read()
        return answer.status

"""POST /api/orders over a real socket: signed, durable, and of some use when half of it is wrong."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.flow.orders import signature
from tests.flow.test_orders import sent
from tests.house import GUIDE, House, reopened


async def post(home: House, body: object, **wrong: Any) -> tuple[int, dict[str, Any]]:
    """As a shop does it, or nearly."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = str(wrong.get("at", home.clock.now()))
    key = wrong.get("key", home.config.orders_key.get_secret_value()).encode()
    headers = {"X-Zhiyu-Timestamp": at, "X-Zhiyu-Signature": wrong.get("signature", signature(key, at, raw))}
    async with home.http.post(f"{home.app.url}/api/orders", data=io.BytesIO(raw), headers=headers) as answer:
        return answer.status, await answer.json()


async def test_an_order_finds_its_person_and_a_replay_changes_nothing(tmp_path: Path) -> None:
    """Added by a channel's code, bought, refunded in part: one order, and it is the channel's first."""
    async with reopened(tmp_path) as home:
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.wait(4)
        paid = sent(paid_at=home.clock.now(), customer={"external_userid": "wm-1", "phone": "13800138000"})
        refund = {"refund_id": "r1", "at": home.clock.now(), "amount_fen": 40}
        back = {**paid, "state": "partially_refunded", "refunds": [refund]}
        for told in (paid, back, back, paid):
            assert await post(home, {"orders": [told]}) == (200, {"kept": 1, "problems": []})
            await home.settled()
        [row] = await home.rows("SELECT how, channel_id, is_first, refunded_fen, state, person_id FROM orders")
        assert tuple(row[:5]) == ("external_userid", "store", True, 40, "partially_refunded")
        assert await home.scalar("SELECT count(*) FROM inbox WHERE name = 'OrderImported'") == 2
        assert await home.scalar("SELECT count(*) FROM inbox WHERE body LIKE '%13800138000%'") == 0


async def test_good_orders_are_kept_and_bad_ones_named(tmp_path: Path) -> None:
    """207 says that it is worth reading on."""
    async with reopened(tmp_path) as home:
        status, told = await post(home, {"orders": [sent(), sent(order_id="o2", total_fen=-1)]})
        assert (status, told["kept"]) == (207, 1)
        assert told["problems"] == [
            {"index": 1, "order_id": "o2", "key": "total_fen", "expected": "应该是整数分，不小于 0，例如 26800"}
        ]
        assert (await post(home, {"orders": [sent(total_fen=-1)]}))[0] == 422


@pytest.mark.parametrize(
    ("body", "wrong", "status"),
    [
        ({"orders": [sent()]}, {"key": "x" * 32}, 401),
        ({"orders": [sent()]}, {"signature": "é"}, 401),
        ({"orders": [sent()]}, {"at": 1}, 401),
        ({"orders": [sent()]}, {"at": "now"}, 401),
        (b"{", {}, 400),
        ([1], {}, 400),
        ({"orders": []}, {}, 400),
        ({"orders": [{}] * 1001}, {}, 400),
        (b" " * (1 << 20) + b"{}", {}, 413),
    ],
)
async def test_what_is_not_the_shops_word_is_refused(tmp_path: Path, body: Any, wrong: Any, status: int) -> None:
    """Nothing of it is kept."""
    async with reopened(tmp_path) as home:
        assert (await post(home, body, **wrong))[0] == status
        assert await home.scalar("SELECT count(*) FROM inbox WHERE name = 'OrderImported'") == 0


async def test_headers_that_are_no_text_are_refused_as_well(tmp_path: Path) -> None:
    """Bytes that no client library would send."""
    async with reopened(tmp_path) as home:
        host, port = home.app.url.removeprefix("http://").split(":")
        for name in (b"X-Zhiyu-Timestamp", b"X-Zhiyu-Signature"):
            reader, writer = await asyncio.open_connection(host, int(port))
            head = b"POST /api/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + name + b": \xff\xfe\r\n"
            writer.write(head + b"Content-Length: 2\r\n\r\n{}")
            assert (await reader.readline()).split()[1] == b"401"
            writer.close()

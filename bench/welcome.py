"""How soon a new customer is greeted while WeCom's other APIs crawl.

A sandbox WeCom in a process of its own calls back for RATE adds a second; every API but send_welcome_msg takes 10 s.
Latency: from the sandbox's log, the moment the callback was sent to the moment send_welcome_msg arrived, and beside it
the same with nothing slowed, and one bare callback round trip.

    python -m bench.welcome --json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import aiohttp

from bench.payloads import AES_KEY, CORPID, TOKEN
from bench.processes import sandbox, zhiyu

WELCOME = "externalcontact/send_welcome_msg"
LIMIT_MS = 150
"""What a person does not notice, and a small part of the 20 s a code lives."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    options.add_argument("--rate", type=int, default=50, help="adds a second")
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--slow", type=int, default=10, help="seconds that every other API takes")
    asked = options.parse_args()
    figures = asyncio.run(measure(asked))
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


async def measure(asked: argparse.Namespace) -> dict[str, object]:
    """The figures with other APIs slowed, and with nothing slowed."""
    slowed = await _run(asked, asked.slow)
    free = await _run(asked, 0)
    return {
        "adds": asked.rate * asked.seconds,
        "greeted": len(slowed),
        "p50_ms": round(percentile(slowed, 0.5), 1),
        "p99_ms": round(percentile(slowed, 0.99), 1),
        "max_ms": round(max(slowed), 1),
        "limit_ms": LIMIT_MS,
        "ratio_to_limit": round(percentile(slowed, 0.99) / LIMIT_MS, 3),
        "p99_ms_nothing_slow": round(percentile(free, 0.99), 1),
    }


async def _run(asked: argparse.Namespace, slow: int) -> list[float]:
    """One bot, one sandbox, all adds; milliseconds from each callback to its welcome."""
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as folder, sandbox(CORPID) as wecom:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{wecom.port}") as control:
            await hire(control, "")
            with zhiyu(Path(folder), f"http://127.0.0.1:{wecom.port}") as bot:
                await hire(control, f"http://127.0.0.1:{bot.port}/callback/main")
                await until_ready(control)
                if slow:
                    await tell(control, "add_fault", kind="slow", unless="send_welcome_msg", seconds=slow)
                await adds(control, asked.rate, asked.seconds)
                await asyncio.sleep(2)
                return latencies(await logged(control))


async def hire(control: aiohttp.ClientSession, callback_url: str) -> None:
    """The app, and the guides of the sample brand."""
    app = {"name": "main", "agentid": 1000002, "secret": "bench-secret", "token": TOKEN, "encoding_aes_key": AES_KEY}
    await tell(control, "add_app", **app, callback_url=callback_url)
    for userid in ("guide-lin", "guide-zhou", "guide-wu", "guide-chen"):
        await tell(control, "add_member", userid=userid, name=userid)


async def until_ready(control: aiohttp.ClientSession) -> None:
    """Until the bot has made its four channel codes and uploaded its pictures."""
    for _ in range(500):
        calls = [e["api"] for e in await logged(control) if e["kind"] == "call" and e["errcode"] == 0]
        if calls.count("externalcontact/add_contact_way") >= 4 and "media/upload" in calls:
            return
        await asyncio.sleep(0.02)
    raise RuntimeError("the bot did not get ready")


async def adds(control: aiohttp.ClientSession, rate: int, seconds: int) -> None:
    """Adds at a steady rate, each asked for at its own moment."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    tasks = []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        userid = ("guide-lin", "guide-zhou", "guide-wu", "guide-chen")[number % 4]
        tasks.append(asyncio.create_task(tell(control, "customer_adds", state="parcel", userid=userid)))
    await asyncio.gather(*tasks)


async def tell(control: aiohttp.ClientSession, what: str, **how: object) -> None:
    """Have something happen in the sandbox."""
    async with control.post(f"/sandbox/{what}", json=how) as answer:
        answer.raise_for_status()


async def logged(control: aiohttp.ClientSession) -> list[dict[str, Any]]:
    """Everything that passed between the sandbox and the bot."""
    async with control.get("/sandbox/log") as answer:
        entries: list[dict[str, Any]] = (await answer.json())["entries"]
        return entries


def latencies(log: list[dict[str, Any]], since: float = 0, until: float = float("inf")) -> list[float]:
    """Milliseconds from the first try of each add callback in a span of time (epoch seconds) to its welcome."""
    sent: dict[str, float] = {}
    for entry in log:
        if entry["kind"] == "callback" and "welcome_code" in entry["about"]:
            sent.setdefault(entry["about"]["welcome_code"], entry["wall_at"])
    welcomes = [e for e in log if e["kind"] == "call" and e["api"] == WELCOME and e["errcode"] == 0]
    pairs = ((sent[e["body"]["welcome_code"]], e["wall_at"]) for e in welcomes)
    return [(greeted - added) * 1000 for added, greeted in pairs if since <= added < until]


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    main()

"""How many callbacks are answered a second, each after its commit is on disk, and how soon.

Interleaved rounds of three servers on one core, the load on the other: a handler that only reads the body,
wechatpy's own decrypt and parse storing nothing, and ours. Then ours at a fixed rate, beside one append + fdatasync.

    python -m bench.receive --json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from bench.load import Result, closed_loop, open_loop
from bench.payloads import requests
from bench.processes import LOAD_CORE, Server, pin, stick, zhiyu

PATH = "/callback/main"
NOWHERE = "http://127.0.0.1:9"
"""No WeCom answers: what is measured is the way in, with everything behind it running."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--connections", type=int, default=32)
    options.add_argument("--rate", type=int, default=1000)
    asked = options.parse_args()
    pin(LOAD_CORE)
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as folder:
        figures = measure(asked, Path(folder))
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:22} {value}")
    print(json.dumps(figures))


def measure(asked: argparse.Namespace, folder: Path) -> dict[str, object]:
    """All figures of one run."""
    rates: dict[str, list[float]] = {"body_read": [], "wechatpy": [], "ours": []}
    busy: list[float] = []
    with stick("body_read") as body_read, stick("wechatpy") as wechatpy, zhiyu(folder, NOWHERE) as ours:
        idle_mb = ours.rss_mb()
        servers = {"body_read": body_read, "wechatpy": wechatpy, "ours": ours}
        for round_ in range(asked.rounds):
            for name, server in servers.items():
                result = _round(server, asked, first=round_ * 1_000_000)
                rates[name].append(result.per_second)
                busy.append(result.client_cpu_seconds / result.seconds)
                say(f"{name:10} {result.per_second:8.0f}/s  client busy {busy[-1]:.0%}  not 200: {result.not_200}")
        burst_mb = ours.rss_mb()
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as fresh, zhiyu(Path(fresh), NOWHERE) as ours:
        steady = _steady(ours, asked)
    sync_p99 = fdatasync_p99_ms(folder)
    rate = {name: statistics.median(values) for name, values in rates.items()}
    return {
        "ratio_to_body_read": round(rate["ours"] / rate["body_read"], 3),
        "ratio_to_wechatpy": round(rate["ours"] / rate["wechatpy"], 3),
        "p50_ms": round(steady.percentile_ms(0.5), 2),
        "p99_ms": round(steady.percentile_ms(0.99), 2),
        "rss_mb": round(idle_mb, 1),
        "rss_mb_after_load": round(burst_mb, 1),
        "ready_seconds": round(ours.ready_seconds, 2),
        "fdatasync_p99_ms": round(sync_p99, 2),
        "p99_to_fdatasync_p99": round(steady.percentile_ms(0.99) / sync_p99, 2),
        "callbacks_per_second": round(rate["ours"]),
        "not_200": steady.not_200,
        "rounds": {name: [round(v) for v in values] for name, values in rates.items()},
        "client_busy_most": round(max(busy), 2),
    }


def _round(server: Server, asked: argparse.Namespace, *, first: int) -> Result:
    most = int(30_000 * asked.seconds)
    load = closed_loop(
        server.port, requests(most, PATH, first=first), connections=asked.connections, seconds=asked.seconds
    )
    return uvloop.run(load)


def _steady(server: Server, asked: argparse.Namespace) -> Result:
    calls = requests(int(asked.rate * asked.seconds * 2), PATH, first=900_000_000)
    result = uvloop.run(open_loop(server.port, calls, connections=64, rate=asked.rate))
    say(f"open loop  p50 {result.percentile_ms(0.5):.2f} ms  p99 {result.percentile_ms(0.99):.2f} ms")
    return result


def fdatasync_p99_ms(folder: Path, times: int = 2000, size: int = 1024) -> float:
    """One append and fdatasync here, at the same pace, p99."""
    taken = []
    with (folder / "append").open("ab", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(b"x" * size)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return sorted(taken)[int(0.99 * times)] * 1000


def say(line: str) -> None:
    """Progress, on standard error."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(None)
    main()

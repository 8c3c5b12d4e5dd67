"""How many callbacks are answered a second, each after its commit is on disk, and how soon.

Interleaved rounds of three servers on one core, the load on the other: a handler that only reads the body,
wechatpy's own decrypt and parse storing nothing, and ours with everything behind the door at work (decisions,
deliveries to a WeCom that answers at once). Then ours at a fixed rate, beside one append + fdatasync.

    python -m bench.receive --json
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.load import Result, closed_loop, open_loop
from bench.payloads import requests
from bench.processes import LOAD_CORE, Server, pin, stick, zhiyu

PATH = "/callback/main"
PAGE_BYTES = 4096
"""SQLite writes whole pages."""

SETTLE_SECONDS = 3
"""What a start leaves to be done after the first answer."""

WINDOWS, WINDOW_SECONDS = 5, 2
"""p50 and p99 are medians over windows: one hiccup of a shared disk is not the result. The worst is told too."""


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
    with stick("wecom", LOAD_CORE) as wecom, stick("body_read") as body_read, stick("wechatpy") as wechatpy:
        api = f"http://127.0.0.1:{wecom.port}"
        os.sync()  # what others left to be written is not to be measured
        with body_read.asleep(), wechatpy.asleep(), zhiyu(folder / "steady", api) as ours:
            time.sleep(SETTLE_SECONDS)
            idle_mb = ours.rss_mb()
            syncs = fdatasync_ms(folder, asked.rate)
            steady = _steady(ours, asked)
            with ours.asleep():
                syncs += fdatasync_ms(folder, asked.rate)
        with zhiyu(folder / "capacity", api) as ours:
            rounds = _rounds({"body_read": body_read, "wechatpy": wechatpy, "ours": ours}, asked)
            busy_mb = ours.rss_mb()
    sync_p99 = sorted(syncs)[int(0.99 * len(syncs))]
    p99 = statistics.median(w.percentile_ms(0.99) for w in steady)
    rate = {name: statistics.median(r.per_second for r in results) for name, results in rounds.items()}
    return {
        "ratio_to_body_read": round(rate["ours"] / rate["body_read"], 3),
        "ratio_to_wechatpy": round(rate["ours"] / rate["wechatpy"], 3),
        "p50_ms": round(statistics.median(w.percentile_ms(0.5) for w in steady), 2),
        "p99_ms": round(p99, 2),
        "p99_ms_worst_window": round(max(w.percentile_ms(0.99) for w in steady), 2),
        "rss_mb": round(idle_mb, 1),
        "rss_mb_after_load": round(busy_mb, 1),
        "ready_seconds": round(ours.ready_seconds, 2),
        "fdatasync_p99_ms": round(sync_p99, 2),
        "p99_to_fdatasync_p99": round(p99 / sync_p99, 2),
        "callbacks_per_second": round(rate["ours"]),
        "not_200": sum(r.not_200 for r in (*steady, *rounds["ours"])),
        "rounds": {name: [round(r.per_second) for r in results] for name, results in rounds.items()},
        "client_busy_most": round(max(r.client_cpu_seconds / r.seconds for rs in rounds.values() for r in rs), 2),
    }


def _rounds(servers: dict[str, Server], asked: argparse.Namespace) -> dict[str, list[Result]]:
    """Each server in turn, the others stopped: ours has work behind the door that would slow its neighbours."""
    results: dict[str, list[Result]] = {name: [] for name in servers}
    for number in range(asked.rounds):
        for name, server in servers.items():
            with ExitStack() as stack:
                for other in servers.values():
                    if other is not server:
                        stack.enter_context(other.asleep())
                result = _closed(server, asked, first=number * 1_000_000)
            results[name].append(result)
            say(f"{name:10} {result.per_second:8.0f}/s  not 200: {result.not_200}")
    return results


def _closed(server: Server, asked: argparse.Namespace, *, first: int) -> Result:
    most = int(30_000 * asked.seconds)
    calls = requests(most, PATH, first=first)
    return uvloop.run(closed_loop(server.port, calls, connections=asked.connections, seconds=asked.seconds))


def _steady(server: Server, asked: argparse.Namespace) -> list[Result]:
    """The fixed rate without a pause, cut into windows; the first second, when connections are made and code is run
    first, is not counted."""
    calls = requests(asked.rate * (1 + WINDOWS * WINDOW_SECONDS), PATH, first=900_000_000)
    whole = uvloop.run(open_loop(server.port, calls, connections=64, rate=asked.rate))
    many = asked.rate * WINDOW_SECONDS
    windows = [replace(whole, latencies=whole.latencies[end - many : end]) for end in _ends(len(calls), many)]
    for window in windows:
        say(f"open loop  p50 {window.percentile_ms(0.5):.2f} ms  p99 {window.percentile_ms(0.99):.2f} ms")
    return windows


def _ends(of: int, many: int) -> list[int]:
    return list(range(of, many, -many))[::-1]


def fdatasync_ms(folder: Path, rate: int, times: int = 1000) -> list[float]:
    """One append of a page and fdatasync, at the same rate: the least that a commit of one callback must do."""
    taken = []
    due = time.perf_counter()
    with (folder / "append").open("ab", buffering=0) as file:
        for _ in range(times):
            due += 1 / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            began = time.perf_counter()
            file.write(b"x" * PAGE_BYTES)
            os.fdatasync(file.fileno())
            taken.append(1000 * (time.perf_counter() - began))
    return taken


def say(line: str) -> None:
    """Progress, on standard error."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()

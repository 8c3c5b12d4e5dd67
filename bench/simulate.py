"""How long a simulated month of a brand takes: the sample content, all approved, over a made-up pool.

python -m bench.simulate --json
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cli.common import run
from bot.content.folders import Folders
from bot.log import configure_log
from demo.stage import deployment
from simulation.month import month

OUTCOMES = ("sent", "swapped", "held", "lapsed", "skipped")
ROOT = Path(__file__).parents[1]
START_AT = int(datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())
"""The first day of the sample brand's calendars."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--customers", type=int, default=10_000)
    asked = options.parse_args()
    figures = measure(asked.days, asked.customers)
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


def measure(days: int, customers: int) -> dict[str, float]:
    """One run, content read anew and the pool read as history included."""
    configure_log(json=False, level="ERROR")
    began, cpu = time.perf_counter(), time.process_time()
    passed: list[float] = []
    found = run(
        month(
            Folders.of(ROOT),
            deployment("sqlite:///:memory:", port=0),
            seed=1,
            customers=customers,
            start_at=START_AT,
            days=days,
            on_day=lambda _: passed.append(time.perf_counter()),
        )
    )
    status = Path("/proc/self/status").read_text()
    return {
        "days": days,
        "customers": customers,
        "groups": found["people"]["groups"],
        "decisions": sum(row[name] for row in found["days"] for name in OUTCOMES),
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "seconds_before_the_first_day": round(passed[0] - began, 1),
        "rss_mb": round(int(status.split("VmHWM:")[1].split()[0]) / 1024),
    }


if __name__ == "__main__":
    main()

"""What commands share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from demo.stage import ROOT, config_text, deployment
from tests.house import sqlite_url

LOOKS = """
import sys
from pathlib import Path
from bot.cli.common import opened, read_config, read_content, run

async def look():
    async with opened(read_config(Path(sys.argv[1]))) as database:
        await database.read(lambda conn: None)

read_content(Path())
run(look())
print(*({"aiohttp", "wechatpy", "prometheus_client", "apscheduler"} & set(sys.modules)))
"""


def test_a_command_that_only_looks_loads_no_server(tmp_path: Path) -> None:
    """Content and database without the web, WeCom and the scheduler: they take longer than most commands."""
    config = tmp_path / "config.yaml"
    config.write_text(config_text(deployment(sqlite_url(tmp_path), port=0)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LOOKS, str(config)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")

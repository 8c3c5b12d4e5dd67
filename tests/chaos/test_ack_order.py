"""Every 200 follows a sync to disk that followed its request: seen from outside, in the system calls themselves."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import aiohttp
import pytest

from demo.stage import deployment
from tests.chaos.process import BotProcess, lasting_port
from tests.house import Sender, customer_xml, sqlite_url

CALLBACKS = 30
CALLS = "trace=fdatasync,fsync,read,recvfrom,recvmsg,write,sendto,writev,sendmsg"
REQUEST, ANSWER = re.compile(r'"POST /callback'), re.compile(r'"HTTP/1\.1 (\d+)')
SYNCED = re.compile(r"\b(?:fdatasync|fsync)(?:\(\d+\)| resumed>\)) += 0")


def traceable() -> bool:
    """Whether strace is here and may trace."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def acknowledgements(trace: Iterable[str]) -> list[tuple[int, bool]]:
    """(status, whether a sync ended between request and answer) of each callback, sent one at a time."""
    seen: list[tuple[int, bool]] = []
    waiting = synced = False
    for line in trace:
        answer = ANSWER.search(line)
        if REQUEST.search(line):
            waiting, synced = True, False
        elif SYNCED.search(line):
            synced = True
        elif answer and waiting:
            seen.append((int(answer[1]), synced))
            waiting = False
    return seen


@pytest.mark.skipif(not traceable(), reason="strace is missing, or not permitted here")
async def test_every_200_follows_a_sync_that_followed_its_request(tmp_path: Path) -> None:
    """On SQLite, one callback at a time, with pauses in which the bot's other work comes to rest."""
    config = deployment(sqlite_url(tmp_path), lasting_port())
    trace, sender = tmp_path / "trace", Sender.of(config)
    strace = ["strace", "-D", "-f", "--seccomp-bpf", "-s", "40", "-ttt", "-e", CALLS, "-o", str(trace)]
    bot = BotProcess(config, tmp_path, prefix=strace)
    try:
        await bot.start()
        await asyncio.sleep(0.5)
        async with aiohttp.ClientSession() as http:
            for n in range(CALLBACKS):
                body, query = sender.seal(customer_xml("msg_audit_approved", n, int(time.time())), int(time.time()))
                async with http.post(f"{config.public_url}/callback/main", params=query, data=body) as answer:
                    assert answer.status == 200
                await asyncio.sleep(0.03)
        await bot.stop()
    finally:
        await bot.kill()
    assert acknowledgements(trace.read_text(errors="replace").splitlines()) == [(200, True)] * CALLBACKS


def test_an_answer_before_its_sync_would_be_seen() -> None:
    """The reading of the trace can fail."""
    early = [
        '7 1.0 read(9, "POST /callback/main?", 65536) = 400',
        "8 1.1 fdatasync(5 <unfinished ...>",
        '7 1.2 write(9, "HTTP/1.1 200 OK", 15) = 15',
        "8 1.3 <... fdatasync resumed>)             = 0",
        '7 1.4 read(9, "POST /callback/main?", 65536) = 400',
        "8 1.5 fdatasync(5)                       = 0",
        '7 1.6 sendto(9, "HTTP/1.1 200 OK", 15) = 15',
    ]
    assert acknowledgements(early) == [(200, False), (200, True)]

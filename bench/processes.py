"""Servers to measure, each a process of its own on the first core; the load runs on the second."""

from __future__ import annotations

import compileall
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.payloads import AES_KEY, CORPID, TOKEN
from demo.stage import free_port

ROOT = Path(__file__).parent.parent
SERVER_CORE, LOAD_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Server:
    """A running process. `ready_seconds`: from its start to its first answer."""

    pid: int
    port: int
    ready_seconds: float

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Stopped, so that it takes nothing from the others."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def rss_mb(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def pin(*cores: int) -> None:
    """Keep this process on these cores, where there is more than one."""
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, cores)


@contextmanager
def stick(name: str, core: int = SERVER_CORE) -> Iterator[Server]:
    """A server of bench.servers."""
    port = free_port()
    with _process([sys.executable, "-m", "bench.servers", name, str(port)], port, "/", None, core) as server:
        yield server


@contextmanager
def sandbox(corpid: str) -> Iterator[Server]:
    """A sandbox WeCom, on the core of the load."""
    port = free_port()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--corpid", corpid]
    with _process(command, port, "/sandbox/state", None, LOAD_CORE) as server:
        yield server


@contextmanager
def zhiyu(folder: Path, api_base_url: str, environ: Mapping[str, str] | None = None, *cores: int) -> Iterator[Server]:
    """`main.py serve` over a SQLite file in `folder`, against a WeCom at `api_base_url`: compiled, as in the image.

    `cores`: those it may use; none are named: the first.
    """
    for package in ("bot", "handlers"):
        compileall.compile_dir(ROOT / package, quiet=1)
    port = free_port()
    env = {
        "ZHIYU_CORP_ID": CORPID,
        "ZHIYU_AGENTID": "1000002",
        "ZHIYU_SECRET": "bench-secret",
        "ZHIYU_CALLBACK_TOKEN": TOKEN,
        "ZHIYU_ENCODING_AES_KEY": AES_KEY,
        "ZHIYU_API_BASE_URL": api_base_url,
        "ZHIYU_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ZHIYU_PORT": str(port),
        "ZHIYU_DATABASE_URL": f"sqlite:///{folder}/zhiyu.sqlite3",
        **(environ or {}),
    }
    with _process([sys.executable, "main.py", "serve"], port, "/healthz", env, *(cores or (SERVER_CORE,))) as server:
        yield server


@contextmanager
def _process(
    command: list[str], port: int, path: str, environ: Mapping[str, str] | None, *cores: int
) -> Iterator[Server]:
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: pin(*cores),
    )
    try:
        _await_answer(process, f"http://127.0.0.1:{port}{path}")
        yield Server(process.pid, port, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await_answer(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(2000):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("the server did not answer")

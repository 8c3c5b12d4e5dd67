"""The bot as a process of its own, which can be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import Config
from demo.stage import ROOT

READY_SECONDS = 30


def lasting_port() -> int:
    """A free port below those that the system lends to others, so that it is still free after a restart."""
    dice = random.SystemRandom()
    while True:
        port = dice.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class BotProcess:
    """`main.py serve` with a configuration file of its own; `prefix` is put before the command."""

    def __init__(self, config: Config, folder: Path, prefix: Sequence[str] = ()) -> None:
        self._config = folder / "config.yaml"
        self._config.write_text(json.dumps(as_yaml(config)))  # JSON is YAML
        self._health = f"{config.public_url}/healthz"
        self._prefix = prefix
        self._log = folder / "bot.log"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Return once it answers. A predecessor's lock may outlive it for a moment: then it is started again."""
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as http:
            while not await self._answers(http):
                if self.process is None or self.process.returncode is not None:
                    self.process = await self._spawn()
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """kill -9: no chance to finish anything."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, as an operator does."""
        await self._end(signal.SIGTERM)

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    async def _end(self, number: signal.Signals) -> None:
        if self.process and self.process.returncode is None:
            self.process.send_signal(number)
            await self.process.wait()

    async def _spawn(self) -> asyncio.subprocess.Process:
        command = [*self._prefix, sys.executable, "main.py", "serve", "--config", str(self._config)]
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"}
            )

    async def _answers(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(self._health) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


def as_yaml(config: Config) -> dict[str, Any]:
    """What load_config reads back as this configuration, secrets in the clear."""
    app = config.main_app
    return {
        "corp": {"id": config.corp.id, "api_base_url": config.corp.api_base_url},
        "apps": [
            {
                "name": app.name,
                "agentid": app.agentid,
                "secret": app.secret.get_secret_value(),
                "callback_token": app.callback_token.get_secret_value(),
                "encoding_aes_key": app.encoding_aes_key.get_secret_value(),
            }
        ],
        "public_url": config.public_url,
        "server": {"port": config.server.port},
        "database": {"url": config.database.url.get_secret_value()},
    }

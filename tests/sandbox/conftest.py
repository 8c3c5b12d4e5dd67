"""Fixtures: a world to ask directly, and a whole sandbox with an app that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from sandbox import Sandbox
from tests.sandbox.corp import CORPID, Corp, Listener, Wire, furnish


@pytest.fixture
def corp() -> Corp:
    return Corp()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_route("*", "/callback/main", listener.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/callback/main?lang=zh"
    yield listener
    await runner.cleanup()


@pytest.fixture
async def sandbox(listener: Listener) -> AsyncIterator[Sandbox]:
    sandbox = furnish(Sandbox(seed=1, corpid=CORPID, retry_seconds=0.02), listener)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def wire(sandbox: Sandbox) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession(sandbox.base_url) as http:
        async with http.get("/cgi-bin/gettoken", params={"corpid": CORPID, "corpsecret": "secret"}) as response:
            token = (await response.json())["access_token"]
        yield Wire(http, token)

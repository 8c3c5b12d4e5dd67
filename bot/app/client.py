"""The way out: a client for one app, within its limits."""

from __future__ import annotations

from contextlib import AsyncExitStack

import aiohttp

from bot.clock import Clock
from bot.config import AppConfig, Config
from bot.wecom.net.client import WeComClient
from bot.wecom.net.governor import Governor, Limits


async def open_client(config: Config, app: AppConfig, clock: Clock, stack: AsyncExitStack) -> WeComClient:
    """A client for one app; welcomes have connections of their own, which nothing else can use up."""
    out = config.outbound
    governor = Governor(
        Limits(
            per_api_minute=out.per_api_minute,
            per_api_hour=out.per_api_hour,
            per_ip_minute=out.per_ip_minute,
            per_ip_hour=out.per_ip_hour,
            welcome_reserve_minute=out.welcome_reserve_minute,
        )
    )
    http = await stack.enter_async_context(_session(out.concurrency + 4))
    welcome_http = await stack.enter_async_context(_session(out.welcome_concurrency))
    return WeComClient(
        config.corp.id,
        app.secret.get_secret_value(),
        http=http,
        welcome_http=welcome_http,
        governor=governor,
        clock=clock,
        base_url=config.corp.api_base_url,
        timeout_seconds=out.timeout_seconds,
        welcome_timeout_seconds=out.welcome_timeout_seconds,
    )


def _session(connections: int) -> aiohttp.ClientSession:
    # Time-outs are the client's own, through the clock.
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), timeout=aiohttp.ClientTimeout(total=None)
    )

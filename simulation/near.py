"""WeCom next door: the bot's own client, whose calls the sandbox's world answers at once, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.clock import Clock
from bot.config import Config
from bot.wecom.errors import NotReached, WeComError
from bot.wecom.net.client import WeComClient
from bot.wecom.net.governor import Governor
from bot.wecom.net.token import AccessToken
from sandbox.world import App, World
from sandbox.world.wire import ApiError, Upload

LOCAL = "127.0.0.1"


class NearClient(WeComClient):
    """Every call acts on the world. What limits calls in a minute is left out: it never bears on what is decided."""

    def __init__(self, config: Config, world: World, clock: Clock) -> None:
        # Not WeComClient.__init__: it wants connections.
        self.token = AccessToken(self._fetch_token, clock)
        self._credentials = {"corpid": world.corpid, "corpsecret": config.main_app.secret.get_secret_value()}
        self._world, self._clock, self.governor = world, clock, Governor()

    async def _call(
        self,
        method: str,
        api: str,
        params: Mapping[str, Any],
        data: dict[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> dict[str, Any]:
        query = {name: str(value) for name, value in params.items()}
        if not self._world.knows(api):
            raise NotReached(api)
        try:
            answer = self._world.answer(
                api, at=self._clock.now(), ip=LOCAL, query=query, body=_wired(data or {}), upload=_upload(files)
            )
        except ApiError as error:
            raise WeComError(api, error.errcode, error.errmsg) from None
        return _wired(answer)


def installed(world: World, config: Config) -> World:
    """The world with the bot's app in it."""
    app = config.main_app
    world.apps.add(App(app.name, int(app.agentid), app.secret.get_secret_value()))
    world.limits.per_api_minute = world.limits.per_ip_minute = world.limits.per_api_hour = 10**9
    world.limits.per_ip_hour = 10**9
    return world


def _wired(value: Any) -> dict[str, Any]:
    """As it comes out at the other end of a wire."""
    found: dict[str, Any] = json.loads(json.dumps(value))
    return found


def _upload(files: Mapping[str, tuple[str, bytes]] | None) -> Upload | None:
    return next((Upload(name, "", content) for name, content in files.values()), None) if files else None

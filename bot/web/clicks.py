"""/r/<code>: an item's link, counted on its way. It leads where staff's files say; nothing of who opens it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.scrm.links import LinkRejected
from bot.store import clicks
from bot.web.lobby import Lobby
from bot.web.pages import PRIVATE

PATH = "/r/{code:[a-z2-7]{12}}"


@dataclass(frozen=True, slots=True)
class ClickDoor:
    lobby: Lobby

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.lobby.pages.kind(self.get), allow_head=False)]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Count it, and on. Whoever comes for what is not ours is told so."""
        code = request.match_info["code"]
        url = await self.lobby.database.look_up(partial(clicks.leads_to, code=code))
        if url is None:
            raise LinkRejected("bad")
        await self.lobby.database.write(partial(clicks.opened, code=code, now=self.lobby.clock.now()))
        return web.Response(status=302, headers={**PRIVATE, "Location": url})

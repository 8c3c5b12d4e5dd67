"""`Sandbox`: the whole thing in one object, for tests, demos and simulations in the same process."""

from __future__ import annotations

from aiohttp import web

from sandbox.control import add_control
from sandbox.handle import Scene
from sandbox.playground.pages import add_pages
from sandbox.server.agenda import Agenda
from sandbox.server.api import BODY_BYTES_AT_MOST, Api


class Sandbox(Scene):
    """A WeCom on 127.0.0.1: a scene that can be called, controlled and looked at."""

    _runner: web.AppRunner | None = None
    _agenda: Agenda | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; returns the base URL, e.g. http://127.0.0.1:8601 (port 0 = any free one)."""
        app = web.Application(client_max_size=BODY_BYTES_AT_MOST)
        api = Api(self.world, self.clock, self.faults, self.log, self.courier.send)
        app.router.add_route("*", "/cgi-bin/{api:.*}", api.handle)
        add_control(app, self)
        add_pages(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        try:
            await self._listen(self._runner, host, port)
        except BaseException:
            await self.stop()
            raise
        self.world.serve_at(self.base_url)
        self._agenda = Agenda(self.world.later, self.clock, self._happened)
        self._agenda.start()
        return self.base_url

    async def _listen(self, runner: web.AppRunner, host: str, port: int) -> None:
        await self.courier.start()
        await runner.setup()
        await web.TCPSite(runner, host, port, backlog=2048).start()
        self.base_url = f"http://{host}:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop sending and listening; nothing is left running."""
        if self._agenda is not None:
            await self._agenda.stop()
        await self.courier.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

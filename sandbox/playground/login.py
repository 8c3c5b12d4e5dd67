"""The page on which a member says who they are: WeCom's QR code, and its permission page inside the client."""

from __future__ import annotations

from pathlib import Path

import jinja2
from aiohttp import web

from sandbox.handle import Scene
from sandbox.playground.headers import HEADERS
from sandbox.world.wire import NotFoundError

QR, IN_APP, AGREE = "/wwlogin/sso/login", "/connect/oauth2/authorize", "/wwlogin/agree"


class LoginPage:
    """Whoever clicks on a name is that member, as if they had scanned."""

    def __init__(self, sandbox: Scene) -> None:
        self._sandbox = sandbox
        loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)

    def add(self, app: web.Application) -> None:
        """Hang it on the server."""
        app.router.add_get(QR, self.show)
        app.router.add_get(IN_APP, self.show)
        app.router.add_post(AGREE, self.agree)

    async def show(self, request: web.Request) -> web.Response:
        """The members, as buttons."""
        asked = {name: request.query.get(name, "") for name in ("appid", "agentid", "redirect_uri", "state")}
        try:
            agentid = int(asked["agentid"] or "0")
            self._sandbox.world.logins.check(asked["appid"], agentid, asked["redirect_uri"], asked["state"])
        except (NotFoundError, ValueError) as error:
            return self._page(status=400, error=str(error), members=[], asked=asked)
        return self._page(members=list(self._sandbox.world.people.members.values()), asked=asked, error="")

    async def agree(self, request: web.Request) -> web.Response:
        """Back to the app, with a code."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        now = self._sandbox.clock.now()
        try:
            back = self._sandbox.world.logins.agrees(
                now, form["userid"], int(form["agentid"]), form["redirect_uri"], form["state"]
            )
        except (KeyError, ValueError, NotFoundError):
            raise web.HTTPBadRequest from None
        raise web.HTTPSeeOther(back)

    def _page(self, *, status: int = 200, **values: object) -> web.Response:
        text = self._templates.get_template("login.html").render(**values)
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)

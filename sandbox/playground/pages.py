"""Serves the playground, the channel codes and the uploaded pictures. Works without a script, better with it."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from urllib.parse import urlencode

import jinja2
from aiohttp import web

from sandbox.handle import Scene
from sandbox.playground.headers import HEADERS
from sandbox.playground.login import LoginPage
from sandbox.playground.view import page_values, qr_svg, scan_address, toggle
from sandbox.world.wire import NotFoundError

_HERE = Path(__file__).parent
# what a form may do → the arguments it may give
_ACTIONS = {
    "customer_adds": ("config_id", "userid", "external_userid"),
    "customer_deletes": ("external_userid", "userid"),
    "customer_writes": ("external_userid", "userid", "text"),
    "member_accepts": ("external_userid", "userid"),
    "member_deletes": ("external_userid", "userid"),
    "member_writes": ("external_userid", "userid", "text"),
    "member_clicks": ("userid", "msgid", "key"),
    "groups.brings": ("userid", "chat_id", "external_userid"),
    "mass.member_confirms": ("userid", "msgid"),
    "moments.member_posts": ("userid", "moment_id"),
    "moments.likes": ("person", "userid", "moment_id"),
    "moments.comments": ("person", "userid", "moment_id", "text"),
    "member_enters_app": ("userid", "agentid"),
    "kf.customer_enters": ("url", "open_kfid", "scene_param", "external_userid"),
    "kf.customer_writes": ("external_userid", "open_kfid", "text"),
    "kf.customer_taps": ("external_userid", "open_kfid", "menu_id"),
    "kf.servicer_takes": ("userid", "external_userid", "open_kfid"),
    "kf.servicer_writes": ("userid", "external_userid", "open_kfid", "text"),
    "kf.servicer_ends": ("userid", "external_userid", "open_kfid"),
    "kf.admin_hires": ("open_kfid", "userid"),
}


def add_pages(app: web.Application, sandbox: Scene) -> None:
    """Hang the pages on the server."""
    pages = Pages(sandbox)
    app.router.add_get("/", pages.show)
    app.router.add_post("/play", pages.play)
    app.router.add_get("/kf/{account}", pages.kf)
    app.router.add_get("/qr/{config_id}.svg", pages.qr)
    app.router.add_get("/media/{media_id}", pages.media)
    LoginPage(sandbox).add(app)
    app.router.add_static("/static", _HERE / "static")


class Pages:
    """One page and what it needs."""

    def __init__(self, sandbox: Scene) -> None:
        self._sandbox = sandbox
        loader = jinja2.FileSystemLoader(_HERE / "templates")
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)

    async def show(self, request: web.Request) -> web.Response:
        """The whole page, as the query says."""
        page = self._templates.get_template("page.html").render(**page_values(self._sandbox, request.query))
        return web.Response(text=page, content_type="text/html", headers=HEADERS)

    async def play(self, request: web.Request) -> web.Response:
        """Do what a form asks, then show the page again. Forms of other sites are refused."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden
        form = {key: str(value) for key, value in (await request.post()).items()}
        shown = {key: form[f"show_{key}"] for key in ("customer", "member") if form.get(f"show_{key}")}
        try:
            shown |= await self._act(form)
        except NotFoundError as error:
            shown["error"] = str(error)
        raise web.HTTPSeeOther(f"/?{urlencode(shown)}")

    async def kf(self, request: web.Request) -> web.Response:
        """A kf link that was opened in a browser: the page on which it can be tapped."""
        query = {"kf": request.query.get("enc_scene", ""), "scene_param": request.query.get("scene_param", "")}
        raise web.HTTPSeeOther(f"/?{urlencode(query)}")

    async def qr(self, request: web.Request) -> web.Response:
        """A channel's or a join way's code: what their `qr_code` points to."""
        world, config_id = self._sandbox.world, request.match_info["config_id"]
        if not (world.contact_ways.has(config_id) or world.join_ways.has(config_id)):
            raise web.HTTPNotFound
        svg = qr_svg(scan_address(self._sandbox, config_id)).replace(
            "<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1
        )
        return web.Response(text=svg, content_type="image/svg+xml", headers=HEADERS)

    async def media(self, request: web.Request) -> web.Response:
        """An uploaded picture, by its bytes' own type; other files are offered for download."""
        stored = self._sandbox.world.media.find(request.match_info["media_id"], self._sandbox.clock.now())
        if stored is None:
            raise web.HTTPNotFound
        shown = stored.content_type.startswith("image/")
        headers = HEADERS if shown else {**HEADERS, "Content-Disposition": "attachment"}
        return web.Response(body=stored.data, content_type=stored.content_type, headers=headers)

    async def _act(self, form: Mapping[str, str]) -> dict[str, str]:
        """What the page should show next."""
        action = form.get("do", "")
        if action == "toggle":
            toggle(self._sandbox, form.get("switch", ""))
            return {}
        if action not in _ACTIONS:
            raise NotFoundError("没有这个动作")
        arguments = {name: form[name] for name in _ACTIONS[action] if form.get(name)}
        try:
            numbers = {name: int(value) for name, value in arguments.items() if name == "agentid"}
            result = await attrgetter(action)(self._sandbox)(**arguments | numbers)
        except (TypeError, ValueError):
            raise NotFoundError("请把内容填完整") from None
        if action == "customer_adds":
            return {"customer": str(result), "member": ""}
        if action == "kf.customer_enters":
            return {"customer": str(result)}
        # Whoever is concerned is shown, so that what follows can be seen.
        return {"member": arguments["userid"]} if "userid" in arguments else {}

"""The operations console, put together."""

from __future__ import annotations

from bot.app.parts import App
from bot.web.console.door import HOME, Door, WeComLogin
from bot.web.console.overview import Overviews
from bot.web.console.room import Room
from bot.web.console.site import Site
from bot.web.console.spans import Spans
from bot.web.lobby import Lobby
from bot.web.pages import Pages


def console(app: App) -> Site:
    """Its pages."""
    config, database, clock, content = app.config, app.database, app.clock, app.content
    zone, pages = config.corp.timezone, Pages(app.folders.pages, images="'self' data:")
    lobby = Lobby.at(config.public_url, config.link_key, database, pages, clock)
    login = WeComLogin(
        corpid=config.corp.id,
        agentid=config.main_app.agentid,
        qr_url=config.login.qr_url,
        in_app_url=config.login.in_app_url,
        back=f"{config.public_url}{HOME}/return",
        whoami=app.wecom.user.who,
    )
    room = Room(
        database=database,
        content=lambda: content.current,
        problems=lambda: content.problems,
        timezone=zone,
        overviews=Overviews(database, lambda: content.current, clock, zone),
        spans=Spans(database, clock, zone),
        governor=app.wecom.governor,
        wake=app.wake,
        data=config.data_folder,
        media=app.folders.content / "media",
        folder=app.folders.content,
        messages=app.folders.messages,
        skeletons=app.folders.skeletons,
        link_key=config.link_key,
        staff=config.staff,
    )
    return Site(room, Door(lobby=lobby, staff=config.staff, wecom=login))

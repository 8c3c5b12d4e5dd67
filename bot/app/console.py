"""The operations console, put together."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.config import Config
from bot.content.folders import Folders
from bot.content.live import LiveContent
from bot.store.database import Database
from bot.web.browser import Browsers
from bot.web.console.door import HOME, Door, WeComLogin
from bot.web.console.overview import Overviews
from bot.web.console.room import Room
from bot.web.console.site import Site
from bot.web.console.spans import Spans
from bot.web.lobby import Lobby
from bot.web.pages import Pages, Turnstile
from bot.wecom.net.client import WeComClient
from bot.wecom.net.governor import Governor


def console(
    config: Config,
    folders: Folders,
    clock: Clock,
    database: Database,
    content: LiveContent,
    wecom: WeComClient,
    governor: Governor,
    wake: Callable[[], None],
) -> Site:
    """Its pages. `wake`: those who decide and deliver look at once."""
    site = urlsplit(config.public_url)
    templates, secure = Pages(folders.pages, images="'self' data:"), site.scheme == "https"
    lobby = Lobby(
        database=database,
        pages=templates,
        browsers=Browsers(config.link_key, secure=secure),
        turnstile=Turnstile(clock),
        clock=clock,
        key=config.link_key,
        home=site.netloc,
    )
    login = WeComLogin(
        corpid=config.corp.id,
        agentid=config.main_app.agentid,
        qr_url=config.login.qr_url,
        in_app_url=config.login.in_app_url,
        back=f"{config.public_url}{HOME}/return",
        whoami=wecom.user.who,
    )
    spans = Spans(database, clock, config.corp.timezone)
    overviews = Overviews(database, lambda: content.current, clock, config.corp.timezone)
    room = Room(
        database=database,
        content=lambda: content.current,
        problems=lambda: content.problems,
        timezone=config.corp.timezone,
        overviews=overviews,
        spans=spans,
        governor=governor,
        wake=wake,
        data=config.data_folder,
        media=folders.content / "media",
        folder=folders.content,
        messages=folders.messages,
        skeletons=folders.skeletons,
        link_key=config.link_key,
        staff=config.staff,
    )
    return Site(room, Door(lobby=lobby, staff=config.staff, wecom=login, secure=secure), templates)

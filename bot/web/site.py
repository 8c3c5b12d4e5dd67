"""All pages that people open, put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from bot.clock import Clock
from bot.store.database import Database
from bot.web.clicks import ClickDoor, Visitors
from bot.web.desk import Desk, Edition
from bot.web.guide import GuidePages
from bot.web.guide_door import GuideDoor
from bot.web.guide_survey import GuideSurveyPages
from bot.web.lobby import Lobby
from bot.web.pages import Pages
from bot.web.preferences import PreferenceBook, PreferencePages
from bot.web.survey import SurveyPages


def page_routes(
    *,
    database: Database,
    content: Callable[[], Edition],
    clock: Clock,
    happened: Callable[[], None],
    folder: Path,
    public_url: str,
    key: bytes,
    timezone: str,
) -> list[web.RouteDef]:
    """Every page. `folder`: templates/pages; `public_url`: how people reach us; `key`: signs links and cookies;
    `timezone`: IANA name of the corp's day."""
    lobby = Lobby.at(public_url, key, database, Pages(folder), clock)
    desk = Desk(database, content, clock, happened)
    book, door = PreferenceBook(database, lambda: content().care.topics, clock, happened), GuideDoor(lobby)
    together = GuideSurveyPages(door, desk, lambda: content().surveys)
    return [
        *SurveyPages(lobby, desk).routes(),
        *ClickDoor(lobby, Visitors(clock)).routes(),
        *PreferencePages(lobby, book, lambda: content().care.count_clicks).routes(),
        *GuidePages(door, book, together, timezone).routes(),
        *together.routes(),
    ]

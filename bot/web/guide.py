"""A guide's own page, and the page of one customer: what to fill in together, and what the customer wants no more of.

/m/<token> is the guide's own, from the message that entering the app brings; /g/<token> is one customer's.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.scrm.consent import EVERYTHING, Preferences
from bot.scrm.links import Links
from bot.scrm.survey.run import SurveyRun
from bot.scrm.week import local_time
from bot.store import relations, surveys
from bot.web.desk import View
from bot.web.guide_door import GuideDoor, Pair, answer_json, refusal
from bot.web.guide_survey import GuideSurveyPages
from bot.web.pages import Refused, read_body
from bot.web.preferences import PreferenceBook, after, asked_for, topics_of

HOME, PAGE, API = "/m/{token}", "/g/{token}", "/api/guide/preferences"
NEWEST = 30
"""Customers on a guide's own page."""

STANDS = {
    "offered": "小问题发过了，还没开始答",
    "open": "小问题答到一半",
    "done": "小问题答完了",
    "declined": "说过不想答小问题，别再问",
    "expired": "小问题没答完，已经过期",
    "taken_over": "小问题在转人工时停下了",
}
NOT_ASKED = "小问题还没问过"
ALL_KNOWN = "小问题的答案都已经知道了"
SAVED = "记下了，也会在企业微信里打上标签。"


class Noted(BaseModel, strict=True):
    """What a customer told their guide: this topic, or 全部, is wanted or not."""

    topic: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class GuidePages:
    """`timezone`: IANA name of the corp's day."""

    door: GuideDoor
    book: PreferenceBook
    surveys: GuideSurveyPages
    timezone: str

    def routes(self) -> list[web.RouteDef]:
        kind = self.door.lobby.pages.kind
        page, api = kind, partial(kind, say=refusal)
        return [
            web.get(HOME, page(self.home)),
            web.get(PAGE, page(self.get)),
            web.post(PAGE, page(self.post)),
            web.get(API, api(self.state)),
            web.post(API, api(self.note)),
        ]

    async def home(self, request: web.Request) -> web.StreamResponse:
        """The customers who came last, each with a link to their page."""
        userid = self.door.member(request.match_info["token"])
        newest = await self.door.lobby.database.read(partial(relations.newest, userid=userid, limit=NEWEST))
        links = Links("..", self.door.lobby.key, self.door.lobby.clock.now())
        rows = [(links.guide(c.external_userid, userid), c.name, self._day(c.added_at)) for c in newest]
        return self.door.lobby.pages.show("guide_home.html", title="我的客户", customers=rows)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """One customer."""
        pair = await self.door.pair(request.match_info["token"])
        return await self._show(request, pair, await self.book.known(pair.external_userid))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Note what the customer wants no more of; the page that answers comes after it is on disk."""
        pair = await self.door.pair(request.match_info["token"])
        form, once = await self.door.lobby.posted(request, pair.line, "note", pair.line)
        known = await self.book.known(pair.external_userid)
        changes = asked_for(known, form, self.book.topics(), _by(pair))
        await self.book.keep(pair.external_userid, _by(pair), changes, once)
        return await self._show(request, pair, after(known, changes, _by(pair)), SAVED)

    async def state(self, request: web.Request) -> web.StreamResponse:
        """What the customer wants to hear of, for the sidebar."""
        pair = await self.door.bearer(request)
        return answer_json(self._told(await self.book.known(pair.external_userid)))

    async def note(self, request: web.Request) -> web.StreamResponse:
        """One topic from the sidebar: {topic, wanted}. 403 for what only the customer can take back."""
        pair = await self.door.bearer(request)
        said = _noted(await read_body(request, self.door.lobby.clock), self.book.topics())
        self.door.lobby.turnstile.enter(pair.line)
        known = await self.book.known(pair.external_userid)
        if said.wanted and known.own_word(said.topic):
            raise Refused("own_word")
        if known.hears(said.topic, wanted=said.wanted, by=_by(pair)):  # said twice it is one
            change, once = [(said.topic, said.wanted)], secrets.token_urlsafe(8)
            await self.book.keep(pair.external_userid, _by(pair), change, once)
            known = after(known, change, _by(pair))
        return answer_json(self._told(known))

    async def _show(self, request: web.Request, pair: Pair, known: Preferences, saved: str = "") -> web.Response:
        look = partial(surveys.runs_of, external_userid=pair.external_userid)
        runs, view = await self.door.lobby.database.read(look), await self.surveys.at(pair)
        return self.door.lobby.page(
            request,
            "guide_customer.html",
            *("note", pair.line),
            title=pair.name or "这位客户",
            added=self._day(pair.added_at),
            stand=_stand(runs, view),
            survey=f"{request.match_info['token']}/survey" if view and view.question else None,
            topics=topics_of(known, self.book.topics()),
            saved=saved,
        )

    def _told(self, known: Preferences) -> dict[str, Any]:
        """The preferences as the sidebar gets them. own_word: only the customer can have it sent again."""
        each = topics_of(known, self.book.topics())
        topics = [{"topic": topic, "wanted": wanted, "own_word": own} for topic, wanted, own in each]
        return {"topics": topics, "nothing": EVERYTHING in known.refused}

    def _day(self, at: int) -> str:
        local = local_time(at, self.timezone)
        return f"{local.month} 月 {local.day} 日"


def _by(pair: Pair) -> str:
    return f"guide/{pair.userid}"


def _stand(runs: Sequence[SurveyRun], view: View | None) -> str:
    """How the customer's newest survey stands, in words; what was just answered counts, handled or not."""
    if view and (view.run.answers or view.run.run_id in {run.run_id for run in runs}):
        return STANDS[view.run.state]
    if runs:
        return STANDS[runs[0].state]
    return NOT_ASKED if view is None or view.question else ALL_KNOWN


def _noted(body: bytes, topics: Sequence[str]) -> Noted:
    """What the sidebar sent. Raises Refused when it makes no sense."""
    try:
        said = Noted.model_validate_json(body)
    except ValidationError:
        raise Refused("sense") from None
    if said.topic not in (EVERYTHING, *topics):
        raise Refused("sense")
    return said

"""The survey as a page: /s/<token>, from a link that a welcome carries.

A page says nothing about a person, so a link may be forwarded. The first browser that begins is taken for the
customer's; every other one begins a run of its own, about nobody. To look at a link is not to begin: WeChat and its
like open links by themselves, to see what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.scrm.links import Links
from bot.scrm.survey.correction import correctable
from bot.scrm.survey.run import Question, new_run_id
from bot.store import seats
from bot.web.desk import Desk, Sitter, View
from bot.web.lobby import Lobby, link_of
from bot.web.pages import Refused, declined, go, values_of

PATH = "/s/{token}"


@dataclass(frozen=True, slots=True)
class Here:
    """A browser at a link. `own`: the customer it was made for; `sitter`: who sits here, None before they begin.

    looks_back: whether it may be shown earlier answers, and what the customer wants to hear of; not while another
    browser sits for the same customer.
    """

    token: str
    link: str
    own: Sitter
    sitter: Sitter | None
    looks_back: bool = True


@dataclass(frozen=True, slots=True)
class SurveyPages:
    lobby: Lobby
    desk: Desk

    def routes(self) -> list[web.RouteDef]:
        kind = self.lobby.pages.kind
        return [web.get(PATH, kind(self.get)), web.post(PATH, kind(self.post))]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The question that is next, or what it is all about."""
        here = await self._here(request)
        if here.sitter is None:
            return self._intro(request, here)
        view = await self._view(here.sitter)
        if asked := request.query.get("q"):
            return self._look_back(request, here, view, asked)
        return await self._stand(request, here, view)

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Begin, answer, skip, or want no more of it; then see what is next."""
        here = await self._here(request)
        if here.sitter is None:
            return await self._begin(request, here)
        return await self._answer(request, here, here.sitter)

    async def _here(self, request: web.Request) -> Here:
        token = request.match_info["token"]
        external_userid, userid, survey_id = await self.lobby.open_of_customer("survey", token)
        own = Sitter(survey_id=survey_id, external_userid=external_userid, userid=userid, surface="H5")
        link, browser = link_of(token), self.lobby.browser(request)
        look = partial(seats.seat, link=link, browser=browser or "")
        seat = await self.lobby.database.read(look) if browser else None
        if seat is None:
            return Here(token, link, own, None)
        if seat.first:
            alone = partial(seats.alone, external_userid=external_userid, browser=browser or "")
            return Here(token, link, own, own, await self.lobby.database.read(alone))
        run_id = new_run_id(survey_id, f"{link}/{browser}", seat.sat_at)
        return Here(token, link, own, Sitter(survey_id, None, None, "H5", run_id))

    async def _view(self, sitter: Sitter) -> View:
        view = await self.desk.view(sitter)
        if view is None:
            raise Refused("ended")
        return view

    def _intro(self, request: web.Request, here: Here) -> web.Response:
        # In the wording of today: how far the customer has come is nobody's business before they begin.
        survey = self.desk.survey(here.own)
        if survey is None:
            raise Refused("ended")
        return self.lobby.page(request, "survey_intro.html", "begin", here.link, title=survey.title, survey=survey)

    async def _begin(self, request: web.Request, here: Here) -> web.Response:
        form, once = await self.lobby.posted(request, here.link, "begin", here.link)
        take = partial(
            seats.take,
            link=here.link,
            browser=self.lobby.browser(request) or "",
            external_userid=here.own.external_userid or "",
            now=self.lobby.clock.now(),
        )
        seat = await self.lobby.database.write(take)
        agreed = form.get("action") == ["begin"]
        if seat.first:  # of a stranger there is nothing to note
            view = await self._view(here.own)
            await (self.desk.agree if agreed else self.desk.decline)(here.own, view, once)
        return (
            go(here.token) if agreed else self.lobby.pages.notice("declined", self._wishes(await self._here(request)))
        )

    async def _answer(self, request: web.Request, here: Here, sitter: Sitter) -> web.Response:
        about = ("question", "corrects")
        form, once = await self.lobby.posted(request, sitter.line, "answer", here.link, fields=about)
        if declined(form):
            await self.desk.decline(sitter, await self._view(sitter), once)
            return self.lobby.pages.notice("declined", self._wishes(here))
        view, corrects = await self._view(sitter), form.get("corrects", [""])[0] == "yes"
        question = view.survey.question(form["question"][0])
        if question and (here.looks_back or not corrects):
            values = values_of(form)
            fault = await self.desk.answer(sitter, view, question, values, once, corrects=corrects)
            if fault:
                return self._ask(request, here, view, question, fault, values, corrects=corrects)
        return go(here.token)

    async def _stand(self, request: web.Request, here: Here, view: View) -> web.Response:
        if view.run.state in ("declined", "expired"):
            raise Refused("ended")
        if view.question:
            return self._ask(request, here, view, view.question)
        title, onward = view.survey.title, self._wishes(here)
        gift = await self.desk.gift(view) if here.looks_back else ""
        return self.lobby.pages.show("survey_done.html", title=title, survey=view.survey, gift=gift, onward=onward)

    def _wishes(self, here: Here) -> tuple[str, str] | None:
        """The way to what the customer wants to hear of, for nobody but them."""
        known = here.sitter.external_userid if here.sitter and here.looks_back else None
        links = Links("..", self.lobby.key, self.lobby.clock.now())
        return (links.preferences(known), "选择想收到什么") if known else None

    def _ask(
        self,
        request: web.Request,
        here: Here,
        view: View,
        question: Question,
        fault: str = "",
        typed: tuple[str, ...] = (),
        *,
        corrects: bool = False,
    ) -> web.Response:
        return self.lobby.page(
            request,
            "survey_question.html",
            *("answer", here.link, question.id, "yes" if corrects else ""),
            status=422 if fault else 200,
            title=view.survey.title,
            view=view,
            question=question,
            fault=fault,
            typed=typed,
            back=_before(view, question.id if corrects else None) if here.looks_back else None,
            onward=here.token if corrects else None,
            whom="",
        )

    def _look_back(self, request: web.Request, here: Here, view: View, question_id: str) -> web.Response:
        """An answer given here, to be changed as long as the survey goes on; what was said elsewhere is not shown."""
        question, answer = view.survey.question(question_id), view.run.answer(question_id)
        if not here.looks_back or question is None or answer is None or not correctable(view.run, question, "H5"):
            return go(here.token)
        return self._ask(request, here, view, question, typed=answer.values, corrects=True)


def _before(view: View, question_id: str | None) -> str | None:
    """Where the answer given here before this one can be changed; None: before the next question."""
    given = [q.id for q in view.survey.questions if (a := view.run.answer(q.id)) and a.surface == "H5"]
    earlier = given[: given.index(question_id)] if question_id in given else given
    return f"?q={earlier[-1]}" if earlier else None

"""The survey, filled in by a guide with a customer: a page behind a signed link, and what the sidebar calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, StringConstraints, ValidationError

from bot.scrm.survey.run import Question, Survey
from bot.store import surveys
from bot.web.desk import Desk, Sitter, View
from bot.web.guide_door import GuideDoor, Pair, answer_json, refusal
from bot.web.pages import FORM_BYTES, Refused, declined, go, read_body, values_of

PAGE, API = "/g/{token}/survey", "/api/guide/survey"


Value = Annotated[str, StringConstraints(max_length=FORM_BYTES, pattern=r"^[^\x00]*$")]
"""PostgreSQL keeps no NUL."""


class Said(BaseModel, strict=True):
    """An answer as the sidebar sends it; no values: skipped. `survey`: which one, if not the one under way."""

    question: Value
    values: tuple[Value, ...] = ()
    survey: Value = ""


@dataclass(frozen=True, slots=True)
class GuideSurveyPages:
    """`content`: the surveys of today."""

    door: GuideDoor
    desk: Desk
    content: Callable[[], Mapping[str, Survey]]

    def routes(self) -> list[web.RouteDef]:
        page, api = self.door.lobby.pages.kind, partial(self.door.lobby.pages.kind, say=refusal)
        return [
            web.get(PAGE, page(self.get)),
            web.post(PAGE, page(self.post)),
            web.get(API, api(self.state)),
            web.post(f"{API}/answer", api(self.answer)),
            web.post(f"{API}/decline", api(self.decline)),
        ]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The question that is next for this customer."""
        sitter = await self._at_page(request)
        return await self._show(request, sitter, await self._view(sitter))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Answer, skip, or note that the customer wants no more of it; then see what is next."""
        sitter = await self._at_page(request)
        form, once = await self.door.lobby.posted(request, sitter.line, "guide", sitter.line, fields=("question",))
        values = values_of(form)
        view = await self._view(sitter)
        if declined(form):
            await self.desk.decline(sitter, view, once)
            raise Refused("over")
        if fault := await self._take(sitter, view, form["question"][0], values, once):
            return await self._show(request, sitter, view, fault, values)
        query = request.rel_url.raw_query_string
        return go(f"survey?{query}" if query else "survey")

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Where the customer's survey stands, for the sidebar."""
        sitter = await self._sitter(await self.door.bearer(request), request.query.get("survey", ""))
        return answer_json(_told(await self._view(sitter)))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One answer from the sidebar: {question, values}; no values: skipped."""
        pair = await self.door.bearer(request)
        said = _said(await read_body(request, self.door.lobby.clock))
        sitter = await self._sitter(pair, said.survey)
        self.door.lobby.turnstile.enter(sitter.line)
        view = await self._view(sitter)
        # The first answer to a question as it stands now counts: one that a correction took away is answered again.
        once = f"{view.run.run_id}/{said.question}/{view.run.revision}"
        if fault := await self._take(sitter, view, said.question, said.values, once):
            return answer_json({"error": "answer", "message": fault}, 422)
        return answer_json(_told(await self._view(sitter)))

    async def decline(self, request: web.Request) -> web.StreamResponse:
        """The customer wants no more of it."""
        sitter = await self._sitter(await self.door.bearer(request), request.query.get("survey", ""))
        self.door.lobby.turnstile.enter(sitter.line)
        view = await self._view(sitter)
        await self.desk.decline(sitter, view, view.run.run_id)
        return answer_json(_told(await self._view(sitter)))

    async def at(self, pair: Pair) -> View | None:
        """Where the survey stands that this guide would fill in with this customer; None: there is none."""
        return await self.desk.view(await self._sitter(pair, ""))

    async def _at_page(self, request: web.Request) -> Sitter:
        pair = await self.door.pair(request.match_info["token"])
        return await self._sitter(pair, request.query.get("survey", ""))

    async def _sitter(self, pair: Pair, named: str) -> Sitter:
        """The guide beside the customer, at this survey, else the one under way, else the first that guides fill in."""
        customer = partial(surveys.runs_of, external_userid=pair.external_userid)
        runs = await self.door.lobby.database.read(customer)
        begun = next((run.survey_id for run in runs if run.under_way), runs[0].survey_id if runs else None)
        offered = (s.id for s in self.content().values() if "侧边栏" in s.surfaces)
        survey_id = named or begun or next(offered, "")
        return Sitter(survey_id=survey_id, external_userid=pair.external_userid, userid=pair.userid, surface="侧边栏")

    async def _view(self, sitter: Sitter) -> View:
        view = await self.desk.view(sitter)
        if view is None:
            raise Refused("nothing")
        return view

    async def _take(self, sitter: Sitter, view: View, question_id: str, values: tuple[str, ...], once: str) -> str:
        """Keep an answer; what is wrong with it, in words."""
        question = view.survey.question(question_id)
        return await self.desk.answer(sitter, view, question, values, once) if question else ""

    async def _show(
        self, request: web.Request, sitter: Sitter, view: View, fault: str = "", typed: tuple[str, ...] = ()
    ) -> web.Response:
        question = view.question
        if view.run.state in ("declined", "expired"):
            raise Refused("over")
        if question is None:
            return self.door.lobby.pages.show(
                "survey_done.html",
                title=view.survey.title,
                survey=view.survey,
                gift=await self.desk.gift(view),
                onward=(f"../{request.match_info['token']}", "回到这位客户"),
            )
        return self.door.lobby.page(
            request,
            "survey_question.html",
            *("guide", sitter.line, question.id),
            status=422 if fault else 200,
            title=view.survey.title,
            view=view,
            question=question,
            fault=fault,
            typed=typed,
            back=None,
            onward=None,
            whom=f"替客户填。先念给对方听：{view.survey.consent}",
        )


def _said(body: bytes) -> Said:
    """What the sidebar sent. Raises Refused when it makes no sense."""
    try:
        return Said.model_validate_json(body)
    except ValidationError:
        raise Refused("sense") from None


def _told(view: View) -> dict[str, Any]:
    """A view as the sidebar gets it; never what was answered, since whoever holds the link is taken for the guide."""
    survey, question = view.survey, view.question
    return {
        "survey": {"id": survey.id, "title": survey.title, "consent": survey.consent, "thanks": survey.thanks},
        "run": {"run_id": view.run.run_id, "state": view.run.state},
        "number": view.number,
        "total": view.total,
        "question": question and _question(question),
        "answers": [{"question": a.question_id, "surface": a.surface, "at": a.at} for a in view.run.answers],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "ask": question.ask,
        "type": question.type,
        "options": [option.say for option in question.options],
        "required": question.required,
        "why": question.why,
    }

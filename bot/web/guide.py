"""The survey, filled in by a guide together with a customer: a page behind a signed link, and what the sidebar calls.

Who shows the link is the guide it was made for; they may only see customers they follow.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, StringConstraints, ValidationError

from bot.scrm.links import LinkRejected
from bot.scrm.survey.run import Question, Survey
from bot.store import people, surveys
from bot.web.desk import Desk, Sitter, View
from bot.web.lobby import Lobby
from bot.web.pages import FORM_BYTES, NOTICES, PRIVATE, Refused, go, read_body, values_of

PAGE, API = "/g/{token}/survey", "/api/guide/survey"


Value = Annotated[str, StringConstraints(max_length=FORM_BYTES, pattern=r"^[^\x00]*$")]
"""PostgreSQL keeps no NUL."""


class Said(BaseModel, strict=True):
    """An answer as the sidebar sends it; no values: skipped. `survey`: which one, if not the one under way."""

    external_userid: Value
    question: Value
    values: tuple[Value, ...] = ()
    survey: Value = ""


@dataclass(frozen=True, slots=True)
class GuidePages:
    lobby: Lobby
    desk: Desk
    content: Callable[[], Mapping[str, Survey]]

    def routes(self) -> list[web.RouteDef]:
        page, api = self.lobby.pages.kind, partial(self.lobby.pages.kind, say=_refusal)
        return [
            web.get(PAGE, page(self.get)),
            web.post(PAGE, page(self.post)),
            web.get(API, api(self.state)),
            web.post(f"{API}/answer", api(self.answer)),
        ]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The question that is next for this customer."""
        sitter = await self._sitter(self._guide(request.match_info["token"]), request.query)
        return self._show(request, sitter, await self._view(sitter))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Answer or skip; then see what is next."""
        sitter = await self._sitter(self._guide(request.match_info["token"]), request.query)
        form = await self.lobby.form(request, sitter.line)
        question_id = form.get("question", [""])[0]
        once = self.lobby.once(request, form, "guide", sitter.line, question_id)
        values = values_of(form)
        view = await self._view(sitter)
        if fault := await self._take(sitter, view, question_id, values, once):
            return self._show(request, sitter, view, fault, values)
        return go(f"survey?{request.rel_url.raw_query_string}")

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Where the customer's survey stands, for the sidebar."""
        sitter = await self._sitter(self._bearer(request), request.query)
        return _json(_told(await self._view(sitter)))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One answer from the sidebar: {external_userid, question, values}; no values: skipped."""
        userid = self._bearer(request)
        said = _said(await read_body(request, self.lobby.clock))
        sitter = await self._sitter(userid, {"external_userid": said.external_userid, "survey": said.survey})
        self.lobby.turnstile.enter(sitter.line)
        view = await self._view(sitter)
        once = f"{view.run.run_id}/{said.question}"  # the first answer counts, so one cause is enough
        if fault := await self._take(sitter, view, said.question, said.values, once):
            return _json({"error": "answer", "message": fault}, 422)
        return _json(_told(await self._view(sitter)))

    def _guide(self, token: str) -> str:
        [userid] = self.lobby.open("guide", token)
        return userid

    def _bearer(self, request: web.Request) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise LinkRejected("bad")
        return self._guide(token)

    async def _sitter(self, userid: str, query: Mapping[str, str]) -> Sitter:
        """The guide beside one of their customers, at the survey under way, or the first that guides may fill in."""
        external_userid = query.get("external_userid", "").replace("\0", "")
        follow = await self.lobby.database.read(partial(people.follow, userid=userid, external_userid=external_userid))
        if follow is None or follow.status == "ended":
            raise Refused("stranger")
        runs = await self.lobby.database.read(partial(surveys.runs_of, external_userid=external_userid))
        begun = next((run.survey_id for run in runs if run.under_way), runs[0].survey_id if runs else None)
        offered = (s.id for s in self.content().values() if "侧边栏" in s.surfaces)
        survey_id = query.get("survey") or begun or next(offered, "")
        return Sitter(survey_id=survey_id, external_userid=external_userid, userid=userid, surface="侧边栏")

    async def _view(self, sitter: Sitter) -> View:
        view = await self.desk.view(sitter)
        if view is None:
            raise Refused("nothing")
        return view

    async def _take(self, sitter: Sitter, view: View, question_id: str, values: tuple[str, ...], once: str) -> str:
        """Keep an answer; what is wrong with it, in words."""
        question = view.survey.question(question_id)
        return await self.desk.answer(sitter, view, question, values, once) if question else ""

    def _show(
        self, request: web.Request, sitter: Sitter, view: View, fault: str = "", typed: tuple[str, ...] = ()
    ) -> web.Response:
        question = view.question
        if view.run.state in ("declined", "expired"):
            raise Refused("over")
        if question is None:
            return self.lobby.pages.show(
                "survey_done.html", title=view.survey.title, survey=view.survey, preferences=None
            )
        return self.lobby.page(
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
            whom=f"替客户填。先念给对方听：{view.survey.consent}",
        )


def _refusal(notice: str) -> web.Response:
    status, title, _ = NOTICES[notice]
    return _json({"error": notice, "message": title}, 401 if notice in ("bad", "expired") else status)


def _said(body: bytes) -> Said:
    """What the sidebar sent. Raises Refused when it makes no sense."""
    try:
        return Said.model_validate_json(body)
    except ValidationError:
        raise Refused("sense") from None


def _told(view: View) -> dict[str, Any]:
    """A view as the sidebar gets it."""
    survey, question = view.survey, view.question
    return {
        "survey": {"id": survey.id, "title": survey.title, "consent": survey.consent, "thanks": survey.thanks},
        "run": {"run_id": view.run.run_id, "state": view.run.state},
        "number": view.number,
        "total": view.total,
        "question": question and _question(question),
        "answers": [
            {"question": a.question_id, "values": list(a.values), "surface": a.surface, "at": a.at}
            for a in view.run.answers
        ],
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


def _json(body: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=PRIVATE, dumps=partial(json.dumps, ensure_ascii=False))

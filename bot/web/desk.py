"""Where a run stands for whoever sits at it, and the way in for an answer: the same for customers and for guides.

What was just sent counts at once: a view is the stored run and the answers that wait in the inbox, put together by the
engine that the handler uses too. So a page never waits for the dispatcher, and no question is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.scrm.care import Care
from bot.scrm.events.base import OwnEvent
from bot.scrm.events.privacy import ConsentGiven
from bot.scrm.events.survey import SurveyAnswered, SurveyDeclined, run_line
from bot.scrm.gift import words
from bot.scrm.offer import Offer
from bot.scrm.survey.answers import NearMiss, Understood, understand_form
from bot.scrm.survey.correction import correctable, corrected, forgotten
from bot.scrm.survey.effects import agreed
from bot.scrm.survey.run import (
    NOTHING_KNOWN,
    TAKES_ANSWERS,
    Known,
    Question,
    Surface,
    Survey,
    SurveyRun,
    again,
    answered,
    begin,
    concluded,
    ended,
    new_run_id,
    next_question,
)
from bot.store import codes, inbox, seats, surveys
from bot.store.database import Database

SurveySaid = SurveyAnswered | SurveyDeclined

ASKS: Mapping[str, str] = {
    "单选": "选最像的一个",
    "多选": "至少选一个，可以选几个",
    "数字": "请填一个数字",
    "日期": "请选一个日期，例如 1995-06-18",
    "手机号": "手机号是 11 位数字，麻烦再看一眼",
    "文字": "写一两句就好",
}
"""What to do when a form could not be understood, by type of question."""


SOON = "送你的小礼物马上就好，过一会儿刷新这一页就能看到。"


class Edition(Protocol):
    """What pages need of content."""

    @property
    def surveys(self) -> Mapping[str, Survey]: ...
    @property
    def offers(self) -> Mapping[str, Offer]: ...
    @property
    def codes(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def care(self) -> Care: ...


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who answers which survey where. `external_userid` None: nobody knows who; `run_id`: of the run that they begin,
    None: named after the customer."""

    survey_id: str
    external_userid: str | None
    userid: str | None
    surface: Surface
    run_id: str | None = None

    @property
    def line(self) -> str:
        """The line that their answers go on."""
        return run_line(self.external_userid, self.run_id)


@dataclass(frozen=True, slots=True)
class View:
    """A run as its sitter sees it now. `question` None: nothing is left to ask. `left`: questions to come, about."""

    survey: Survey
    run: SurveyRun
    question: Question | None
    left: int

    def takes(self, question: Question) -> bool:
        """Whether an answer to this question still counts."""
        return self.run.state in TAKES_ANSWERS and self.run.answer(question.id) is None

    @property
    def number(self) -> int:
        """The place of the question, from 1."""
        return len(self.run.answers) + 1

    @property
    def total(self) -> int:
        """How many questions there will have been, about: a branch may add one."""
        return len(self.run.answers) + self.left


class Desk:
    """Looks runs up and puts answers into the inbox. `content`: that of today."""

    def __init__(
        self,
        database: Database,
        content: Callable[[], Edition],
        clock: Clock,
        happened: Callable[[], None],
    ) -> None:
        self._database = database
        self._content = content
        self._clock = clock
        self._happened = happened

    def survey(self, sitter: Sitter) -> Survey | None:
        """The survey in the wording of today; None when it is no more, or not for this surface."""
        survey = self._content().surveys.get(sitter.survey_id)
        return survey if survey and sitter.surface in survey.surfaces else None

    async def view(self, sitter: Sitter) -> View | None:
        """Where the sitter's run stands; None when the survey is no more, or not for this surface."""
        now, wording = self._clock.now(), self.survey(sitter)
        view = await self._database.read(partial(_view, sitter=sitter, wording=wording, now=now))
        return view if view and sitter.surface in view.survey.surfaces else None

    async def answer(
        self,
        sitter: Sitter,
        view: View,
        question: Question,
        values: tuple[str, ...],
        once: str,
        *,
        corrects: bool = False,
    ) -> str:
        """Keep an answer; on return it is on disk. No values: skipped. `once`: the same form, sent again, is kept once.
        One that comes too late, or to a question that has its answer, is passed over, unless it `corrects` that one.

        Returns: what to tell people when it is no answer; nothing is kept then.
        """
        if not (correctable(view.run, question, sitter.surface) if corrects else view.takes(question)):
            return ""
        meaning = understand_form(question, values)
        if isinstance(meaning, NearMiss) and not values:
            return meaning.hint
        if not isinstance(meaning, Understood) or (values and not any(value.strip() for value in values)):
            return ASKS[question.type]
        said = SurveyAnswered(
            created_at=self._clock.now(),
            run_id=view.run.run_id,
            survey_id=sitter.survey_id,
            external_userid=sitter.external_userid,
            userid=sitter.userid,
            question_id=question.id,
            values=values,
            surface=sitter.surface,
            corrects=corrects,
        )
        consents = (
            given
            for purpose, shown in agreed(view.survey, view.run, question, meaning.values)
            if purpose != "survey" or sitter.surface == "侧边栏"  # who reads a page agrees before the first question
            for given in self._consent(sitter, purpose, shown)
        )
        await self._keep(once, said, *consents)
        return ""

    async def gift(self, view: View) -> str:
        """What whoever came to the end is given, in words; it is theirs once their last answer is handled."""
        offer = self._content().offers.get(view.survey.gift or "")
        who, now = view.run.external_userid, self._clock.now()
        if offer is None or who is None or view.run.state != "done" or not offer.valid.holds(now):
            return ""
        if offer.codes is None:
            return words(offer, "")
        mine = partial(codes.given, offer=offer.id, external_userid=who)
        if code := await self._database.read(mine):
            return words(offer, code)
        there = self._content().codes.get(offer.codes, ())
        left = partial(codes.free, offer=offer.id, codes=there, external_userid=who)
        return SOON if await self._database.read(left) else ""

    async def agree(self, sitter: Sitter, view: View, once: str) -> None:
        """Keep that somebody read the consent and went on."""
        await self._keep(once, *self._consent(sitter, "survey", view.survey.consent))

    async def decline(self, sitter: Sitter, view: View, once: str) -> None:
        """Keep that somebody wants no survey."""
        said = SurveyDeclined(
            created_at=self._clock.now(),
            run_id=view.run.run_id,
            survey_id=sitter.survey_id,
            external_userid=sitter.external_userid,
            userid=sitter.userid,
            surface=sitter.surface,
        )
        await self._keep(once, said)

    def _consent(self, sitter: Sitter, purpose: str, shown: str) -> tuple[ConsentGiven, ...]:
        """What the customer agreed to by going on; nothing of somebody whom nobody knows."""
        if sitter.external_userid is None:
            return ()
        given = ConsentGiven(
            created_at=self._clock.now(),
            external_userid=sitter.external_userid,
            purpose=purpose,
            shown=shown,
            place=sitter.surface,
            granted=True,
        )
        return (given,)

    async def _keep(self, once: str, *said: OwnEvent) -> None:
        arrivals = [inbox.own_arrival(event, cause=f"page/{once}/{nth}") for nth, event in enumerate(said)]
        await self._database.write(partial(inbox.put, arrivals=arrivals), urgent=True)
        self._happened()


def _view(conn: Connection, *, sitter: Sitter, wording: Survey | None, now: int) -> View | None:
    # What waits is read before what is stored: handled in between, it is seen twice and counts once.
    waiting: list[SurveySaid] = seats.unhandled(conn, sitter.line, SurveyAnswered, SurveyDeclined)
    known = surveys.known(conn, sitter.external_userid) if sitter.external_userid else NOTHING_KNOWN
    stored = _stored(conn, sitter, wording, known, now)
    survey = wording if stored is None else surveys.survey(conn, stored.survey_id, stored.version) or wording
    if survey is None:
        return None
    run = stored or _new(sitter, survey, now)
    known = forgotten(survey, run, known)  # what its own answers teach is in the run, the corrected ones too
    run = concluded(survey, _caught_up(survey, run, waiting, known), known, now)
    return View(survey, run, next_question(survey, run, known, now), _left(survey, run, known, now))


def _stored(conn: Connection, sitter: Sitter, wording: Survey | None, known: Known, now: int) -> SurveyRun | None:
    """The run to go on with: the one under way, else the last one, else the one that asks it once more."""
    if sitter.external_userid is None:
        return surveys.run(conn, sitter.run_id or "")
    mine = [r for r in surveys.runs_of(conn, sitter.external_userid) if r.survey_id == sitter.survey_id]
    last = next((r for r in mine if r.under_way), mine[0] if mine else None)
    return (again(wording, last, known, now) if wording and last else None) or last


def _new(sitter: Sitter, survey: Survey, now: int) -> SurveyRun:
    run_id = sitter.run_id or new_run_id(survey.id, sitter.external_userid or "", 0)
    return begin(survey, run_id, external_userid=sitter.external_userid, userid=sitter.userid, now=now)


def _caught_up(survey: Survey, run: SurveyRun, waiting: Iterable[SurveySaid], known: Known) -> SurveyRun:
    """The run with what its handler will see in a moment; each change is a revision, as it will be once it is kept."""
    for said in waiting:
        after = _heard(survey, run, said, known) if said.survey_id == run.survey_id else run
        run = after if after == run else replace(after, revision=run.revision + 1)
    return run


def _heard(survey: Survey, run: SurveyRun, said: SurveySaid, known: Known) -> SurveyRun:
    if isinstance(said, SurveyDeclined):
        return ended(run, "declined", said.created_at)
    question = survey.question(said.question_id)
    meaning = understand_form(question, said.values) if question else None
    if question is None or not isinstance(meaning, Understood):
        return run
    if said.corrects:
        return corrected(survey, run, question, meaning.values, said.surface, known, said.created_at)
    return answered(run, question, meaning.values, said.surface, said.created_at)


def _left(survey: Survey, run: SurveyRun, known: Known, now: int) -> int:
    """How many questions come when each is skipped: a guess, since an answer may open a branch."""
    count = 0
    while question := next_question(survey, run, known, now):
        run = answered(run, question, (), "H5", now)
        count += 1
    return count

"""A survey as staff wrote it, one person's run through it, and which question comes next.

Pure: a run is a value, and every step makes a new one. The same answers lead the same way on every surface:

    question = next_question(survey, run, known, now)      what to ask; None: nothing is left
    run = answered(run, question, values, "H5", now)       the first answer to a question counts
    run = concluded(survey, run, known, now)               done as soon as nothing is left
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from bot.scrm.who import EVERYONE, Who

QuestionType = Literal["单选", "多选", "文字", "数字", "日期", "手机号"]
Surface = Literal["客服", "H5", "侧边栏"]
Start = Literal["加好友", "手动"]
RunState = Literal["offered", "open", "done", "declined", "expired", "taken_over"]
"""offered: brought to somebody who has said nothing yet; open: begun; taken_over: a person talks, we are silent."""

CHOICES: Final = ("单选", "多选")
SURFACES: Final[tuple[Surface, ...]] = ("客服", "H5", "侧边栏")
UNDER_WAY: Final = ("offered", "open")
TAKES_ANSWERS: Final = ("offered", "open", "taken_over")
"""After a takeover nothing is asked any more, but what the customer says by themselves still counts."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `tag`: what the person is then tagged with; `also`: other ways to type it."""

    say: str
    tag: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers, or dates written 2026-12-01, below this (exclusive) get this tag. `below` None: all the rest."""

    tag: str
    below: int | float | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `save`: the profile field that keeps the answer; `ask_again_seconds`: how long it holds (None: for
    good); `why`: what the answer is for, shown with the question."""

    id: str
    ask: str
    type: QuestionType
    options: tuple[Option, ...] = ()
    bands: tuple[Band, ...] = ()
    only_if: Who = EVERYONE
    save: str | None = None
    required: bool = False
    ask_again_seconds: int | None = None
    why: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag that an answer can set."""
        return tuple(o.tag for o in self.options if o.tag) + tuple(b.tag for b in self.bands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A few questions to one person. `remind_seconds`: after how long without an end to remind, at most twice.

    `existing`: whether people we knew before are asked too. `remark`: whether answers go into the guide's remark.
    `gift`: the offer for whoever comes to its end.
    """

    id: str
    title: str
    intro: str
    consent: str
    thanks: str
    questions: tuple[Question, ...]
    start: Start = "加好友"
    who: Who = EVERYONE
    existing: bool = False
    surfaces: tuple[Surface, ...] = SURFACES
    expires_seconds: int = 7 * 24 * 3600
    remind_seconds: tuple[int, ...] = (24 * 3600,)
    remark: bool = False
    gift: str | None = None

    @property
    def version(self) -> str:
        """Names this very wording: a run keeps the one that it began with."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def question(self, question_id: str) -> Question | None:
        """The question with this id."""
        return next((q for q in self.questions if q.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: choices as their `say`, numbers and dates written plainly; no values: skipped."""

    question_id: str
    values: tuple[str, ...]
    surface: Surface
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRun:
    """One person going through one survey.

    `version`: of the survey's wording. `external_userid` None: somebody whom nobody knows, by a forwarded link.
    `userid`: the guide who is told. `open_kfid`: where it is asked in chat, if it is. `asked_id`, `asked_times`: the
    question last asked in chat, and how often. `remind_at`: when the next reminder is due. `revision` guards changes.
    """

    run_id: str
    survey_id: str
    version: str
    external_userid: str | None
    userid: str | None
    state: RunState
    started_at: int
    expires_at: int
    answers: tuple[Answer, ...] = ()
    open_kfid: str = ""
    asked_id: str = ""
    asked_times: int = 0
    reminded: int = 0
    remind_at: int | None = None
    ended_at: int | None = None
    revision: int = 1

    def answer(self, question_id: str) -> Answer | None:
        """The answer to a question, a skip included."""
        return next((a for a in self.answers if a.question_id == question_id), None)

    @property
    def under_way(self) -> bool:
        """Whether it still asks. After a takeover it asks no more, and yet takes answers."""
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of a person since `at`. `by_hand`: a person said so, and the system never overrules it.
    `survey`: the id of the survey that learnt it; empty: it was told otherwise."""

    value: str
    at: int
    by_hand: bool = False
    survey: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person: tag "组/名" → fact, profile field → fact; and what finished surveys asked them,
    "survey/question" → when it was answered or skipped."""

    tags: Mapping[str, Fact] = field(default_factory=dict)
    fields: Mapping[str, Fact] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)


NOTHING_KNOWN = Known()


def begin(
    survey: Survey,
    run_id: str,
    *,
    external_userid: str | None,
    userid: str | None,
    now: int,
    state: RunState = "offered",
) -> SurveyRun:
    """A new run. `now`: epoch seconds."""
    return SurveyRun(
        run_id=run_id,
        survey_id=survey.id,
        version=survey.version,
        external_userid=external_userid,
        userid=userid,
        state=state,
        started_at=now,
        expires_at=now + survey.expires_seconds,
        remind_at=_remind_at(survey, now, now),
    )


def new_run_id(survey_id: str, external_userid: str, at: int) -> str:
    """The id of the run that something at `at` begins: the same however often that is handled."""
    return hashlib.sha256(f"{survey_id}/{external_userid}/{at}".encode()).hexdigest()[:16]


def next_question(survey: Survey, run: SurveyRun, known: Known, now: int) -> Question | None:
    """The first question that is meant for this person, not answered, and whose answer is not known anyway."""
    if run.state not in TAKES_ANSWERS:
        return None
    own = tags_of_run(survey, run)
    tags = {*known.tags, *own}
    open_ones = (q for q in survey.questions if run.answer(q.id) is None and q.only_if.tags_hold(tags))
    return next((q for q in open_ones if own.isdisjoint(q.tags) and not _is_known(survey, q, known, now)), None)


def answered(run: SurveyRun, question: Question, values: tuple[str, ...], surface: Surface, at: int) -> SurveyRun:
    """The run with this answer; the same run when the question has one already, or the run takes none any more."""
    if run.state not in TAKES_ANSWERS or run.answer(question.id) is not None:
        return run
    state: RunState = "open" if run.state == "offered" else run.state
    return replace(run, answers=(*run.answers, Answer(question.id, values, surface, at)), state=state)


def concluded(survey: Survey, run: SurveyRun, known: Known, now: int) -> SurveyRun:
    """The run, done when it has begun and no question is left."""
    if run.state not in TAKES_ANSWERS or not run.answers or next_question(survey, run, known, now):
        return run
    return ended(run, "done", now)


def ended(run: SurveyRun, state: RunState, at: int) -> SurveyRun:
    """The run after its end, for whatever reason; one that has ended stays as it is."""
    if run.state not in TAKES_ANSWERS or run.state == state:
        return run
    return replace(run, state=state, ended_at=at, remind_at=None)


def asked(run: SurveyRun, question: Question, open_kfid: str) -> SurveyRun:
    """The run after a question was asked in chat (once more)."""
    times = run.asked_times + 1 if run.asked_id == question.id else 1
    return replace(run, asked_id=question.id, asked_times=times, open_kfid=open_kfid)


def reminded(survey: Survey, run: SurveyRun, now: int) -> SurveyRun:
    """The run after one of its reminders went out."""
    return replace(not_reminded(survey, run, now), reminded=run.reminded + 1)


def not_reminded(survey: Survey, run: SurveyRun, now: int) -> SurveyRun:
    """The run after the time of a reminder came, and nobody could ask: it waits for the next time."""
    return replace(run, remind_at=_remind_at(survey, run.started_at, now))


def tags_of_run(survey: Survey, run: SurveyRun) -> frozenset[str]:
    """Every tag that the answers so far stand for."""
    pairs = ((survey.question(a.question_id), a.values) for a in run.answers)
    return frozenset(tag for question, values in pairs if question for tag in tags_for(question, values))


def tags_for(question: Question, values: tuple[str, ...]) -> tuple[str, ...]:
    """The tags that an answer sets."""
    if question.type in CHOICES:
        return tuple(o.tag for o in question.options if o.tag and o.say in values)
    return tuple(tag for value in values if (tag := _band(question, value)))


def _band(question: Question, value: str) -> str | None:
    number = question.type == "数字"
    for band in question.bands:
        if band.below is None or (float(value) < float(band.below) if number else value < str(band.below)):
            return band.tag
    return None


def again(survey: Survey, last: SurveyRun, known: Known, now: int) -> SurveyRun | None:
    """The run in which a finished survey asks once more what holds no longer (`ask_again`); None while all holds.

    Whoever comes upon it first begins it, and everybody who comes upon it means the same one.
    """
    aged = any(_aged(q, known.asked.get(f"{survey.id}/{q.id}"), now) for q in survey.questions)
    if last.state != "done" or last.external_userid is None or not aged:
        return None
    run_id = new_run_id(f"{survey.id}/again", last.external_userid, last.ended_at or 0)
    run = begin(survey, run_id, external_userid=last.external_userid, userid=last.userid, now=now)
    return run if next_question(survey, run, known, now) else None


def _aged(question: Question, at: int | None, now: int) -> bool:
    return at is not None and question.ask_again_seconds is not None and at < now - question.ask_again_seconds


def _is_known(survey: Survey, question: Question, known: Known, now: int) -> bool:
    """A tag of its options or its profile field was there before, or it was asked before, and that is not too old."""
    since = 0 if question.ask_again_seconds is None else now - question.ask_again_seconds
    facts = [known.tags[tag] for tag in question.tags if tag in known.tags]
    if question.save and question.save in known.fields:
        facts.append(known.fields[question.save])
    asked_at = known.asked.get(f"{survey.id}/{question.id}", -1)
    return asked_at >= since or any(fact.by_hand or fact.at >= since for fact in facts)


def _remind_at(survey: Survey, started_at: int, now: int) -> int | None:
    """The first time to remind that is not over; one put off past the next is not followed by that one at once."""
    return min((at for seconds in survey.remind_seconds if (at := started_at + seconds) > now), default=None)

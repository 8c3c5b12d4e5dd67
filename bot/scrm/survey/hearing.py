"""What a message in 微信客服 is to a survey: an answer, a near miss, a no; or nothing, and then others see to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.events.kf import KfMessageReceived
from bot.scrm.facts import Facts
from bot.scrm.handover import asks_for_a_person, wants_nobody
from bot.scrm.survey.answers import NearMiss, Understood, declines, menu_place, understand
from bot.scrm.survey.lookup import asked_here
from bot.scrm.survey.run import Question, Survey, SurveyRun
from bot.scrm.survey.talk import MOST_ASKED

Said = Understood | NearMiss | Literal["declined", "again"]
"""again: a tap on a question that has its answer."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to which question of a run (None: to none of them)."""

    survey: Survey
    run: SurveyRun
    question: Question | None
    said: Said

    @property
    def left(self) -> bool:
        """Whether it was meant as an answer, and the question was put often enough: nothing more is said about it."""
        return isinstance(self.said, NearMiss) and not (self.run.under_way and self.run.asked_times < MOST_ASKED)


async def hear(event: KfMessageReceived, facts: Facts) -> Heard | None:
    """How a survey understands a message; None: not at all."""
    tapped = menu_place(event.menu_id)
    if event.history or (event.menu_id and not tapped) or (not tapped and _about_people(event.text)):
        return None
    if tapped:
        run = await facts.surveys.run(tapped[0])
    else:
        run = await asked_here(event.external_userid, event.open_kfid, facts)
    survey = await facts.surveys.worded(run) if run else None
    if run is None or survey is None or run.external_userid != event.external_userid:
        return None
    question = survey.question(tapped[1] if tapped else run.asked_id)
    said = _said(event, run, question)
    return Heard(survey, run, question, said) if said else None


def _about_people(text: str) -> bool:
    return asks_for_a_person(text) or wants_nobody(text)


def _said(event: KfMessageReceived, run: SurveyRun, question: Question | None) -> Said | None:
    if not event.menu_id and declines(event.text, question):
        return "declined"
    if question is None:
        return None
    if run.answer(question.id) is not None:
        return "again" if event.menu_id and run.under_way else None
    return understand(question, event.text, event.menu_id)

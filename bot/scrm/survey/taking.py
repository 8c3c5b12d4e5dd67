"""What an answer, or another one in its place, does to a run and to what we know of the person."""

from __future__ import annotations

from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.survey.correction import corrected, forgotten
from bot.scrm.survey.effects import effects, remarked, taken_back
from bot.scrm.survey.lookup import answerer
from bot.scrm.survey.run import NOTHING_KNOWN, Question, Surface, Survey, SurveyRun, answered, concluded


async def take(
    survey: Survey,
    run: SurveyRun,
    question: Question,
    values: tuple[str, ...],
    surface: Surface,
    at: int,
    facts: Facts,
) -> tuple[SurveyRun, Decision]:
    """The run after an answer, and what we learn by it; the same run when it takes none."""
    after = answered(run, question, values, surface, at)
    if after == run:
        return run, Decision()
    if run.external_userid is None:
        return concluded(survey, after, NOTHING_KNOWN, facts.now), Decision()
    who = await answerer(run.external_userid, facts)
    after = concluded(survey, after, who.known, facts.now)
    learnt = effects(survey, question, values, who, facts.content.taxonomy, at)
    return after, learnt + remarked(survey, after, who)


async def correct(
    survey: Survey,
    run: SurveyRun,
    question: Question,
    values: tuple[str, ...],
    surface: Surface,
    at: int,
    facts: Facts,
) -> tuple[SurveyRun, Decision]:
    """The run after an answer was changed, what we learn by the new one, and what we knew by the old ones no more."""
    if run.external_userid is None:
        after = corrected(survey, run, question, values, surface, NOTHING_KNOWN, at)
        return concluded(survey, after, NOTHING_KNOWN, facts.now), Decision()
    who = await answerer(run.external_userid, facts)
    after = corrected(survey, run, question, values, surface, who.known, at)
    if after == run:
        return run, Decision()
    after = concluded(survey, after, forgotten(survey, run, who.known), facts.now)
    who, decision = taken_back(survey, run, after, who, facts.content.taxonomy, at)
    if after.answer(question.id):  # else it is not meant for them any more, and teaches nothing
        decision += effects(survey, question, values, who, facts.content.taxonomy, at)
    return after, decision + remarked(survey, after, who)

"""An answer changed before the end, where it was given; and what falls with the old one.

Pure, as `run`: the page and the handler put a correction together by the same functions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.scrm.survey.run import Answer, Fact, Known, Question, Surface, Survey, SurveyRun, tags_of_run


def correctable(run: SurveyRun, question: Question, surface: Surface) -> bool:
    """Whether the answer to a question may be changed here: nobody changes what was said elsewhere, or is over."""
    given = run.answer(question.id)
    return run.under_way and given is not None and given.surface == surface


def corrected(
    survey: Survey, run: SurveyRun, question: Question, values: tuple[str, ...], surface: Surface, known: Known, at: int
) -> SurveyRun:
    """The run with another answer in the old one's place, and without those that somebody who had answered like this
    from the beginning would not have been asked for.

    The same run when nothing may be changed, or nothing changes.
    """
    given = run.answer(question.id)
    if given is None or given.values == values or not correctable(run, question, surface):
        return run
    changed = replace(given, values=values, at=at)
    answers = tuple(changed if answer is given else answer for answer in run.answers)
    return _straight(survey, replace(run, answers=answers), forgotten(survey, run, known))


def withdrawn(before: SurveyRun, after: SurveyRun) -> tuple[Answer, ...]:
    """The answers that do not stand any more."""
    return tuple(answer for answer in before.answers if answer not in after.answers)


def forgotten(survey: Survey, run: SurveyRun, known: Known) -> Known:
    """What is known apart from what the answers of this run taught; what a hand, a channel or another survey told
    stays, though it was answered alike."""
    questions = (survey.question(answer.question_id) for answer in run.answers)
    fields = {question.save for question in questions if question and question.save}
    tags = _without(survey, known.tags, tags_of_run(survey, run))
    return replace(known, tags=tags, fields=_without(survey, known.fields, fields))


def _without(survey: Survey, facts: Mapping[str, Fact], names: Collection[str]) -> dict[str, Fact]:
    return {name: fact for name, fact in facts.items() if fact.survey != survey.id or name not in names}


def _straight(survey: Survey, run: SurveyRun, known: Known) -> SurveyRun:
    """Question after question in the survey's order, each judged by what stands before it: an answer neither closes
    nor opens its own question, and no two hold each other open."""
    straight = replace(run, answers=())
    while following := _following(survey, run, straight, known):
        straight = replace(straight, answers=(*straight.answers, following))
    return replace(run, answers=tuple(answer for answer in run.answers if answer in straight.answers))


def _following(survey: Survey, run: SurveyRun, straight: SurveyRun, known: Known) -> Answer | None:
    """The next of a run's answers on the straight way through the survey."""
    tags = {*known.tags, *tags_of_run(survey, straight)}
    ahead = (q.id for q in survey.questions if straight.answer(q.id) is None and q.only_if.tags_hold(tags))
    return next((answer for question_id in ahead if (answer := run.answer(question_id))), None)

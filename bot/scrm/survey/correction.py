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
    """The run with another answer in the old one's place, and without those that only the old one had opened.

    The same run when nothing may be changed, or nothing changes.
    """
    given = run.answer(question.id)
    if given is None or given.values == values or not correctable(run, question, surface):
        return run
    changed = replace(given, values=values, at=at)
    answers = tuple(changed if answer is given else answer for answer in run.answers)
    bare = forgotten(survey, run, known)
    opened = _meant(survey, run, bare)
    return _still_meant(survey, replace(run, answers=answers), bare, opened)


def withdrawn(before: SurveyRun, after: SurveyRun) -> tuple[Answer, ...]:
    """The answers that do not stand any more."""
    return tuple(answer for answer in before.answers if answer not in after.answers)


def forgotten(survey: Survey, run: SurveyRun, known: Known) -> Known:
    """What is known apart from what the answers of this run taught; what a hand set stays."""
    questions = (survey.question(answer.question_id) for answer in run.answers)
    fields = {question.save for question in questions if question and question.save}
    return replace(known, tags=_without(known.tags, tags_of_run(survey, run)), fields=_without(known.fields, fields))


def _without(facts: Mapping[str, Fact], names: Collection[str]) -> dict[str, Fact]:
    return {name: fact for name, fact in facts.items() if fact.by_hand or name not in names}


def _meant(survey: Survey, run: SurveyRun, known: Known) -> frozenset[str]:
    """The questions that are meant for somebody who answered like this."""
    tags = {*known.tags, *tags_of_run(survey, run)}
    return frozenset(question.id for question in survey.questions if question.only_if.tags_hold(tags))


def _still_meant(survey: Survey, run: SurveyRun, known: Known, opened: frozenset[str]) -> SurveyRun:
    """Without answers to questions that were open and are not any more; and without what those had opened."""
    closed = opened - _meant(survey, run, known)
    answers = tuple(answer for answer in run.answers if answer.question_id not in closed)
    return run if answers == run.answers else _still_meant(survey, replace(run, answers=answers), known, opened)

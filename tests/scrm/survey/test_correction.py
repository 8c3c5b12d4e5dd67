"""An answer changed before the end."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.survey.correction import correctable, corrected, forgotten, withdrawn
from bot.scrm.survey.run import (
    NOTHING_KNOWN,
    Fact,
    Known,
    Option,
    Question,
    SurveyRun,
    answered,
    ended,
    next_question,
)
from bot.scrm.who import Who
from tests.scrm.survey.test_run import AGE, NOW, RUN, SKIN, SURVEY, WHEN

LATER = NOW + 60


def sensitive() -> SurveyRun:
    """The branch open and answered."""
    return answered(answered(RUN, SKIN, ("红",), "H5", NOW), WHEN, ("换季",), "H5", NOW)


def test_what_the_old_answer_opened_goes_with_it() -> None:
    """Also when the store still carries the old tag; but a hand's tag, or another survey's, keeps the branch open."""
    for known in (NOTHING_KNOWN, Known(tags={"肤质/敏感肌": Fact("肤质/敏感肌", NOW, survey=SURVEY.id)})):
        after = corrected(SURVEY, sensitive(), SKIN, ("干",), "H5", known, LATER)
        assert [(a.question_id, a.values, a.at) for a in after.answers] == [("skin", ("干",), LATER)]
        assert {a.question_id for a in withdrawn(sensitive(), after)} == {"skin", "when"}
    for told in (Fact("肤质/敏感肌", NOW, by_hand=True), Fact("肤质/敏感肌", NOW, survey="another")):
        after = corrected(SURVEY, sensitive(), SKIN, ("干",), "H5", Known(tags={told.value: told}), LATER)
        assert [a.question_id for a in after.answers] == ["skin", "when"]


def test_only_where_it_was_given_and_before_the_end() -> None:
    """Neither elsewhere, nor what has no answer, nor when all is over; the same answer is no change."""
    run = sensitive()
    assert corrected(SURVEY, run, SKIN, ("干",), "侧边栏", NOTHING_KNOWN, LATER) is run
    assert corrected(SURVEY, run, AGE, ("20",), "H5", NOTHING_KNOWN, LATER) is run
    assert corrected(SURVEY, run, SKIN, ("红",), "H5", NOTHING_KNOWN, LATER) is run
    over = ended(run, "declined", NOW)
    assert corrected(SURVEY, over, SKIN, ("干",), "H5", NOTHING_KNOWN, LATER) is over
    assert correctable(run, SKIN, "H5") and not correctable(replace(run, state="taken_over"), SKIN, "H5")


def test_what_was_taught_by_the_old_answers_is_not_known() -> None:
    """Else a question that opens anew would count as answered."""
    known = Known(tags={"诱因/换季": Fact("诱因/换季", NOW, survey=SURVEY.id)}, fields={"年龄": Fact("20", NOW)})
    closed = corrected(SURVEY, sensitive(), SKIN, ("干",), "H5", known, LATER)
    opened = corrected(SURVEY, closed, SKIN, ("红",), "H5", known, LATER)
    bare = forgotten(SURVEY, sensitive(), known)
    assert bare.tags == {} and bare.fields == known.fields
    question = next_question(SURVEY, opened, bare, LATER)
    assert question and question.id == "when"


def test_an_answer_does_not_close_its_own_question() -> None:
    """A question for those without a tag that its answer sets: straight the answer stands, so it does corrected."""
    skin = replace(SKIN, only_if=Who(tags_none=("肤质/干性",)))
    survey = replace(SURVEY, questions=(skin, WHEN, AGE))
    run = answered(RUN, skin, ("不清楚",), "H5", NOW)
    after = corrected(survey, run, skin, ("干",), "H5", NOTHING_KNOWN, LATER)
    assert [(a.question_id, a.values) for a in after.answers] == [("skin", ("干",))]


def test_what_was_asked_before_the_tag_that_rules_it_out_stands() -> None:
    """As it does for somebody who went straight through."""
    age = replace(AGE, only_if=Who(tags_none=("肤质/干性",)))
    survey = replace(SURVEY, questions=(age, SKIN, WHEN))
    run = answered(answered(RUN, age, ("20",), "H5", NOW), SKIN, ("不清楚",), "H5", NOW)
    after = corrected(survey, run, SKIN, ("干",), "H5", NOTHING_KNOWN, LATER)
    assert {a.question_id for a in after.answers} == {"age", "skin"}


def test_two_answers_do_not_hold_each_other_open() -> None:
    """Both fall with the one that had opened them."""
    opens = (Option("是", "肤质/敏感肌"),)
    twice = Question(id="twice", ask="又？", type="单选", options=opens, only_if=Who(tags_any=("诱因/换季",)))
    survey = replace(SURVEY, questions=(SKIN, WHEN, twice))
    run = answered(sensitive(), twice, ("是",), "H5", NOW)
    after = corrected(survey, run, SKIN, ("干",), "H5", NOTHING_KNOWN, LATER)
    assert [a.question_id for a in after.answers] == ["skin"]

"""A run through a survey, step by step."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from bot.scrm.survey.run import (
    NOTHING_KNOWN,
    Band,
    Fact,
    Known,
    Option,
    Question,
    Survey,
    SurveyRun,
    again,
    answered,
    asked,
    begin,
    concluded,
    ended,
    new_run_id,
    next_question,
    reminded,
    tags_for,
)
from bot.scrm.survey.talk import HEAD_BYTES, message
from bot.scrm.who import Who

NOW, DAY = 1_795_000_000, 86_400
SKIN = Question(
    id="skin",
    ask="哪种？",
    type="单选",
    options=(Option("干", "肤质/干性"), Option("红", "肤质/敏感肌"), Option("不清楚")),
)
WHEN = Question(
    id="when",
    ask="何时？",
    type="多选",
    options=(Option("换季", "诱因/换季"),),
    only_if=Who(tags_any=("肤质/敏感肌",)),
)
AGE = Question(
    id="age",
    ask="多大？",
    type="数字",
    save="年龄",
    bands=(Band("年龄/未成年", 18), Band("年龄/成年")),
    ask_again_seconds=DAY,
)
SURVEY = Survey(id="s", title="题", intro="开", consent="同意", thanks="谢", questions=(SKIN, WHEN, AGE))
RUN = begin(SURVEY, "r1", external_userid="wm-1", userid="g", now=NOW)


def ask(run: SurveyRun, known: Known = NOTHING_KNOWN, now: int = NOW) -> str | None:
    question = next_question(SURVEY, run, known, now)
    return question.id if question else None


def test_a_branch_opens_by_an_answer_or_by_what_is_known() -> None:
    """Only the sensitive are asked when; a tag from before opens it as well."""
    assert ask(RUN) == "skin"
    assert ask(answered(RUN, SKIN, ("干",), "H5", NOW)) == "age"
    assert ask(answered(RUN, SKIN, ("红",), "H5", NOW)) == "when"
    assert ask(answered(RUN, SKIN, (), "H5", NOW)) == "age"
    assert ask(RUN, Known({"肤质/敏感肌": Fact("肤质/敏感肌", NOW)})) == "when"


def test_what_is_known_is_asked_again_when_it_has_aged() -> None:
    """Unless a hand set it."""
    run = answered(RUN, SKIN, ("干",), "H5", NOW)
    old = NOW - DAY - 1
    assert ask(run, Known(fields={"年龄": Fact("20", NOW)})) is None
    assert ask(run, Known(fields={"年龄": Fact("20", old)})) == "age"
    assert ask(run, Known(fields={"年龄": Fact("20", old, by_hand=True)})) is None
    assert ask(run, Known(tags={"年龄/成年": Fact("年龄/成年", old)})) == "age"
    assert ask(RUN, Known(tags={"肤质/干性": Fact("肤质/干性", 0)})) == "age"


def test_the_first_answer_counts() -> None:
    """The same or another one, again or late, changes nothing."""
    once = answered(RUN, SKIN, ("干",), "H5", NOW)
    assert once.state == "open"
    assert answered(once, SKIN, ("红",), "客服", NOW + 5) is once


def test_a_run_is_done_when_nothing_is_left() -> None:
    """Skips count as answers; an offer that nobody took is not done by itself."""
    run = answered(answered(RUN, SKIN, (), "H5", NOW), AGE, ("25",), "客服", NOW)
    assert concluded(SURVEY, run, NOTHING_KNOWN, NOW + 5).state == "done"
    assert concluded(SURVEY, RUN, NOTHING_KNOWN, NOW) is RUN


def done(at: int = NOW) -> tuple[SurveyRun, Known]:
    """A run that is done, and what is known by it."""
    run = answered(answered(RUN, SKIN, ("不清楚",), "H5", at), AGE, (), "H5", at)
    run = concluded(SURVEY, run, NOTHING_KNOWN, at)
    return run, Known(asked={f"s/{a.question_id}": a.at for a in run.answers})


def test_a_finished_survey_asks_again_what_has_aged() -> None:
    """Only questions with a span, skipped ones too, and only once their span is over; everybody means the same run."""
    run, known = done()
    assert run.state == "done" and again(SURVEY, run, known, NOW + DAY) is None
    anew = again(SURVEY, run, known, NOW + DAY + 1)
    assert anew and anew == replace(anew, run_id=again(SURVEY, run, known, NOW + 9 * DAY).run_id)  # type: ignore[union-attr]
    assert ask(anew, known, NOW + DAY + 1) == "age"
    assert ask(answered(anew, AGE, ("20",), "H5", NOW), known, NOW + DAY + 1) is None


def test_nobody_is_asked_again_who_did_not_finish() -> None:
    """Who declined or let it expire said enough; a hand's word holds for good; nobody is nobody."""
    run, known = done()
    late = NOW + 9 * DAY
    for state in ("declined", "expired", "taken_over", "open", "offered"):
        assert again(SURVEY, replace(run, state=state), known, late) is None  # type: ignore[arg-type]
    by_hand = replace(known, fields={"年龄": Fact("30", NOW, by_hand=True)})
    assert again(SURVEY, run, by_hand, late) is None
    assert again(SURVEY, replace(run, external_userid=None), known, late) is None


def test_an_end_is_an_end() -> None:
    """After a no or the time, no answer is taken and no end replaces another; after a takeover answers still count."""
    declined = ended(RUN, "declined", NOW)
    assert declined.remind_at is None
    assert answered(declined, SKIN, ("干",), "H5", NOW) is declined
    assert ended(declined, "expired", NOW + 5) is declined
    assert ask(declined) is None
    taken = answered(ended(RUN, "taken_over", NOW), SKIN, ("干",), "客服", NOW)
    assert taken.state == "taken_over" and len(taken.answers) == 1


def test_bands_say_which_tag_a_number_gets() -> None:
    """Below is exclusive, and the last band takes the rest; dates are compared as dates."""
    assert [tags_for(AGE, (n,)) for n in ("17", "17.9", "18", "100")] == [
        ("年龄/未成年",),
        ("年龄/未成年",),
        ("年龄/成年",),
        ("年龄/成年",),
    ]
    born = replace(AGE, type="日期", bands=(Band("年龄/成年", "2008-01-01"),))
    assert tags_for(born, ("2007-12-31",)) == ("年龄/成年",) and tags_for(born, ("2008-01-01",)) == ()


def test_reminders_come_as_often_as_written() -> None:
    """Counted from the beginning of the run; one that was put off is not followed by the next at once."""
    survey = replace(SURVEY, remind_seconds=(3600, 7200))
    run = begin(survey, "r", external_userid="wm-1", userid=None, now=NOW)
    assert run.remind_at == NOW + 3600
    assert reminded(survey, run, NOW + 3600).remind_at == NOW + 7200
    assert reminded(survey, run, NOW + 9000).remind_at is None
    assert reminded(survey, reminded(survey, run, NOW + 3600), NOW + 7200).remind_at is None


def test_a_run_survives_as_json() -> None:
    """All of it, answers included."""
    adapter = TypeAdapter(SurveyRun)
    run = asked(answered(RUN, SKIN, ("干",), "客服", NOW), AGE, "wk-1")
    assert adapter.validate_json(adapter.dump_json(run)) == run
    kept = TypeAdapter(Survey)
    assert kept.validate_json(kept.dump_json(SURVEY)) == SURVEY
    assert kept.validate_json(kept.dump_json(SURVEY)).version == SURVEY.version


def test_the_same_beginning_has_the_same_id() -> None:
    """However often it is handled."""
    assert new_run_id("s", "wm-1", NOW) == new_run_id("s", "wm-1", NOW) != new_run_id("s", "wm-2", NOW)


def test_a_menu_keeps_to_wecoms_limits() -> None:
    """The question stands whole, and a long greeting gives way; ten lines at most; short ids and lines."""
    options = tuple(Option("长" * 14) for _ in range(9))
    longest = replace(SKIN, id="q" * 30, ask="问" * 40, options=options, why="因" * 60)
    said = message(SURVEY, RUN, longest, lead="你好" * 400)
    assert len(said.text.encode()) <= HEAD_BYTES and said.text.endswith(f"{longest.ask}\n{longest.why}")
    assert len(said.menu) == 10
    assert all(len(item.id.encode()) <= 64 and len(item.say.encode()) <= 128 for item in said.menu)

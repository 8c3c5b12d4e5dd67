"""What the clock brings about for surveys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.flow.survey_due import due_surveys
from bot.scrm.events import OwnEvent
from bot.scrm.events.survey import SurveyExpiryDue, SurveyReminderDue
from bot.scrm.records.survey import OpenSurveyRun, SaveSurveyRun
from bot.scrm.survey.run import Option, Question, Survey, SurveyRun, begin
from bot.store import inbox, records
from bot.store.database import Database

NOW = 1_795_000_000
SURVEY = Survey(
    id="s",
    title="题",
    intro="开",
    consent="同意",
    thanks="谢",
    questions=(Question(id="q", ask="？", type="单选", options=(Option("甲"), Option("乙"))),),
)
RUN = begin(SURVEY, "r1", external_userid="wm-1", userid="g", now=NOW)


async def kept(database: Database, due: list[tuple[OwnEvent, str]]) -> int:
    """How many events lie in the inbox after these were put there."""
    arrivals = [inbox.own_arrival(event, cause=cause) for event, cause in due]
    await database.write(partial(inbox.put, arrivals=arrivals))
    return len(await database.read(partial(inbox.waiting, now=9**10, after=0, limit=100)))


async def save(database: Database, run: SurveyRun, *, new: bool = False) -> None:
    record = OpenSurveyRun(run=run, survey=SURVEY) if new else SaveSurveyRun(run=run)
    await database.write(lambda conn: records.apply(conn, 1, record))


async def test_a_reminder_is_due_once_until_it_is_put_off(database: Database) -> None:
    """Many ticks find it, the inbox keeps one; another time is another reminder."""
    await save(database, RUN, new=True)
    assert RUN.remind_at and not await due_surveys(database, RUN.remind_at - 1)
    for tick in range(3):
        [due] = await due_surveys(database, RUN.remind_at + tick * 15)
        assert isinstance(due[0], SurveyReminderDue) and (due[0].nth, due[0].line) == (0, "customer/wm-1")
        assert await kept(database, [due]) == 1
    later = RUN.remind_at + 3600
    await save(database, replace(RUN, remind_at=later))
    assert not await due_surveys(database, later - 1)
    assert await kept(database, await due_surveys(database, later)) == 2


async def test_an_end_is_due_when_the_time_is_over(database: Database) -> None:
    """Then nobody is reminded any more."""
    await save(database, RUN, new=True)
    [(event, _)] = await due_surveys(database, RUN.expires_at)
    assert isinstance(event, SurveyExpiryDue) and event.run_id == "r1"

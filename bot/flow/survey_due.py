"""Surveys whose reminder or end is due."""

from __future__ import annotations

from functools import partial

from bot.scrm.events import OwnEvent
from bot.scrm.events.survey import SurveyExpiryDue, SurveyReminderDue
from bot.scrm.survey.run import SurveyRun
from bot.store import surveys
from bot.store.database import Database


async def due_surveys(database: Database, now: int) -> list[tuple[OwnEvent, str]]:
    """Each event with its cause, which keeps it once; a reminder put off has another time, so another cause."""
    remind = await database.read(partial(surveys.due_reminders, now=now))
    expire = await database.read(partial(surveys.due_ends, now=now))
    due: list[tuple[OwnEvent, str]] = [
        (_reminder(run, now), f"survey/remind/{run.run_id}/{run.remind_at}") for run in remind
    ]
    return [*due, *((_expiry(run, now), f"survey/expire/{run.run_id}") for run in expire)]


def _reminder(run: SurveyRun, now: int) -> SurveyReminderDue:
    return SurveyReminderDue(
        created_at=now,
        run_id=run.run_id,
        survey_id=run.survey_id,
        external_userid=run.external_userid,
        userid=run.userid,
        nth=run.reminded,
    )


def _expiry(run: SurveyRun, now: int) -> SurveyExpiryDue:
    return SurveyExpiryDue(
        created_at=now,
        run_id=run.run_id,
        survey_id=run.survey_id,
        external_userid=run.external_userid,
        userid=run.userid,
    )

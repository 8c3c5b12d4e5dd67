"""Surveys: each wording that was ever used, each person's run, and what they said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, text

from bot.store.tables.columns import Table, partial_index, personal, plain

UNDER_WAY, REMINDING = text("state IN ('offered', 'open')"), text("remind_at IS NOT NULL")


class SurveyVersions(Table, table=True):
    """A survey as it was worded when a run began: a later edit does not break what is under way."""

    __tablename__ = "survey_versions"
    survey_id: str = plain(primary_key=True)
    version: str = plain(primary_key=True)
    body: dict[str, Any] = plain(JSON)


class SurveyRuns(Table, table=True):
    """One person going through one survey; one of each survey under way at most."""

    __tablename__ = "survey_runs"
    __table_args__ = (
        partial_index(
            "survey_runs_under_way",
            "external_userid",
            "survey_id",
            unique=True,
            where=UNDER_WAY,
        ),
        partial_index("survey_runs_remind", "remind_at", where=REMINDING),
        partial_index("survey_runs_expire", "expires_at", where=UNDER_WAY),
    )
    run_id: str = personal(primary_key=True)
    survey_id: str = plain()
    version: str = plain()
    person_id: int | None = plain(BigInteger, default=None, index=True)
    external_userid: str | None = personal(default=None, index=True)
    userid: str | None = personal(default=None)
    state: str = plain()
    started_at: int = plain(BigInteger)
    expires_at: int = plain(BigInteger)
    open_kfid: str = plain(default="")
    asked_id: str = plain(default="")
    asked_times: int = plain(default=0)
    reminded: int = plain(default=0)
    remind_at: int | None = plain(BigInteger, default=None)
    ended_at: int | None = plain(BigInteger, default=None)
    revision: int = plain(default=1)


class SurveyAnswers(Table, table=True):
    """The answer to one question of a run; no values: skipped."""

    __tablename__ = "survey_answers"
    run_id: str = personal(primary_key=True)
    question_id: str = plain(primary_key=True)
    person_id: int | None = plain(BigInteger, default=None, index=True)
    answers: list[str] = personal(JSON)
    surface: str = plain()
    answered_at: int = plain(BigInteger)


class ProfileFields(Table, table=True):
    """Something a customer said of themself, and where."""

    __tablename__ = "profile_fields"
    person_id: int = plain(BigInteger, primary_key=True)
    field: str = plain(primary_key=True)
    value: str = personal()
    source: str = personal()
    set_at: int = plain(BigInteger)


class Unsurveyed(Table, table=True):
    """A relation for which no survey was offered, and why."""

    __tablename__ = "unsurveyed"
    userid: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    person_id: int = plain(BigInteger, index=True)
    reason: str = plain()
    noted_at: int = plain(BigInteger)

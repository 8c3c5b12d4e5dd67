"""What is remembered of surveys."""

from __future__ import annotations

from bot.scrm.records.base import Record
from bot.scrm.survey.run import Survey, SurveyRun


class OpenSurveyRun(Record, frozen=True, kw_only=True):
    """A run begins, and the wording that it keeps. Guarded: the person has no other one of this survey under way."""

    run: SurveyRun
    survey: Survey


class SaveSurveyRun(Record, frozen=True, kw_only=True):
    """Where a run stands now, its answers included. Guarded by `run.revision`: that of the run it was decided on.

    `withdrawn`: questions whose former answers stand no more.
    """

    run: SurveyRun
    withdrawn: tuple[str, ...] = ()


class SaveProfileField(Record, frozen=True, kw_only=True):
    """Something that a customer said of themself. `source`: who or what noted it, e.g. `survey/newcomer/skin`.

    What a person set by hand stays.
    """

    external_userid: str
    field: str
    value: str
    source: str
    at: int


class DropProfileField(Record, frozen=True, kw_only=True):
    """Something that a customer took back. Only what this very `source` had noted goes."""

    external_userid: str
    field: str
    source: str


class NoteUnsurveyed(Record, frozen=True, kw_only=True):
    """Why a new relation was offered no survey; or somebody who came into 微信客服, then `userid` is empty."""

    userid: str
    external_userid: str
    reason: str
    at: int

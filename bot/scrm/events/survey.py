"""Own events about surveys: what people answered on our pages, and what the passing of time brings about."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.events.base import OwnEvent
from bot.scrm.survey.run import Surface
from bot.wecom.events.base import customer_line


def run_line(external_userid: str | None, run_id: str | None) -> str:
    """The customer's line, or the run's own when nobody knows who it is."""
    return customer_line(external_userid) if external_userid else f"survey/{run_id}"


class SurveyEvent(OwnEvent, frozen=True, kw_only=True):
    """Something about one run."""

    run_id: str
    survey_id: str
    external_userid: str | None = None
    userid: str | None = None

    @property
    def line(self) -> str:
        return run_line(self.external_userid, self.run_id)


class SurveyAnswered(SurveyEvent, frozen=True, kw_only=True):
    """A page sent the answer to one question, at `created_at`. `values`: as the form has them, data and not yet
    understood; none: skipped. The run begins with it when there was none. `userid`: the guide, where one is known.
    `corrects`: it replaces the answer given before on this surface."""

    hidden: ClassVar[tuple[str, ...]] = ("values",)
    question_id: str
    values: tuple[str, ...]
    surface: Surface
    corrects: bool = False


class SurveyDeclined(SurveyEvent, frozen=True, kw_only=True):
    """Somebody said on a page that they want no survey."""

    surface: Surface


class SurveyReminderDue(SurveyEvent, frozen=True, kw_only=True):
    """A run has waited as long as staff wrote. `nth`: from 0."""

    nth: int


class SurveyExpiryDue(SurveyEvent, frozen=True, kw_only=True):
    """A run's time is over."""


EVENTS = (SurveyAnswered, SurveyDeclined, SurveyReminderDue, SurveyExpiryDue)

"""Own events about surveys: what people answered on our pages, and what the passing of time brings about."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.scrm.events.base import OwnEvent
from bot.scrm.survey.run import Surface
from bot.wecom.events.base import customer_line


def run_line(external_userid: str | None, run_id: str | None) -> str:
    """The customer's line, or the run's own when nobody knows who it is."""
    return customer_line(external_userid) if external_userid else f"survey/{run_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyEvent(OwnEvent):
    """Something about one run."""

    run_id: str
    survey_id: str
    external_userid: str | None = None
    userid: str | None = None

    @property
    def line(self) -> str:
        return run_line(self.external_userid, self.run_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(SurveyEvent):
    """A page sent the answer to one question, at `created_at`. `values`: as the form has them, data and not yet
    understood; none: skipped. The run begins with it when there was none. `userid`: the guide, where one is known.
    `corrects`: it replaces the answer given before on this surface."""

    question_id: str
    values: tuple[str, ...] = field(repr=False)
    surface: Surface
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDeclined(SurveyEvent):
    """Somebody said on a page that they want no survey."""

    surface: Surface


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReminderDue(SurveyEvent):
    """A run has waited as long as staff wrote. `nth`: from 0."""

    nth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyExpiryDue(SurveyEvent):
    """A run's time is over."""


EVENTS = (SurveyAnswered, SurveyDeclined, SurveyReminderDue, SurveyExpiryDue)

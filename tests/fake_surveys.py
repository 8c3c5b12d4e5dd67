"""Surveys that remember in memory, for tests/fakes.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.scrm.records import Record
from bot.scrm.records.survey import OpenSurveyRun, SaveProfileField, SaveSurveyRun
from bot.scrm.survey.run import Fact, Known, Survey, SurveyRun
from bot.scrm.tagging import is_hand
from bot.store.people import GuardFailedError

if TYPE_CHECKING:
    from tests.fakes import FakeTags


@dataclass
class FakeSurveys:
    runs: dict[str, SurveyRun] = field(default_factory=dict)
    wordings: dict[tuple[str, str], Survey] = field(default_factory=dict)
    fields: dict[tuple[str, str], SaveProfileField] = field(default_factory=dict)
    tags: FakeTags | None = None

    async def run(self, run_id: str) -> SurveyRun | None:
        return self.runs.get(run_id)

    async def runs_of(self, external_userid: str) -> Sequence[SurveyRun]:
        mine = (run for run in self.runs.values() if run.external_userid == external_userid)
        return sorted(mine, key=lambda run: run.started_at, reverse=True)

    async def worded(self, run: SurveyRun) -> Survey | None:
        return self.wordings.get((run.survey_id, run.version))

    async def known(self, external_userid: str) -> Known:
        carried = await self.tags.carried(external_userid) if self.tags else ()
        tags = {c.tag: Fact(c.tag, c.set_at, c.by_hand) for c in carried}
        mine = {f: r for (who, f), r in self.fields.items() if who == external_userid}
        return Known(tags, {name: Fact(r.value, r.at, is_hand(r.source)) for name, r in mine.items()})

    def remember(self, record: Record) -> None:
        """What the store would remember of it."""
        match record:
            case OpenSurveyRun(run=run, survey=survey):
                if run.run_id in self.runs:
                    raise GuardFailedError(run.run_id)
                self.runs[run.run_id] = run
                self.wordings[survey.id, survey.version] = survey
            case SaveSurveyRun(run=run):
                if self.runs[run.run_id].revision != run.revision:
                    raise GuardFailedError(run.run_id)
                self.runs[run.run_id] = replace(run, revision=run.revision + 1)
            case SaveProfileField():
                self.fields[record.external_userid, record.field] = record

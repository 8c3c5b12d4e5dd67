"""Surveys that remember in memory, for tests/fakes.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.scrm.records import Record
from bot.scrm.records.survey import DropProfileField, OpenSurveyRun, SaveProfileField, SaveSurveyRun
from bot.scrm.survey.effects import fact_of, facts_of
from bot.scrm.survey.run import Known, Survey, SurveyRun
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
        tags = facts_of((c.tag, c.source, c.set_at) for c in carried)
        mine = {f: r for (who, f), r in self.fields.items() if who == external_userid}
        done = [r for r in self.runs.values() if r.external_userid == external_userid and r.state == "done"]
        asked = sorted((a.at, f"{run.survey_id}/{a.question_id}") for run in done for a in run.answers)
        fields = {name: fact_of(r.value, r.source, r.at) for name, r in mine.items()}
        return Known(tags, fields, {question: at for at, question in asked})

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
            case DropProfileField():
                key = (record.external_userid, record.field)
                if key in self.fields and self.fields[key].source == record.source:
                    del self.fields[key]
            case SaveProfileField():
                self.fields[record.external_userid, record.field] = record

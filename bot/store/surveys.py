"""Surveys under way and over, in the wording that each began with, and what people said of themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, func, select, update

from bot.scrm.records.base import Record
from bot.scrm.records.survey import (
    DropProfileField,
    NoteUnsurveyed,
    OpenSurveyRun,
    SaveProfileField,
    SaveSurveyRun,
)
from bot.scrm.survey.effects import fact_of, facts_of
from bot.scrm.survey.run import UNDER_WAY, Answer, Known, Survey, SurveyRun
from bot.scrm.tagging import is_hand
from bot.store import orders, people
from bot.store.people import GuardFailedError
from bot.store.tables.people import PersonTags
from bot.store.tables.surveys import ProfileFields, SurveyAnswers, SurveyRuns, SurveyVersions, Unsurveyed
from bot.store.upsert import columns, insert, insert_new, save

runs, answers, versions = columns(SurveyRuns), columns(SurveyAnswers), columns(SurveyVersions)
profile_fields, person_tags = columns(ProfileFields), columns(PersonTags)

DUE_AT_ONCE = 200
"""Reminders and ends looked up at a time; the next tick finds the rest."""

_RUN = tuple(f.name for f in fields(SurveyRun) if f.name != "answers")
_RUNS: Select[Any] = select(*(runs.c[name] for name in _RUN))
_FIXED = ("run_id", "survey_id", "version", "external_userid", "userid", "started_at")
"""Of a run from its beginning on: writing them again could only bring back what was erased meanwhile."""

_BY_ID = _RUNS.where(runs.c.run_id == bindparam("run"))
_BY_PERSON = _RUNS.where(runs.c.external_userid == bindparam("customer")).order_by(
    runs.c.started_at.desc(), runs.c.run_id
)
_ANSWERS = (
    select(answers.c.question_id, answers.c.answers, answers.c.surface, answers.c.answered_at)
    .where(answers.c.run_id == bindparam("run"))
    .order_by(answers.c.answered_at, answers.c.question_id)
)

_ASKED = (
    select(runs.c.survey_id, answers.c.question_id, func.max(answers.c.answered_at))
    .join(answers, answers.c.run_id == runs.c.run_id)
    .where(runs.c.external_userid == bindparam("customer"), runs.c.state == "done")
    .group_by(runs.c.survey_id, answers.c.question_id)
)
_TAGS = select(person_tags.c.tag, person_tags.c.source, person_tags.c.set_at).where(
    person_tags.c.external_userid == bindparam("customer")
)


@cache
def _survey_adapter() -> TypeAdapter[Survey]:
    return TypeAdapter(Survey)


def run(conn: Connection, run_id: str) -> SurveyRun | None:
    """One run, with its answers."""
    row = conn.execute(_BY_ID, {"run": run_id}).mappings().one_or_none()
    return None if row is None else _run(conn, row)


def runs_of(conn: Connection, external_userid: str) -> list[SurveyRun]:
    """Every run of a person, the newest first."""
    rows = conn.execute(_BY_PERSON, {"customer": external_userid}).mappings().all()
    return [_run(conn, row) for row in rows]


_BODY = select(versions.c.body).where(
    versions.c.survey_id == bindparam("survey"), versions.c.version == bindparam("worded")
)


def survey(conn: Connection, survey_id: str, version: str) -> Survey | None:
    """A survey as it was once worded."""
    body = conn.scalar(_BODY, {"survey": survey_id, "worded": version})
    return None if body is None else _survey_adapter().validate_python(body)


def known(conn: Connection, external_userid: str) -> Known:
    """Tags with any guide, profile fields, and what finished surveys asked."""
    told = conn.execute(_TAGS, {"customer": external_userid}).all()
    person = people.person(conn, external_userid)
    noted = profile(conn, person.person_id) if person else []
    fields = {field: fact_of(value, source, set_at) for field, value, source, set_at in noted}
    asked = conn.execute(_ASKED, {"customer": external_userid})
    return Known(facts_of(told), fields, {f"{survey_id}/{question_id}": at for survey_id, question_id, at in asked})


_PROFILE = (
    select(profile_fields.c.field, profile_fields.c.value, profile_fields.c.source, profile_fields.c.set_at)
    .where(profile_fields.c.person_id == bindparam("person"))
    .order_by(profile_fields.c.field)
)


def profile(conn: Connection, person_id: int) -> list[tuple[str, str, str, int]]:
    """What a person said of themself: (field, value, source, set_at)."""
    return [tuple(row) for row in conn.execute(_PROFILE, {"person": person_id})]


_OPEN = _RUNS.where(runs.c.state.in_(UNDER_WAY)).limit(DUE_AT_ONCE)
_TO_REMIND = _OPEN.where(runs.c.remind_at <= bindparam("now"), runs.c.expires_at > bindparam("now")).order_by(
    runs.c.remind_at
)
_TO_END = _OPEN.where(runs.c.expires_at <= bindparam("now")).order_by(runs.c.expires_at)


def due_reminders(conn: Connection, now: int) -> list[SurveyRun]:
    """Runs whose next reminder is due, the longest waiting first; without their answers."""
    return [SurveyRun(**row) for row in conn.execute(_TO_REMIND, {"now": now}).mappings()]


def due_ends(conn: Connection, now: int) -> list[SurveyRun]:
    """Runs whose time is over; without their answers."""
    return [SurveyRun(**row) for row in conn.execute(_TO_END, {"now": now}).mappings()]


def _run(conn: Connection, row: RowMapping) -> SurveyRun:
    said = conn.execute(_ANSWERS, {"run": row["run_id"]})
    return SurveyRun(**row, answers=tuple(Answer(q, tuple(values), surface, at) for q, values, surface, at in said))


def open_run(conn: Connection, record: OpenSurveyRun) -> None:
    """A run begins, in a wording that is kept.

    Raises:
        GuardFailedError: there is one under way already.
    """
    survey = record.survey
    body = _survey_adapter().dump_python(survey, mode="json")
    conn.execute(insert_new(conn, SurveyVersions), {"survey_id": survey.id, "version": survey.version, "body": body})
    run = record.run
    person_id = people.ensure_person(conn, run.external_userid, run.started_at) if run.external_userid else None
    row = _values(run) | {"person_id": person_id}
    if conn.execute(insert_new(conn, SurveyRuns), row).rowcount != 1:
        raise GuardFailedError(run.run_id)
    _save_answers(conn, run, person_id)


_SAVE_RUN = (
    update(runs)
    .where(runs.c.run_id == bindparam("run"), runs.c.revision == bindparam("known_revision"))
    .returning(runs.c.person_id)
)
"""Whatever else it is given is set."""


def save_run(conn: Connection, record: SaveSurveyRun) -> None:
    """Where a run stands; answers are added, and only those withdrawn go.

    Raises:
        GuardFailedError: the run is not the one the decision was made on.
    """
    known = record.run
    same = {"run": known.run_id, "known_revision": known.revision}
    changes = {name: value for name, value in _values(known).items() if name not in _FIXED}
    row = conn.execute(_SAVE_RUN, {**same, **changes, "revision": known.revision + 1}).one_or_none()
    if row is None:
        raise GuardFailedError(known.run_id)
    if record.withdrawn:
        _withdraw(conn, known.run_id, row.person_id, record.withdrawn)
    _save_answers(conn, known, row.person_id)


def _withdraw(conn: Connection, run_id: str, person_id: int | None, questions: Sequence[str]) -> None:
    """Answers go; a phone that one of them told is nobody's id any more."""
    gone = delete(answers).where(answers.c.run_id == run_id, answers.c.question_id.in_(questions))
    said = [value for values in conn.scalars(gone.returning(answers.c.answers)) for value in values]
    if person_id is not None:
        orders.forget_phones(conn, person_id, said)


def _values(run: SurveyRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in _RUN}


def _save_answers(conn: Connection, run: SurveyRun, person_id: int | None) -> None:
    rows = [
        {
            "run_id": run.run_id,
            "question_id": answer.question_id,
            "person_id": person_id,
            "answers": list(answer.values),
            "surface": answer.surface,
            "answered_at": answer.at,
        }
        for answer in run.answers
    ]
    if rows:
        conn.execute(insert_new(conn, SurveyAnswers), rows)


def save_profile_field(conn: Connection, record: SaveProfileField) -> None:
    """The newest word on a field; what a hand set gives way only to a hand."""
    person_id = people.ensure_person(conn, record.external_userid, record.at)
    values = {"value": record.value, "source": record.source, "set_at": record.at}
    statement = insert(conn, ProfileFields).values(person_id=person_id, field=record.field, **values)
    by_hand = profile_fields.c.source.like("guide/%")
    where = None if is_hand(record.source) else ~by_hand
    keys = ["person_id", "field"]
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=values, where=where))


def drop_profile_field(conn: Connection, record: DropProfileField) -> None:
    """What this source had noted goes."""
    person = people.person(conn, record.external_userid)
    if person:
        mine = (profile_fields.c.person_id == person.person_id, profile_fields.c.field == record.field)
        conn.execute(delete(profile_fields).where(*mine, profile_fields.c.source == record.source))


def note_unsurveyed(conn: Connection, record: NoteUnsurveyed) -> None:
    """Why a relation was offered no survey."""
    values = {
        "userid": record.userid,
        "external_userid": record.external_userid,
        "person_id": people.ensure_person(conn, record.external_userid, record.at),
        "reason": record.reason,
        "noted_at": record.at,
    }
    save(conn, Unsurveyed, ["userid", "external_userid"], values)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    OpenSurveyRun: lambda conn, _, record: open_run(conn, record),
    SaveSurveyRun: lambda conn, _, record: save_run(conn, record),
    SaveProfileField: lambda conn, _, record: save_profile_field(conn, record),
    DropProfileField: lambda conn, _, record: drop_profile_field(conn, record),
    NoteUnsurveyed: lambda conn, _, record: note_unsurveyed(conn, record),
}

"""Runs of surveys, their wordings and what people said, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from sqlalchemy import Connection

from bot.scrm.records import StartFollow, TagPerson
from bot.scrm.records.kf import NoteKfEntered, NoteKfMessage, NoteKfSettled
from bot.scrm.records.survey import DropProfileField, NoteUnsurveyed, OpenSurveyRun, SaveProfileField, SaveSurveyRun
from bot.scrm.survey.run import Band, Question, Survey, SurveyRun, answered, begin, ended
from bot.store import orders, records, surveys
from bot.store.database import Database
from bot.store.ledger import NO_KF_WORD, ledger
from bot.store.people import GuardFailedError

NOW, CUSTOMER = 1_795_000_000, "wm-1"
AGE = Question(id="age", ask="多大？", type="数字", save="年龄", bands=(Band("年龄/未成年", 18),))
SURVEY = Survey(id="s", title="题", intro="开", consent="同意", thanks="谢", questions=(AGE,))


def run(run_id: str = "r1", external_userid: str | None = CUSTOMER) -> SurveyRun:
    return begin(SURVEY, run_id, external_userid=external_userid, userid="g", now=NOW)


async def remember(database: Database, *all_of_them: object) -> None:
    def job(conn: Connection) -> None:
        for record in all_of_them:
            records.apply(conn, 1, record)  # type: ignore[arg-type]

    await database.write(job)


async def test_a_run_is_read_as_it_was_kept(database: Database) -> None:
    """With its answers in order, and the survey in its wording."""
    await remember(database, OpenSurveyRun(run=run(), survey=SURVEY))
    later = answered(run(), AGE, ("17",), "H5", NOW + 5)
    await remember(database, SaveSurveyRun(run=later))
    kept = await database.read(lambda conn: surveys.run(conn, "r1"))
    assert kept == replace(later, revision=2)
    assert await database.read(lambda conn: surveys.runs_of(conn, CUSTOMER)) == [kept]
    assert await database.read(lambda conn: surveys.survey(conn, "s", run().version)) == SURVEY
    assert await database.read(lambda conn: surveys.run(conn, "other")) is None


async def test_one_person_has_one_run_of_a_survey_under_way(database: Database) -> None:
    """A second one may begin when the first has ended; strangers are not one person."""
    await remember(database, OpenSurveyRun(run=run(), survey=SURVEY))
    with pytest.raises(GuardFailedError):
        await remember(database, OpenSurveyRun(run=run("r2"), survey=SURVEY))
    await remember(database, SaveSurveyRun(run=ended(run(), "expired", NOW)))
    await remember(database, OpenSurveyRun(run=run("r2"), survey=SURVEY))
    for stranger in ("x1", "x2"):
        await remember(database, OpenSurveyRun(run=run(stranger, None), survey=SURVEY))


async def test_a_change_on_old_facts_is_decided_again(database: Database) -> None:
    """Two answers at once: the second is decided on what the first left."""
    await remember(database, OpenSurveyRun(run=run(), survey=SURVEY))
    await remember(database, SaveSurveyRun(run=answered(run(), AGE, ("17",), "H5", NOW)))
    with pytest.raises(GuardFailedError):
        await remember(database, SaveSurveyRun(run=answered(run(), AGE, ("40",), "客服", NOW)))
    kept = await database.read(lambda conn: surveys.run(conn, "r1"))
    assert kept and kept.answer("age") and kept.answers[0].values == ("17",)


async def test_a_corrected_answer_takes_the_place_of_the_old_one(database: Database) -> None:
    """What is withdrawn goes, its field too, and a phone that it told is nobody's id any more."""
    tel = Question(id="tel", ask="号码？", type="手机号", save="手机号")
    told = answered(answered(run(), tel, ("13800138000",), "H5", NOW), AGE, ("15",), "H5", NOW)
    noted = {"external_userid": CUSTOMER, "field": "手机号"}
    first = SaveProfileField(**noted, value="13800138000", source="survey/s/tel", at=NOW)
    await remember(database, OpenSurveyRun(run=told, survey=SURVEY), first)
    phones = await database.read(lambda conn: orders.phones_told(conn, 0))
    await database.write(lambda conn: orders.know_phones(conn, phones))
    changed = answered(replace(told, answers=()), tel, ("13900139000",), "H5", NOW + 60)
    await remember(database, SaveSurveyRun(run=changed, withdrawn=("tel", "age")))
    kept = await database.read(lambda conn: surveys.run(conn, "r1"))
    assert kept and kept.answers == changed.answers
    known = await database.read(lambda conn: conn.exec_driver_sql("SELECT kind FROM identities").scalars().all())
    assert known == ["external_userid"]
    await remember(database, DropProfileField(**noted, source="survey/s/age"))
    assert "手机号" in (await database.read(lambda conn: surveys.known(conn, CUSTOMER))).fields
    await remember(database, DropProfileField(**noted, source="survey/s/tel"))
    assert (await database.read(lambda conn: surveys.known(conn, CUSTOMER))).fields == {}


async def test_what_finished_surveys_asked_is_known(database: Database) -> None:
    """The newest time of each question, skipped or not; not of a survey that did not come to its end."""
    for nth, state in enumerate(("done", "done", "expired")):
        said = answered(run(f"r{nth}"), AGE, (), "H5", NOW + nth)
        await remember(database, OpenSurveyRun(run=replace(said, state=state), survey=SURVEY))  # type: ignore[arg-type]
    assert (await database.read(lambda conn: surveys.known(conn, CUSTOMER))).asked == {"s/age": NOW + 1}


async def test_what_a_hand_wrote_gives_way_only_to_a_hand(database: Database) -> None:
    """A field's newest word, but for that."""

    def age(value: str, source: str) -> SaveProfileField:
        return SaveProfileField(external_userid=CUSTOMER, field="年龄", value=value, source=source, at=NOW)

    async def known() -> tuple[str, bool]:
        facts = await database.read(lambda conn: surveys.known(conn, CUSTOMER))
        return facts.fields["年龄"].value, facts.fields["年龄"].by_hand

    await remember(database, age("17", "survey/s/age"), age("18", "survey/s/age"))
    assert await known() == ("18", False)
    await remember(database, age("30", "guide/lin"), age("19", "survey/s/age"))
    assert await known() == ("30", True)
    await remember(database, age("31", "guide/wu"))
    assert await known() == ("31", True)


async def test_a_tag_set_by_hand_with_any_guide_is_known_as_such(database: Database) -> None:
    """Whatever the system set with another."""
    tag = {"external_userid": CUSTOMER, "tag": "肤质/干性", "at": NOW}
    await remember(
        database,
        TagPerson(userid="a", source="survey/s/age", **tag),  # type: ignore[arg-type]
        TagPerson(userid="b", source="wecom", **tag),  # type: ignore[arg-type]
    )
    facts = await database.read(lambda conn: surveys.known(conn, CUSTOMER))
    assert facts.tags["肤质/干性"].by_hand


async def test_what_is_due_is_found(database: Database) -> None:
    """Reminders of runs under way, ends of those whose time is over, and nothing of what has ended."""
    await remember(database, OpenSurveyRun(run=run(), survey=SURVEY))
    due_at = run().remind_at or 0

    async def reminders(now: int) -> list[SurveyRun]:
        return await database.read(lambda conn: surveys.due_reminders(conn, now))

    async def ends(now: int) -> list[SurveyRun]:
        return await database.read(lambda conn: surveys.due_ends(conn, now))

    assert [await reminders(due_at - 1), await ends(run().expires_at - 1)] == [[], []]
    assert len(await reminders(due_at)) == 1 and len(await ends(run().expires_at)) == 1
    await remember(database, SaveSurveyRun(run=ended(run(), "declined", NOW)))
    assert [await reminders(due_at), await ends(run().expires_at)] == [[], []]


async def test_the_reason_for_no_survey_is_the_newest(database: Database) -> None:
    """One a relation."""
    note = NoteUnsurveyed(userid="g", external_userid=CUSTOMER, reason="先前", at=NOW)
    await remember(database, note, structs.replace(note, reason="后来", at=NOW + 5))
    await remember(
        database,
        StartFollow(userid="g", external_userid=CUSTOMER, status="active", added_at=NOW, expected_version=None),
    )
    [row] = (await database.read(lambda conn: ledger(conn, NOW))).rows
    assert (row.survey, row.survey_reason) == ("not_offered", "后来")


async def test_who_came_by_kf_has_the_reason_that_the_greeting_had(database: Database) -> None:
    """Nothing could be said; on its way; withheld; and there."""

    async def reason() -> tuple[bool, str]:
        [row] = (await database.read(lambda conn: ledger(conn, NOW))).rows
        return row.greeted, row.greeting_reason

    who = {"open_kfid": "wk", "external_userid": CUSTOMER}
    await remember(database, NoteKfEntered(**who, at=NOW))
    assert await reason() == (False, NO_KF_WORD)
    await remember(database, NoteKfMessage(**who, msgid="m", origin="bot", msgtype="text", at=NOW))
    assert await reason() == (False, "还在发送中")
    await remember(database, NoteKfSettled(**who, msgid="m", state="refused", reason="人工接待中", at=NOW))
    assert await reason() == (False, "人工接待中")
    await remember(database, NoteKfMessage(**who, msgid="n", origin="bot", msgtype="text", at=NOW))
    await remember(database, NoteKfSettled(**who, msgid="n", state="sent", reason="", at=NOW))
    assert await reason() == (True, "")

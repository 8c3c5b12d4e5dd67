"""The reception ledger over many people and a WeCom in bad shape: everybody is in it once, and the sums agree."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from bot.cli.ledger import _numbers
from bot.flow.outcome import MAYBE_SENT
from bot.store.ledger import NOT_SHOWN, Ledger, SurveyStand, ledger
from demo.stage import OPENING
from tests.acceptance.crowd import Crowd, Saw
from tests.house import ADD, SEND, House, house, sqlite_url

FAULTS = (
    {"kind": "errcode", "where": SEND, "errcode": 41050, "probability": 0.1},
    {"kind": "reset_after", "where": SEND, "probability": 0.1},
    {"kind": "reset_before", "where": SEND, "probability": 0.1},
    {"kind": "duplicated", "where": ADD, "probability": 0.2},
    {"kind": "reordered", "where": ADD, "probability": 0.2, "seconds": 30},
)
STANDS: dict[Saw, SurveyStand] = {
    "thanks": "surveyed",
    "begun": "offered",
    "nothing": "offered",
    "declined": "declined",
    "taken_over": "taken_over",
    "not_offered": "not_offered",
}
"""How somebody stands by what their phone showed, while their time is not over."""

WEEK = 7 * 24 * 3600


async def read(home: House) -> Ledger:
    return await home.app.database.read(partial(ledger, since_at=OPENING))


async def test_everybody_is_in_the_ledger_once(tmp_path: Path) -> None:
    """The quick form, at every run."""
    await reckon(tmp_path, 120)


@pytest.mark.slow
async def test_a_thousand_people_are_in_the_ledger_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The full form; it prints its figures."""
    book = await reckon(tmp_path, 1_001)
    with capsys.disabled():
        print(_numbers(book))  # noqa: T201


async def a_week_goes_by(home: House) -> None:
    """At one stroke; then all that has become due meanwhile happens."""
    home.clock._now += WEEK
    while await home.rows(
        "SELECT 1 FROM survey_runs WHERE state IN ('offered', 'open') AND expires_at <= :now", now=home.clock.now()
    ):
        await home.app.schedule.tick()
        await home.settled()


def when_the_week_is_over(saw: dict[str, Saw]) -> dict[str, SurveyStand]:
    return {who: "expired" if STANDS[last] == "offered" else STANDS[last] for who, last in saw.items()}


async def reckon(folder: Path, people: int) -> Ledger:
    """Greeted exactly when the phone shows it, or why not; with the survey as the phone showed it, each once."""
    async with house(sqlite_url(folder), faults=FAULTS) as home:
        crowd = Crowd(home)
        await crowd.answers(await crowd.comes(range(people * 3 // 4)))
        stranger = "wm-kf"
        await crowd.enters_an_account_that_asks_nothing(stranger)
        await a_week_goes_by(home)
        stands = when_the_week_is_over(crowd.saw)
        late = await crowd.comes(range(people * 3 // 4, people - 1))
        await crowd.answers(late)
        stands |= {who: STANDS[crowd.saw[who]] for who in late}
        book = await read(home)
        chats = {who: await home.sandbox.customer_reads(who, guide) for who, guide in crowd.guides.items()}
        accepted = [call["body"]["welcome_code"] for call in home.welcomes() if call["errcode"] == 0]
        rows = await home.rows("SELECT person_id, value FROM identities WHERE kind = 'external_userid'")
        ids = {row.person_id: row.value for row in rows}
    assert {ids[row.person_id] for row in book.rows} == set(stands) and len(book.rows) == people
    assert sum(book.greetings.values()) == sum(book.surveys.values()) == people
    shown = {who for who, chat in chats.items() if chat}
    assert len(shown) == len(set(accepted))
    surely = [row for row in book.rows if row.greeting_reason != MAYBE_SENT]
    assert [row for row in surely if row.greeted != (ids[row.person_id] in shown)] == []
    assert all(reason for (greeted, reason) in book.greetings if not greeted)
    assert people // 2 < sum(row.greeted for row in book.rows) < people
    assert any(row.greeting_reason == MAYBE_SENT and ids[row.person_id] in shown for row in book.rows)
    for row in book.rows:  # whom the link in the welcome did not reach, was offered nothing
        if crowd.saw[who := ids[row.person_id]] == "nothing" and stands[who] == "offered" and not row.greeted:
            stands[who] = "not_offered"
    assert {ids[row.person_id]: row.survey for row in book.rows} == stands
    assert set(stands.values()) == {*STANDS.values(), "expired"}
    assert {NOT_SHOWN} < {row.survey_reason for row in book.rows}
    assert all(row.survey_reason for row in book.rows if row.survey == "not_offered")
    return book


async def test_who_was_offered_nothing_is_there_with_the_reason(tmp_path: Path) -> None:
    """And somebody from before us is not in the ledger at all."""
    async with house(sqlite_url(tmp_path)) as home:
        await home.sandbox.customer_adds(userid="guide-lin", external_userid="wm-1", state="parcel")
        await home.wait(3)
        await home.app.database.write(lambda conn: conn.exec_driver_sql("DELETE FROM survey_runs") and None)
        [row] = (await read(home)).rows
        assert (row.greeted, row.survey, row.survey_reason) == (True, "not_offered", "还没有处理到")
        await home.app.database.write(
            lambda conn: conn.exec_driver_sql("UPDATE follows SET source = 'history', welcome = 'history'") and None
        )
        assert (await read(home)).rows == ()


def test_the_sums_are_shown_and_written_for_scripts() -> None:
    """What the command prints with --json."""
    numbers = _numbers(Ledger((), {(True, ""): 2, (False, "超过 20 秒时限，没有发出"): 1}, {("surveyed", ""): 3}))
    assert json.loads(json.dumps(numbers))["greetings"][1] == {
        "greeted": False,
        "reason": "超过 20 秒时限，没有发出",
        "people": 1,
    }

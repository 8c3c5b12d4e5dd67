"""The reception ledger over many people and a WeCom in bad shape: everybody is in it once, and the sums agree."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from bot.cli.ledger import _numbers
from bot.flow.deliver import MAYBE_SENT
from bot.scrm.events import OwnEvent
from bot.scrm.events.kf import KfServicerSpoke
from bot.scrm.events.survey import SurveyAnswered, SurveyDeclined
from bot.store import inbox
from bot.store.ledger import Ledger, ledger
from demo.stage import OPENING
from tests.house import ADD, SEND, House, house, sqlite_url

FAULTS = (
    {"kind": "errcode", "where": SEND, "errcode": 41050, "probability": 0.1},
    {"kind": "reset_after", "where": SEND, "probability": 0.1},
    {"kind": "reset_before", "where": SEND, "probability": 0.1},
    {"kind": "duplicated", "where": ADD, "probability": 0.2},
    {"kind": "reordered", "where": ADD, "probability": 0.2, "seconds": 30},
)
STANDS = ("surveyed", "offered", "declined", "taken_over", "expired", "offered")
QUESTIONS = {"skin": ("紧绷起皮",), "wish": ("补水",), "using": ()}


def what_they_do(n: int, external_userid: str, run_id: str, at: int) -> list[OwnEvent]:
    """One in six answers all, begins, says no, meets a human; the others do nothing."""
    who = {"created_at": at, "run_id": run_id, "survey_id": "newcomer", "external_userid": external_userid}
    match n % 6:
        case 0 | 1:
            asked = list(QUESTIONS.items())[: 3 if n % 6 == 0 else 1]
            return [
                SurveyAnswered(**who, question_id=q, values=values, surface="H5")  # type: ignore[arg-type]
                for q, values in asked
            ]
        case 2:
            return [SurveyDeclined(**who, surface="H5")]  # type: ignore[arg-type]
        case 3:
            spoke = {"open_kfid": "wk-1", "msgid": f"s{n}", "servicer_userid": "guide-lin", "msgtype": "text"}
            return [KfServicerSpoke(created_at=at, external_userid=external_userid, **spoke)]  # type: ignore[arg-type]
    return []


async def everybody_comes(home: House, people: int) -> dict[str, str]:
    """external_userid → guide."""
    guides: dict[str, str] = {}
    for n in range(people):
        userid = ("guide-lin", "guide-zhou", "guide-wu")[n % 3]
        guides[await home.sandbox.customer_adds(userid=userid, external_userid=f"wm-{n}", state="parcel")] = userid
        if n % 50 == 49:
            await home.wait(1)
    await home.wait(40)
    return guides


async def they_answer_or_not(home: House) -> None:
    """Each in their own way; then the time of some is over."""
    await home.app.database.write(
        lambda conn: conn.exec_driver_sql("UPDATE survey_runs SET open_kfid = 'wk-1'") and None
    )
    rows = await home.rows("SELECT external_userid, run_id FROM survey_runs")
    for row in rows:
        n = int(row.external_userid.removeprefix("wm-"))
        doings = what_they_do(n, row.external_userid, row.run_id, home.clock.now())
        await home.put(*(inbox.own_arrival(event, cause=f"test/{n}/{i}") for i, event in enumerate(doings)))
    await home.settled()
    await home.app.database.write(
        lambda conn: (
            conn.exec_driver_sql(
                "UPDATE survey_runs SET expires_at = started_at WHERE state = 'offered' "
                "AND CAST(substr(external_userid, 4) AS INTEGER) % 6 = 4"
            )
            and None
        )
    )
    await home.app.schedule.tick()
    await home.settled()


async def read(home: House) -> Ledger:
    return await home.app.database.read(partial(ledger, since_at=OPENING))


async def test_everybody_is_in_the_ledger_once(tmp_path: Path) -> None:
    """The quick form, at every run."""
    await reckon(tmp_path, 120)


@pytest.mark.slow
async def test_a_thousand_people_are_in_the_ledger_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The full form; it prints its figures."""
    book = await reckon(tmp_path, 1_000)
    with capsys.disabled():
        print(_numbers(book))  # noqa: T201


async def reckon(folder: Path, people: int) -> Ledger:
    """Greeted exactly when the phone shows it, or why not; one standing with the survey each; the sums add up."""
    async with house(sqlite_url(folder), faults=FAULTS) as home:
        guides = await everybody_comes(home, people)
        await they_answer_or_not(home)
        book = await read(home)
        shown = {who: bool(await home.sandbox.customer_reads(who, guide)) for who, guide in guides.items()}
        ids = {row.person_id: row.value for row in await home.rows("SELECT person_id, value FROM identities")}
    assert len({row.person_id for row in book.rows}) == len(book.rows) == people
    assert sum(book.greetings.values()) == sum(book.surveys.values()) == people
    surely = [row for row in book.rows if row.greeting_reason != MAYBE_SENT]
    wrong = [row for row in surely if row.greeted != shown[ids[row.person_id]]]
    assert not wrong
    assert all(reason for (greeted, reason) in book.greetings if not greeted)
    assert people // 2 < sum(row.greeted for row in book.rows) < people
    assert any(row.greeting_reason == MAYBE_SENT and shown[ids[row.person_id]] for row in book.rows)
    stands = Counter({stand: count for (stand, _), count in book.surveys.items()})
    assert stands == Counter(STANDS[n % 6] for n in range(people))
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

"""kill -9 at random points of a burst: nothing acknowledged is lost, nobody is greeted twice or forgotten."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.store.database import open_database
from demo.stage import GUIDES, deployment, new_sandbox
from sandbox import Sandbox
from tests.chaos.process import BotProcess, lasting_port

ADD = "change_external_contact/add_external_contact"
SEND = "externalcontact/send_welcome_msg"
ALREADY_USED = 41051
WELCOME_LIFE_SECONDS = 20
REST_SECONDS = 180
"""How long the work that piled up may take: a loaded machine, and a database that syncs each transaction."""
IN_FLIGHT = "SELECT count(*) FROM outbox WHERE state = 'sending' AND kind = 'SendWelcome'"


@dataclass(frozen=True, slots=True)
class Ordeal:
    """How many customers add, at how many a second, and how often the bot is killed meanwhile.

    `retry_seconds`: between WeCom's four tries; three of these pauses should outlast a restart.
    """

    customers: int
    per_second: int
    kills: int
    retry_seconds: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sandbox's log and the database say together."""

    answered: int
    given_up: int
    lost: int
    greeted: int
    greeted_twice: int
    handed_to_guide: int
    forgotten: int
    codes_used_again: int
    in_flight_at_kills: int


QUICK = Ordeal(customers=300, per_second=150, kills=3, retry_seconds=1)
FULL = Ordeal(customers=2000, per_second=40, kills=20, retry_seconds=3)


async def test_a_few_kills_in_a_small_burst(database_url: str, tmp_path: Path) -> None:
    """The quick form, at every run."""
    check(await endure(QUICK, database_url, tmp_path, seed=7))


@pytest.mark.slow
async def test_twenty_kills_in_a_burst_of_two_thousand(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The full form; it prints its figures."""
    verdict = await endure(FULL, database_url, tmp_path, seed=20)
    with capsys.disabled():
        print(database_url.partition(":")[0], verdict)  # noqa: T201
    check(verdict)


def check(verdict: Verdict) -> None:
    """The promise, in numbers."""
    assert verdict.lost == 0, verdict
    assert verdict.greeted_twice == 0, verdict
    assert verdict.forgotten == 0, verdict
    assert verdict.codes_used_again <= verdict.in_flight_at_kills, verdict
    assert verdict.greeted + verdict.handed_to_guide >= verdict.answered > 0, verdict


async def endure(ordeal: Ordeal, database_url: str, folder: Path, seed: int) -> Verdict:
    """Customers add all the while; the bot is killed at random moments and started again."""
    dice = random.Random(seed)
    config = deployment(database_url, lasting_port())
    sandbox = new_sandbox(config)
    sandbox.courier.retry_seconds = ordeal.retry_seconds
    base_url = await sandbox.start()
    corp = config.corp.model_copy(update={"api_base_url": base_url})
    bot = BotProcess(config.model_copy(update={"corp": corp}), folder)
    in_flight = 0
    try:
        await bot.start()
        feeding = asyncio.create_task(feed(sandbox, ordeal))
        for _ in range(ordeal.kills):
            await asyncio.sleep(dice.uniform(0.05, ordeal.customers / ordeal.per_second / ordeal.kills))
            await bot.kill()
            in_flight += await ask(database_url, IN_FLIGHT)
            await bot.start()
        await feeding
        await sandbox.callbacks_settled()
        await rest(database_url)
        await bot.stop()
        return await judge(sandbox, database_url, in_flight)
    except BaseException:
        print(bot.log()[-4000:])  # noqa: T201 - pytest shows it with the failure
        raise
    finally:
        await bot.kill()
        await sandbox.stop()


async def feed(sandbox: Sandbox, ordeal: Ordeal) -> None:
    """A steady stream; callbacks that find nobody are sent again."""
    guides = list(GUIDES)
    for n in range(ordeal.customers):
        await sandbox.customer_adds(userid=guides[n % len(guides)], state="store")
        await asyncio.sleep(1 / ordeal.per_second)


async def rest(database_url: str) -> None:
    """Until every event is closed and every welcome settled."""
    waiting = (
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting') + (SELECT count(*) FROM outbox "
        "WHERE kind = 'SendWelcome' AND (not_before_at IS NOT NULL OR state = 'sending'))"
    )
    async with asyncio.timeout(REST_SECONDS):
        while await ask(database_url, waiting):
            await asyncio.sleep(0.2)


async def judge(sandbox: Sandbox, database_url: str, in_flight: int) -> Verdict:
    """The sandbox's log is the witness; the database must agree with it."""
    tries = sandbox.log.callbacks(ADD)
    answered = {c["about"]["external_userid"] for c in tries if c["status"] == 200}
    adds = await rows(database_url, "SELECT line FROM inbox WHERE name = 'CustomerAdded'")
    kept = {line.removeprefix("customer/") for (line,) in adds}
    sends = sandbox.log.calls(SEND)
    greeted = Counter(whom(sandbox, call) for call in sends if call["errcode"] == 0)
    stands = dict(await rows(database_url, "SELECT external_userid, welcome FROM follows"))
    tasks = {who for (who,) in await rows(database_url, "SELECT external_userid FROM tasks WHERE kind = 'welcome'")}
    handed = {who for who, state in stands.items() if state in ("withheld", "unknown", "refused")} & tasks
    return Verdict(
        answered=len(answered),
        given_up=len({c["about"]["external_userid"] for c in tries} - answered),
        lost=len(answered - kept),
        greeted=len(greeted),
        greeted_twice=sum(times > 1 for times in greeted.values()),
        handed_to_guide=len(handed),
        forgotten=len(kept - set(greeted) - handed),
        codes_used_again=sum(call["errcode"] == ALREADY_USED for call in sends),
        in_flight_at_kills=in_flight,
    )


def whom(sandbox: Sandbox, call: dict[str, Any]) -> str:
    """The customer that a welcome was for."""
    code = sandbox.world.relations._codes.whose(call["body"]["welcome_code"])
    assert code is not None
    return code[1]


async def ask(database_url: str, query: str) -> int:
    """One number."""
    return int((await rows(database_url, query))[0][0])


async def rows(database_url: str, query: str) -> list[Any]:
    """What the database says to somebody who only reads."""

    def job(conn: Connection) -> list[Any]:
        return [tuple(row) for row in conn.execute(text(query))]

    database = open_database(database_url, readers=1)
    try:
        return await database.read(job)
    finally:
        await database.close()

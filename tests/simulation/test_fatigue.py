"""Nobody is written to whose budget is spent, at the times at which guides really pressed, in any seven days.

Three guides who share a customer and press when they like, a calendar with something every day, holidays and make-up
days. What is asked is WeCom itself: whom each mass send reached and when, which groups and Moments they had before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.content.folders import Folders
from demo.stage import deployment
from sandbox.world import World
from sandbox.world.habits import Habit
from sandbox.world.mass import SendStatus
from simulation.life import Rates
from simulation.month import everything, let_go
from simulation.run import Run, simulated
from tests.flow.edited import edit, edited
from tests.house import GUIDE

CONFIG = deployment("sqlite:///:memory:", port=0)
DAY, WEEK = 86_400, 7 * 86_400
START = date(2026, 12, 4)
GUIDES = (GUIDE, "guide-zhou", "guide-wu")
LATE = Rates(0, 0, 0, 0, 0, Habit(after=(60, 10 * 3600), share=0.85))
"""Guides press at once or in the evening, some not at all; WeCom takes what is too late back."""

WEIGHTS = {"群": 100, "朋友圈": 25, "私聊": 300}
BUDGET = 1000

FREE = "".join(f"  - {{date: 2026-12-{day:02}, is: 放假}}\n" for day in (10, 11, 12))
MADE_UP = "".join(f"  - {{date: 2026-12-{day:02}, is: 上班}}\n" for day in (6, 19))
"""A holiday of three days that the year does not have, and the two Sundays and Saturdays that make up for it."""


def calendar(dice: Random) -> str:
    """A note on every day and one more on workdays; groups and Moments as the dice want."""
    lines = [
        "id: full\ntitle: 排满的日历\nvalid: 2026-12-01 ~ 2026-12-31\nentries:",
        "  - {id: note, touchpoint: 私聊, every: 每天, at: 10:05, by: 20:00, pick: 自动}",
        "  - {id: note-late, touchpoint: 私聊, every: 工作日, at: 14:05, by: 19:00, pick: 科普 互动, holidays: 顺延}",
        "  - {id: note-weekly, touchpoint: 私聊, every: 周六, at: 11:05, by: 17:00, pick: 自动, holidays: 跳过}",
    ]
    for number, day in enumerate("一二三四五六日"):
        if day != "日" and dice.random() < 0.7:
            at = f"{dice.choice((9, 12, 18))}:{dice.randrange(35, 50)}"
            lines.append(f"  - {{id: group-{number}, touchpoint: 群, every: 周{day}, at: {at}, by: 21:30, pick: 自动}}")
        if dice.random() < 0.7:
            lines.append(
                f"  - {{id: moments-{number}, touchpoint: 朋友圈, every: 周{day}, at: 9:35, by: 21:00, pick: 自动}}"
            )
    return "\n".join(lines) + "\n"


def brand(folder: Path, dice: Random) -> Folders:
    folders = edited(folder, {"holidays.yaml": ("days:\n", "days:\n" + FREE + MADE_UP)})
    for old in (folders.content / "calendars").glob("*.yaml"):
        old.unlink()
    (folders.content / "calendars" / "full.yaml").write_text(calendar(dice), encoding="utf-8")
    edit(folders, "care.yaml", "  - {for: 私聊, per: 7天, most: 2}\n", "  - {for: 私聊, per: 7天, most: 4}\n")
    edit(folders, "care.yaml", "most: 14}", f"most: {BUDGET // 100}}}")
    return folders


@pytest.mark.parametrize(
    ("seed", "span"), [(1, 11), *(pytest.param(n, 16, marks=pytest.mark.slow) for n in range(1, 12))]
)
async def test_nobody_is_written_to_whose_budget_is_spent(tmp_path: Path, seed: int, span: int) -> None:
    """Reserved when decided, counted when sent: no window of seven days holds more than a person's budget."""
    folders, zone = brand(tmp_path, Random(seed)), ZoneInfo("Asia/Shanghai")
    start_at = int(datetime(START.year, START.month, START.day, tzinfo=zone).timestamp())
    async with simulated(folders, CONFIG, seed=seed, customers=12, start_at=start_at, rates=LATE) as run:
        await let_go(run, everything(run.content))
        shared = await everybody_knows(run)
        await run.until(start_at + span * DAY)
        decided = await run.database.read(
            lambda conn: {row.task_id: row.decided_at for row in conn.execute(text(DECIDED))}
        )
        written = list(letters(run.world))
        seen = exposures(run.world)
    room = BUDGET - WEIGHTS["私聊"]
    full = [sum(w for when, w in seen[shared] if at - WEEK < when <= at + DAY) > room for _, at, _ in written]
    is_written_to = shared in {who for who, *_ in written}
    assert is_written_to or sum(full) > len(full) * 3 / 4, "who is in three groups is, but where they leave no room"
    days = {datetime.fromtimestamp(at, zone).date() for _, at, _ in written}
    assert len(days) > 5, "a week's budget holds three letters"
    fullest = 0
    for who, at, msgid in written:
        before = [each for each in written if each[0] == who and at - WEEK < each[1] <= at]
        assert len([each for each in before if each[1] > at - DAY]) == 1, "one a day"
        assert len(before) <= 4, "four a week"
        known = sum(w for when, w in seen[who] if at - WEEK < when <= decided[msgid])
        fullest = max(fullest, known + WEIGHTS["私聊"] * len(before))
        assert fullest <= BUDGET, START + timedelta(seconds=at - start_at)
    assert fullest > room, "one more would have been too much"


async def everybody_knows(run: Run) -> str:
    """Somebody who adds all three, and is in a group of each."""
    now, world = run.clock.now(), run.world
    who, events = world.relations.customer_adds(now, userid=GUIDES[0])
    for guide in GUIDES[1:]:
        events += world.relations.customer_adds(now, userid=guide, external_userid=who)[1]
    for guide in GUIDES:
        events += world.groups.creates(now, owner=guide, name=f"会员群-{guide}", people=[who])[1]
    await run._hear(run.life.heard(events, now))
    await run.settle()
    return who


DECIDED = "SELECT sends.task_id, planned.decided_at FROM sends JOIN planned ON planned.id = sends.planned_id"


def letters(world: World) -> Iterator[tuple[str, int, str]]:
    """(whom, when, msgid) of every customer whom a mass send reached."""
    for send in world.mass.all():
        if send.chat_type == "single":
            for task in send.tasks.values():
                got = (to for to in task.recipients.values() if to.status == SendStatus.SENT)
                yield from ((to.id, to.send_time, send.msgid) for to in got)


def exposures(world: World) -> dict[str, list[tuple[int, int]]]:
    """Whom → (when, weight) of what was in their groups and Moments."""
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for send in world.mass.all():
        if send.chat_type == "group":
            for to in (to for task in send.tasks.values() for to in task.recipients.values()):
                for person in world.groups.find(to.id).seats if to.status == SendStatus.SENT else ():
                    seen[person].append((to.send_time, WEIGHTS["群"]))
    for moment in world.moments.all():
        for post in (task for task in moment.tasks.values() if task.posted_at):
            for person in post.visible:
                seen[person].append((post.posted_at, WEIGHTS["朋友圈"]))
    return seen

"""The console's rule changes to seven mass sends a week: what does not fit is said beforehand, and does not go."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.scrm.gates.outcome import SAID
from demo.stage import Stage, expect
from demo.stories.calendar_day import MEMBERS

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = ("--from", "2026-12-07", "--days", "7")
NOON, EVENING = (12, 6), (19, 36)
ROUNDS = (
    *((7, *EVENING), (8, *NOON), (9, *NOON), (10, *NOON), (10, *EVENING), (11, *EVENING)),
    *((12, 17, 1), (12, 20, 1), (13, 18, 1)),
)
"""When the group posts of that week come round: day of December, hour, minute."""

MONTHLY = "  - {from: 2023-01-01, rule: 当月天数}\n"
WEEKLY = ("quota.yaml", MONTHLY, MONTHLY + "  - {from: 2026-12-01, rule: 每周7条}\n")
NO_RESERVE = ("quota.yaml", "私聊6 群4", "私聊0 群0")
BY_HAND = "    pick: 互动 科普\n    topic: 护肤知识\n"
CLASSES = [(f"calendars/{month}.yaml", BY_HAND, BY_HAND + "    via: 导购手发\n") for month in ("2026-12", "2027-01")]
"""The small class on Wednesday, sent by the guide herself: it costs no quota."""

OF_THE_SHOP = """id: jingan
title: 静安店自己的
valid: 2026-12-01 ~ 2026-12-31
entries:
  - {id: tuesday, touchpoint: 群, who: {groups: ["*静安*"]}, on: 2026-12-08, at: 12:05, by: 14:00, pick: 自动}
"""


async def play(stage: Stage) -> dict[str, object]:
    await stage.sandbox.staff.members_confirm(after_seconds=60)
    people = await stage.sandbox.existing_pool(MEMBERS, guides=["guide-lin"])
    await stage.sandbox.customer_adds(userid="guide-lin", name="陶小姐")
    await stage.sandbox.groups.creates("guide-lin", "会员群-静安", people=people)
    await stage.sandbox.callbacks_settled()
    await stage.wait(5)
    for by, *role in (("zhou-lan",), ("he-yun", "--role", "店长")):
        await stage.command("approve", "--all", "--by", by, *role)
    wrong = await stage.edit(WEEKLY, NO_RESERVE)
    expect("排了 8 条群发，上限 7；请把 1 条改成 via: 导购手发" in wrong, "排得比一周七条多，改的不生效，说得出差几条")
    expect(await stage.edit(*CLASSES) == "", "照着改一条，就生效了")
    expect((await use(stage))["left"] == 0, "这一周七条，正好排满")
    await stage.edit(("calendars/jingan.yaml", "", OF_THE_SHOP))
    said = await foreseen(stage)
    lost = [row["entry"] for row in said if "群发额度只剩 0 条" in row["because"]]
    expect(lost == ["dec-2026/live-1212-replay"], "分店自己加了一条，周日那条就没有额度了，事先就知道")
    for day, hour, minute in ROUNDS:
        await stage.look_at(int(datetime(2026, 12, day, hour, minute, tzinfo=SHANGHAI).timestamp()))
    came = await stage.rows(CAME)
    expect(
        [(row["entry"], row["outcome"]) for row in said] == [(row.entry, SAID[row.outcome]) for row in came],
        "计划怎么说，就怎么发生",
    )
    expect("群发额度只剩 0 条" in came[-1].because, "没发的那条，原因也一样")
    return {"sent": sum(row.outcome == "sent" for row in came), "no_quota": lost[0]}


async def use(stage: Stage) -> dict[str, Any]:
    """The group's quota in that week, as the plan says."""
    told = json.loads(await stage.command("plan", *WEEK, "--json"))
    first: dict[str, Any] = min(told["quota"], key=lambda each: each["start_at"])
    return first


async def foreseen(stage: Stage) -> list[dict[str, str]]:
    """What the plan says of the group, slot by slot."""
    told = json.loads(await stage.command("plan", *WEEK, "--json"))
    return [row for row in told["slots"] if row["touchpoint"] == "群"]


CAME = """SELECT calendar || '/' || entry AS entry, outcome, because FROM planned
    WHERE touchpoint = '群' ORDER BY at"""

"""A busy week: who is in many groups has had enough before the note of Friday comes, and who is in one has not."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from demo.stage import Stage, expect

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTE = ("dec-2026/note-cream-set", "--from", "2026-12-11")
POSTS = ((4, 19, 36), (5, 10, 6), (7, 10, 6), (7, 19, 36), (9, 10, 6), (9, 12, 6), (10, 12, 6), (10, 19, 36))
"""When the posts of that week come round: day of December, hour, minute."""

MEMBERS = 20
"""Of each group: in a smaller one nothing is sold (content/rules/)."""


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    await sandbox.staff.members_confirm(after_seconds=60)
    busy = await sandbox.customer_adds(userid="guide-lin", name="陶小姐")
    calm = await sandbox.customer_adds(userid="guide-lin", name="方小姐")
    for guide, name in (("guide-lin", "会员群一"), ("guide-zhou", "会员群二"), ("guide-wu", "会员群三")):
        people = await sandbox.existing_pool(MEMBERS, guides=[guide])
        mine = [busy, calm] if guide == "guide-lin" else [busy]
        await sandbox.groups.creates(guide, name, people=[*people, *mine])
    await sandbox.callbacks_settled()
    await stage.settled()
    for by, *role in (("zhou-lan",), ("he-yun", "--role", "店长")):
        await stage.command("approve", "--all", "--by", by, *role)
    for day, hour, minute in POSTS:
        await stage.look_at(int(datetime(2026, 12, day, hour, minute, tzinfo=SHANGHAI).timestamp()))
    had = await points(stage, busy), await points(stage, calm)
    expect(had[0] > 14 > had[1] + 3, f"三个群的人看到的，是一个群的两三倍：{had}")
    stopped, free = await stage.command("explain", busy, *NOTE), await stage.command("explain", calm, *NOTE)
    expect(
        f"疲劳：7 天疲劳预算 14 分，放不下这一条的 3 分，已用 {had[0]:g} 分" in stopped,
        "陶小姐这周够了，说得出够了多少",
    )
    expect(re.search(r"疲劳：.*；12 月 \d+ 日 \d+:\d+ 后可发", stopped), "也说得出什么时候又可以")
    expect("疲劳" not in free, "方小姐只在一个群里，不到上限")
    return {"points": had[0], "calm": had[1], "most": 14}


async def points(stage: Stage, customer: str) -> float:
    """What `explain` says that somebody has had in seven days."""
    said = await stage.command("explain", customer, "--from", "2026-12-11")
    found = re.search(r"疲劳：7 天里 ([\d.]+) 分，上限 14 分", said)
    expect(found, "全貌里写着用了多少分")
    return float(found[1]) if found else 0.0

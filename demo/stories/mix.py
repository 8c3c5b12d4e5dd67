"""Four weeks of the calendar: which kinds went out, against the target, and what kept a pool from it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.scrm.gates.situations import find_entry
from bot.scrm.kind import KINDS, Touchpoint
from bot.scrm.mix import MixPlan, PoolRef
from bot.scrm.mix_report import MixReport, report
from bot.scrm.slots import slots
from bot.store.mix import charges
from bot.store.planning import mixes
from demo.stage import Stage, expect
from demo.stories.calendar_day import GROUPS, MEMBERS, approve

ZONE = "Asia/Shanghai"
OPENING = int(datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo(ZONE)).timestamp())
CLOSING = OPENING + 28 * 86_400
SENT_SECONDS = 900
"""After a slot: guides have pressed by then, and the bot has looked."""

SEEN_BY_ALL: tuple[Touchpoint, ...] = ("群", "朋友圈")


async def play(stage: Stage) -> dict[str, object]:
    people = {guide: await stage.sandbox.existing_pool(MEMBERS, guides=[guide]) for guide in dict(GROUPS)}
    for guide, name in GROUPS:
        await stage.sandbox.groups.creates(guide, name, people=people[guide])
        await stage.sandbox.customer_adds(userid=guide)
    await stage.sandbox.callbacks_settled()
    await stage.settled()
    await stage.look_at(OPENING)
    for role in ("", "店长"):
        await approve(stage, role)
    await stage.sandbox.staff.members_confirm(after_seconds=300)
    content = stage.app.content.current
    for slot in slots(content.calendars, content.days, OPENING, CLOSING, ZONE):
        found = find_entry(content, slot)
        if found and found[1].touchpoint in SEEN_BY_ALL and stage.clock.now() < slot.at:
            await stage.look_at(slot.at)
            await stage.look_at(slot.at + SENT_SECONDS)
    reports = await stage.app.database.read(partial(_reports, plan=content.mix, now=stage.clock.now()))
    expect(len(reports) >= 4, "两个群、两位导购的朋友圈都排了四周")
    for each in reports:
        expect(each.sent >= 10, f"{each.pool.name} 四周里发了不少")
        expect(sum(row.realised for row in each.rows) in range(98, 103), "四类加起来是全部")
        off = [row for row in each.rows if row.sent * 100 != row.target * each.sent]
        expect(all(row.causes or not row.red for row in off), "差得多的，说得出是什么挡住的")
    counts = {kind: sum(row.sent for each in reports for row in each.rows if row.kind == kind) for kind in KINDS}
    causes = dict.fromkeys(cause.because for each in reports for row in each.rows for cause in row.causes)
    expect(causes, "固定的条目占了几条，报告里点得出名")
    red = sum(each.red for each in reports)
    return {"pools": len(reports), "sent": counts, "beyond_tolerance": red, "because": list(causes)[:3]}


def _reports(conn: Connection, plan: MixPlan, now: int) -> list[MixReport]:
    """The last four weeks of every pool."""
    found = []
    for touchpoint in SEEN_BY_ALL:
        charged = charges(conn, touchpoint, now - 2 * plan.window_seconds)
        for pool, state in sorted(mixes(conn, touchpoint).items()):
            found.append(report(PoolRef(touchpoint, pool, pool), plan, state, charged.get(pool, ()), now, ZONE))
    return found

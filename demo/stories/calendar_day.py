"""A whole day of the calendar: what goes out, what waits for a person, what is stopped; each with its reason."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.scrm.records.planning import Approval, SetSwitch
from bot.scrm.switch import Switch
from bot.store import planning
from demo.stage import Stage, expect

MORNING = datetime(2026, 12, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""The day of the cream set: a fixed post at noon, an open one in the evening, Moments."""


async def play(stage: Stage) -> dict[str, object]:
    people = {guide: await stage.sandbox.existing_pool(MEMBERS, guides=[guide]) for guide in dict(GROUPS)}
    groups = [await stage.sandbox.groups.creates(guide, name, people=people[guide]) for guide, name in GROUPS]
    await stage.sandbox.customer_adds(state="store", name="陶小姐")
    await stage.sandbox.callbacks_settled()
    await stage.settled()
    await stage.look_at(at(9, 0))
    await approve(stage, "")
    await switch_off(stage, Switch("条目", "dec-2026/moments-cream-set"), "图还没修好")
    await stage.look_at(at(12, 6))
    noon = await decided(stage, "group-cream-set")
    expect({row.outcome for row in noon} == {"held"} and "店长" in noon[0].because, "带价格的，店长没看过先不发")
    stopped = await decided(stage, "moments-cream-set")
    expect({row.outcome for row in stopped} == {"skipped"}, "停掉的条目不发")
    expect("停掉" in stopped[0].because, "并且说得出原因")
    await approve(stage, "店长")
    await stage.look_at(at(12, 12))
    noon = await decided(stage, "group-cream-set")
    expect({row.outcome for row in noon} == {"sent"}, "店长看过，这就发")
    await stage.look_at(at(12, 13))
    [task] = await stage.sandbox.mass.tasks("guide-lin")
    expect("268元" in task["text"] and len(task["recipients"]) == 1, "林夕的企业微信里有一条待发的群发，只差点一下")
    sent = await stage.sandbox.mass.member_confirms("guide-lin", task["msgid"])
    expect(set(sent.values()) == {1}, "她点了，群里就看到")
    await stage.look_at(at(14, 6))
    await stage.look_at(at(14, 7))
    noon = {row.pool: row for row in await decided(stage, "group-cream-set")}
    expect({row.outcome for row in noon.values()} == {"sent", "lapsed"}, "周可到点没点，就收回来，不算发过")
    expect(not await stage.sandbox.mass.tasks("guide-zhou"), "她的企业微信里也没有了")
    await stage.look_at(at(19, 36))
    evening = await decided(stage, "group-evening")
    expect(all(row.outcome == "sent" and row.kind for row in evening), "晚上那条由配比来挑")
    rows = await decided(stage)
    expect(all(row.because for row in rows), "每一条都说得出为什么")
    expect(len({(r.entry, r.pool) for r in rows}) == len(rows), "没有一条定两次")
    return {"groups": len(groups), "decided": len(rows), "evening": evening[0].kind, "because": evening[0].because}


GROUPS = (("guide-lin", "会员群一"), ("guide-zhou", "会员群二"))
MEMBERS = 20
"""Of each group: in a smaller one nothing is sold (content/rules/)."""


def at(hour: int, minute: int) -> int:
    """A moment of the day."""
    return int(MORNING.replace(hour=hour, minute=minute).timestamp())


async def approve(stage: Stage, role: str) -> None:
    """Somebody has read the whole library."""
    library, now = stage.app.content.current.library.values(), stage.clock.now()
    given = [Approval(item=item.id, digest=item.digest, role=role, by="周岚", at=now) for item in library]
    await stage.app.database.write(lambda conn: planning.approve(conn, *given))


async def switch_off(stage: Stage, switch: Switch, because: str) -> None:
    """Somebody stops something."""
    record = SetSwitch(switch=switch, on=False, by="周岚", because=because, at=stage.clock.now())
    await stage.app.database.write(partial(planning.set_switch, record=record))


async def decided(stage: Stage, entry: str = "") -> list[Any]:
    """What became of an entry, pool by pool; of all without one."""
    query = "SELECT entry, pool, outcome, kind, because FROM planned WHERE entry = :entry OR :entry = '' ORDER BY pool"
    return await stage.rows(query, entry=entry)

"""What must not go out: stop it at once, and let it go on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.content.snapshot import Content
from bot.flow import deeds
from bot.scrm.switch import Switch, every_switch, switch_named
from bot.store import standing
from bot.web.console.room import Answer, Page, Room, Visit, called, clock, cut
from bot.web.console.sheet import Field, Form, Section, Sheet, Words
from bot.web.pages import Refused

SAID = {
    "off": "已停掉。还在导购手上的任务会收回，已经发出的收不回来。",
    "on": "已恢复，下一个排期起生效。",
    "same": "它已经是这样了，什么都没有改。",
}
NOTHING = "什么都没有停：先选停掉什么，再按一次。"
TARGETS = 400
"""Names in a list to choose from; of more, one writes the name."""


async def show(room: Room, visit: Visit) -> Sheet:
    """What is stopped, and a way to stop something; what was already written stays."""
    found = await room.database.read(standing.off)
    who = await called(room, [each.by for each in found])
    names = [str(switch) for switch in every_switch(room.content().calendars, room.content().rules)]
    rows = [
        (
            str(each.switch),
            each.because or "没有写",
            who[each.by],
            clock(each.stopped_at, room.timezone),
            Form(to="/console/switches/on", button="恢复", fields=(_what(str(each.switch)),)),
        )
        for each in found
    ]
    head = ("停着的", "为什么", "谁停的", "什么时候", "")
    table = cut(visit, "switches", head, rows, "什么都没有停。")
    asked = visit.query.get("what", "") or visit.field("what")
    if len(names) <= TARGETS:
        choices = (("", "请选"), *((name, name) for name in names))
        what = Field(name="what", label="停掉什么", kind="choice", options=choices, value=asked)
    else:
        what = Field(name="what", label="停掉什么（全部、触点/群、日历/编号、条目/日历/条目、规则/编号）", value=asked)
    stop = Form(
        to="/console/switches/off",
        button="停掉",
        fields=(what, Field(name="because", label="为什么", value=visit.because)),
        tone="danger",
    )
    about = Words("停掉以后不再排，还在导购手上的任务在下一次看表时收回，每位导购只通知一次。", "soft")
    sections = (Section("现在停着的", (table,)), Section("急停", (about, stop)))
    return Sheet("开关", sections, SAID.get(visit.query.get("said", ""), ""))


async def stop(room: Room, visit: Visit) -> Answer:
    """Stop something; content that does not load keeps nobody from it."""
    if not visit.field("what"):
        return replace(await show(room, visit), said=NOTHING, status=400)
    wanted = _wanted(visit)
    if not room.problems() and wanted not in _there(room.content()):
        raise Refused("sense")
    if not visit.because:
        raise Refused("sense")
    return await _set(room, visit, wanted, on=False)


async def resume(room: Room, visit: Visit) -> str:
    """Let it go on."""
    return await _set(room, visit, _wanted(visit), on=True)


async def _set(room: Room, visit: Visit, switch: Switch, *, on: bool) -> str:
    job = partial(deeds.set_switch, by=visit.doer, switch=switch, on=on, because=visit.because)
    changed = await room.database.write(job, urgent=True)
    room.changed()
    return f"/console/switches?said={('on' if on else 'off') if changed else 'same'}"


def _wanted(visit: Visit) -> Switch:
    wanted = switch_named(visit.field("what"))
    if wanted is None:
        raise Refused("sense")
    return wanted


def _there(content: Content) -> frozenset[Switch]:
    return frozenset(every_switch(content.calendars, content.rules))


def _what(name: str) -> Field:
    return Field(name="what", value=name, kind="hidden")


PAGES = (
    Page("GET", "/console/switches", "see", show),
    Page("POST", "/console/switches/off", "switch", stop),
    Page("POST", "/console/switches/on", "switch", resume),
)

"""What did not work: events put aside, actions that did not go out; have another try, or give up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.flow import deeds
from bot.scrm.action_names import KINDS, STATES
from bot.store import inbox, outbox
from bot.web.console.room import Page, Room, Visit, clock, paged
from bot.web.console.sheet import Field, Form, Section, Sheet, Table, Words

TROUBLE: Final = ("failed", "refused", "unknown", "expired")
RETRIES: Final = ("refused", "failed", "expired", "dropped", "unknown", "pending")
SAID: Final = {
    "done": "好了，几秒内就会动。",
    "not": "没有这样的动作或事件：可能刚刚已经处理了，或者过了时限。",
}


async def show(room: Room, visit: Visit) -> Sheet:
    """The events put aside, and the actions of the states that were asked for."""
    state = visit.query.get("state", "")
    states = (state,) if state in STATES else TROUBLE
    parked = await room.database.read(partial(_parked, visit=visit))
    entries = await room.database.read(partial(_entries, visit=visit, states=states))
    may = visit.staff.may("repair")
    asked = Field(
        name="state", label="看哪些动作", kind="choice", options=(("", "没成的"), *STATES.items()), value=state
    )
    look = Form(to="/console/boxes", button="看", fields=(asked,), method="get")
    rule = Words("重试和放弃只有管理员能做，每一次都记在操作记录里。", "soft")
    return Sheet(
        "死信与发件箱",
        (
            Section(
                "搁置的事件", (_events(parked, visit, room, may=may), rule), "处理失败满 15 分钟的，放在这里等人。"
            ),
            Section("发件箱", (look, _actions(entries, visit, room, may=may)), "最新的在前。"),
        ),
        SAID.get(visit.query.get("said", ""), ""),
    )


def _parked(conn: Connection, visit: Visit) -> list[inbox.Parked]:
    offset, limit = visit.window("parked")
    return inbox.parked(conn, limit, offset)


def _entries(conn: Connection, visit: Visit, states: tuple[str, ...]) -> list[outbox.Entry]:
    offset, limit = visit.window("outbox")
    return outbox.entries(conn, states, limit, offset)


def _events(found: list[inbox.Parked], visit: Visit, room: Room, *, may: bool) -> Table:
    rows = [
        (
            str(each.id),
            each.name,
            clock(each.received_at, room.timezone),
            each.attempts,
            each.reason,
            _press("/console/boxes/replay", "重放", each.id) if may else "",
        )
        for each in found
    ]
    return paged(visit, "parked", ("编号", "事件", "收到", "试过", "原因", ""), rows, "没有搁置的事件。")


def _actions(found: list[outbox.Entry], visit: Visit, room: Room, *, may: bool) -> Table:
    rows = [
        (
            str(each.id),
            KINDS.get(each.kind, each.kind),
            STATES[each.state],
            each.attempts,
            clock(each.created_at, room.timezone),
            clock(each.not_after_at, room.timezone),
            each.reason,
            _press("/console/boxes/retry", "重试", each.id) if may and each.state in RETRIES else "",
            _press("/console/boxes/drop", "放弃", each.id) if may and each.not_before_at is not None else "",
        )
        for each in found
    ]
    head = ("编号", "动作", "状态", "试过", "建立", "最晚", "原因", "", "")
    return paged(visit, "outbox", head, rows, "没有这样的动作。")


def _press(to: str, words: str, number: int) -> Form:
    return Form(to=to, button=words, fields=(Field(name="number", value=str(number), kind="hidden"),))


async def _do(room: Room, visit: Visit, *, job: Callable[..., bool], of: str) -> str:
    done = await room.database.write(partial(job, by=visit.doer, **{of: visit.number("number")}))
    room.changed()
    return f"/console/boxes?said={'done' if done else 'not'}"


async def retry(room: Room, visit: Visit) -> str:
    """Try an action again."""
    return await _do(room, visit, job=deeds.retry, of="outbox_id")


async def drop(room: Room, visit: Visit) -> str:
    """Give an action up."""
    return await _do(room, visit, job=deeds.drop, of="outbox_id")


async def replay(room: Room, visit: Visit) -> str:
    """Let an event have another turn."""
    return await _do(room, visit, job=deeds.replay, of="inbox_id")


PAGES = (
    Page("GET", "/console/boxes", "see", show),
    Page("POST", "/console/boxes/retry", "repair", retry),
    Page("POST", "/console/boxes/drop", "repair", drop),
    Page("POST", "/console/boxes/replay", "repair", replay),
)

"""One task in the hands of a guide: where it has left, when WeCom is asked next, and a way to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from bot.flow import deeds
from bot.scrm.kind import Touchpoint
from bot.store import board, in_hand
from bot.store.in_hand import InHand
from bot.web.console.room import Answer, Page, Room, Visit, called, clock, cut, title_of
from bot.web.console.sheet import Field, Form, Link, Part, Section, Sheet, Table, Words
from bot.web.pages import Refused

SAID: Final = {
    "done": "退掉了，一两分钟里收回，导购会收到一条消息。已经发出的收不回来。",
    "not": "没有退：这个任务已经完了，或者退过了。",
}
UNITS: Final[Mapping[Touchpoint, str]] = {"群": "个群", "朋友圈": "位导购", "私聊": "位客户"}
GONE: Final = "没有这个任务，或者已经完了：发出了，到点收回了，退掉了，停掉了。"
SHARED: Final = (
    "这条朋友圈是 {count} 位导购共用的一个任务。企业微信收回朋友圈任务只能整条收回，不能只退一位："
    "不想让谁发，告诉她别点；谁都不要发，就停掉这一条。"
)


def path_of(task: InHand) -> str:
    """Where one of them is looked at."""
    return f"/console/tasks?{urlencode({'key': task.key})}"


def to_whom(task: InHand) -> str:
    """How many groups, guides or customers it is for: of a group nobody counts who sees it, of a Moment neither."""
    return f"{task.people:,} {UNITS[task.touchpoint]}"


async def show(room: Room, visit: Visit) -> Sheet:
    """The task as it stands."""
    said = SAID.get(visit.query.get("said", ""), "")
    task = await room.database.read(partial(in_hand.one, key=visit.query.get("key", "").replace("\0", "")))
    if task is None:
        return Sheet("导购手上的任务", (Section("", (Words(GONE),)),), said)
    names = await called(room, task.guides)
    left, pools = await room.database.read(partial(_pools, task=task))
    rows = [
        (pools.get(pool, pool), f"{clock(at, room.timezone)} 发出" if at else "还没点") for pool, at in left.items()
    ]
    where: Part = cut(visit, "pools", ("哪里", "现在"), rows) if rows else Words(f"给 {to_whom(task)}，一次点完。")
    return Sheet(
        title_of(room.content(), task.item),
        (
            Section("", (_about(task, [names[each] for each in task.guides], room),)),
            Section("发到哪里", (where,)),
            Section("退掉", _dismissal(task, visit)),
        ),
        said,
    )


def _pools(conn: Connection, task: InHand) -> tuple[dict[str, int | None], dict[str, str]]:
    return in_hand.left_of(conn, task), board.names(conn, task.touchpoint)


def _about(task: InHand, guides: list[str], room: Room) -> Table:
    entry = f"{task.calendar}/{task.entry}"
    looks = clock(task.look_at, room.timezone) or "任务还没建好"
    why = Link(entry, f"/console/why?{urlencode({'q': entry})}")
    row = ("、".join(guides), task.touchpoint, why, clock(task.by_at, room.timezone), looks)
    return Table(name="task", head=("导购", "发到", "条目", "最晚", "下一次去读"), rows=[row])


def _dismissal(task: InHand, visit: Visit) -> tuple[Part, ...]:
    if task.reason:
        return (Words(f"{task.reason}，正在收回。"),)
    if task.shared:
        what = Field(name="what", value=f"条目/{task.calendar}/{task.entry}", kind="hidden")
        stop = Form(to="/console/switches", button="停掉这一条", fields=(what,), method="get")
        return Words(SHARED.format(count=len(task.guides))), stop
    if not visit.staff.may("switch"):
        return (Words("你的身份不能退。", "soft"),)
    fields = (Field(name="key", value=task.key, kind="hidden"), Field(name="because", label="为什么，导购也看得到"))
    return (Form(to="/console/tasks/dismiss", button="退掉", fields=fields, tone="danger"),)


async def dismiss(room: Room, visit: Visit) -> Answer:
    """Take it back, with the reason that its guide reads."""
    if not visit.because:
        raise Refused("sense")
    key = visit.field("key")
    count = await room.database.write(partial(_dismissed, visit=visit, key=key), urgent=True)
    room.changed()
    return f"/console/tasks?{urlencode({'key': key, 'said': 'done' if count else 'not'})}"


def _dismissed(conn: Connection, visit: Visit, key: str) -> int:
    task = in_hand.one(conn, key)
    if task is None or task.shared:
        return 0
    return deeds.dismiss(conn, visit.doer, task.guides[0], visit.because, key=key)


PAGES = (
    Page("GET", "/console/tasks", "see", show),
    Page("POST", "/console/tasks/dismiss", "switch", dismiss),
)

"""One customer: who looks after them, what happened, what reached them, what is to come, and why the rest is not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.content.places import Places
from bot.flow.one_customer import LATELY_DAYS, about
from bot.scrm.gates.answer import Explained
from bot.scrm.span import spelled
from bot.store import belongings, standing
from bot.store.person_now import SAID
from bot.store.timeline import Moment, timeline
from bot.web.console.overview import DAYS
from bot.web.console.remedies import gates, places, remedies
from bot.web.console.room import Answer, Page, Room, Visit, clock, cut
from bot.web.console.sheet import ROWS, Cell, Field, Form, Link, Section, Sheet, Table, Words
from bot.web.pages import Refused

RUNS = {"running": "进行中", "done": "走完了", "stopped": "停了", "passed": "没有进"}
SEEN = "群和朋友圈是“可能看到”：发出的时候人在群里、加着这位导购。疲劳按上限算，进群以前的也算。"
NOBODYS = "现在不是任何一位导购的客户，私聊没有人能发。"


async def search(room: Room, visit: Visit) -> Answer:
    """Customers by what stands in their name or their guides' remark, or by any id."""
    asked = visit.query.get("q", "").strip().replace("\0", "")[:100]
    field = Field(name="q", label="名字、备注里的字，任何编号，或 #人员编号", value=asked)
    form = Form(to="/console/customers", button="找", fields=(field,), method="get", tone="main")
    if not asked:
        return Sheet("客户", (Section("", (form,)),))
    person_id = await room.database.read(partial(belongings.find, customer=asked))
    if person_id is not None:
        return f"/console/customers/{person_id}"
    found = await room.database.read(partial(standing.search, words=asked, limit=ROWS))
    rows: list[tuple[Cell, ...]] = [
        (
            Link(each.name or f"#{each.person_id}", f"/console/customers/{each.person_id}"),
            f"#{each.person_id}",
            each.guides,
        )
        for each in found
    ]
    table = cut(visit, "customers", ("名字", "编号", "导购"), rows, "没有这样的客户。")
    return Sheet("客户", (Section("", (form,)), Section("找到的", (table,), f"最多列 {ROWS} 位。")))


async def show(room: Room, visit: Visit) -> Sheet:
    """Everything that is known of one."""
    person_id = int(visit.path["person"]) if visit.path["person"].isdecimal() and len(visit.path["person"]) < 19 else 0
    name = await room.database.read(partial(standing.name_of, person_id=person_id))
    if name is None:
        raise Refused("gone")
    overview = await room.overviews.newest()
    outlook = overview.outlook if overview else None
    told = await about(room.database, room.content(), room.timezone, person_id, visit.now, outlook)
    guides, names, moments = await room.database.read(partial(_past, person_id=person_id))
    how = f"推算的 {DAYS} 天，{room.overviews.aged(overview.at, visit.now)}。" if overview else room.overviews.why_none
    return Sheet(
        name or f"客户 #{person_id}",
        (
            Section("现在", tuple(Words(words) for words in _now(told, names))),
            Section("接下来的私聊", (_coming(visit, told["coming"], room, await places(room)),), how),
            Section("自动序列", (_sequences(visit, told, room),), "来自记录。"),
            Section(f"最近 {LATELY_DAYS} 天收到的", (_lately(visit, told, room),), SEEN),
            Section("导购", (_guides(visit, guides, names, room),)),
            Section("时间线", (_timeline(visit, moments, room),), "最近的在前，来自各处的记录。"),
        ),
    )


def _past(conn: Connection, person_id: int) -> tuple[list[standing.Relation], dict[str, str], list[Moment]]:
    guides = standing.relations(conn, person_id)
    return guides, standing.names(conn, [each.userid for each in guides]), timeline(conn, person_id)


def _now(told: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    whose = names.get(told["guide"], told["guide"])
    lines = [f"{whose} 的客户。" if whose else NOBODYS, f"阶段 {told['stage']['because']}"]
    lines.append(f"不想收到：{'、'.join(told['refused']) or '没有说过'}。")
    if points := told["points"]:
        lines.append(f"疲劳：{spelled(points['per_seconds'])}里 {points['used']:g} 分，上限 {points['most']} 分。")
    if quota := told["quota"]:
        lines.append(f"群发额度：用了 {quota['used']} 次，一共 {quota['most']} 次。")
    return lines


def _coming(visit: Visit, coming: list[Explained], room: Room, there: Places) -> Table:
    rows = [
        (
            each.when,
            Link(each.entry, f"/console/why?q={each.entry}"),
            f"{each.outcome}“{each.title}”" if each.title else each.outcome,
            each.because or gates(each),
            remedies(each, room, there),
        )
        for each in coming
    ]
    head = ("什么时候", "条目", "怎么样", "为什么", "最少改什么")
    return cut(visit, "coming", head, rows, "没有要发给这位客户的。")


def _sequences(visit: Visit, told: dict[str, Any], room: Room) -> Table:
    rows = [_run(run, room) for run in told["sequences"]]
    head = ("序列", "开始", "怎么样", "走过", "下一步", "什么时候", "为什么")
    return cut(visit, "sequences", head, rows, "不在任何序列里。")


def _run(run: dict[str, Any], room: Room) -> tuple[Cell, ...]:
    name = f"{run['calendar']}/{run['sequence']}"
    goes = run["state"] == "running" and run["step"]
    step: Cell = Link(run["step"], f"/console/why?q={name}/{run['step']}") if goes else ""
    waits = clock(run["waits_at"] if goes else run["ended_at"], room.timezone)
    stands = (clock(run["started_at"], room.timezone), RUNS[run["state"]], "、".join(run["done"]))
    return name, *stands, step, waits, run["because"]


def _lately(visit: Visit, told: dict[str, Any], room: Room) -> Table:
    rows = [
        (_when(each, room), each["touchpoint"], each["kind"], each["title"], SAID[each["how"]])
        for each in reversed(told["lately"])
    ]
    return cut(visit, "lately", ("什么时候", "哪里", "类别", "内容", "怎么样"), rows, "什么都没有收到。")


def _when(each: dict[str, Any], room: Room) -> str:
    """When it left; of what is still to leave, by when."""
    return ("最晚 " if each["how"] == "reserved" else "") + clock(each["at"], room.timezone)


def _guides(visit: Visit, guides: list[standing.Relation], names: Mapping[str, str], room: Room) -> Table:
    rows = [
        (
            names.get(each.userid, each.userid),
            _channel(each.channel, room),
            clock(each.added_at, room.timezone),
            clock(each.ended_at, room.timezone),
        )
        for each in guides
    ]
    return cut(visit, "guides", ("导购", "渠道", "从", "到"), rows)


def _channel(channel: str | None, room: Room) -> str:
    found = room.content().channels.get(channel or "")
    return (found.title if found else "") or channel or ""


def _timeline(visit: Visit, moments: list[Moment], room: Room) -> Table:
    rows = [(clock(each.at, room.timezone), each.what, each.said) for each in reversed(moments)]
    return cut(visit, "timeline", ("什么时候", "什么", "内容"), rows, "还什么都没有发生。")


PAGES = (
    Page("GET", "/console/customers", "people", search),
    Page("GET", "/console/customers/{person}", "people", show),
)

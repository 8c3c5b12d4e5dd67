"""The four kinds: what each group and each guide's Moments got, against the target, and what prevented it; what 导购
brought."""

from __future__ import annotations

from typing import Final

from bot.scrm.kind import KINDS, Kind
from bot.scrm.mix_report import MixReport, MixRow
from bot.scrm.plan_told import names
from bot.web.console.charts import shares
from bot.web.console.overview import DAYS
from bot.web.console.room import Page, Room, Visit, cut
from bot.web.console.sheet import Cell, Field, Form, Mark, Part, Section, Sheet, Words
from bot.web.console.uplift import section

EACH: Final = "每一格是 实际 / 目标，带 ! 的超出容许。"
WHICH: Final = (("", "全部"), ("red", "只看超出容许的"))


async def show(room: Room, visit: Visit) -> Sheet:
    """The sums at a look, then every pool, the worst first."""
    overview = await room.overviews.newest()
    if overview is None:
        return Sheet("配比", (Section("", (Words(room.overviews.why_none),)),))
    red = visit.query.get("which") == "red"
    mixes = sorted(overview.mixes, key=lambda each: (not each.red, each.pool.touchpoint, each.pool.name))
    rows = [each for each in mixes if each.red or not red]
    head = ("触点", "发到", "条数", *KINDS, "为什么差这么多")
    look = Form(
        to="/console/mix",
        button="看",
        fields=(Field(name="which", label="看哪些", kind="choice", options=WHICH, value="red" if red else ""),),
        method="get",
    )
    gaps = [
        (f"第 {each['week']} 周", each["touchpoint"], each["kind"], each["count"], names(each["pools"]))
        for each in overview.missing
    ]
    how = f"28 天里每一次发出都记着，{room.overviews.aged(overview.at, visit.now)}。"
    return Sheet(
        "配比",
        (
            Section("", tuple(_sums(overview.mixes)) or (Words("28 天里还没有发过，看不出比例。", "soft"),), how),
            Section("每个群、每位导购的朋友圈", (look, cut(visit, "mix", head, rows, "没有。", _row)), f"{EACH}{how}"),
            Section(
                f"{DAYS} 天里会缺的内容", (cut(visit, "missing", ("什么时候", "触点", "类别", "缺几条", "哪里"), gaps),)
            ),
            section(overview.uplift, room.content(), visit, room.overviews.aged(overview.at, visit.now)),
        ),
    )


def _sums(mixes: tuple[MixReport, ...]) -> list[Part]:
    """At each touchpoint, the share of each kind beside the mean of the targets."""
    parts: list[Part] = []
    for touchpoint in sorted({each.pool.touchpoint for each in mixes}):
        mine = [each for each in mixes if each.pool.touchpoint == touchpoint and each.sent]
        if mine:
            red = sum(each.red for each in mine)
            parts.append(Words(f"{touchpoint}：{len(mine):,} 个里有 {red:,} 个超出容许。", "bad" if red else "good"))
            parts.append(shares(touchpoint, _share(mine), _target(mine)))
    return parts


def _share(mine: list[MixReport]) -> dict[Kind, int]:
    sent = sum(each.sent for each in mine)
    return {
        kind: round(100 * sum(row.sent for each in mine for row in each.rows if row.kind == kind) / sent)
        for kind in KINDS
    }


def _target(mine: list[MixReport]) -> dict[Kind, int]:
    return {
        kind: round(sum(row.target for each in mine for row in each.rows if row.kind == kind) / len(mine))
        for kind in KINDS
    }


def _row(each: MixReport) -> tuple[Cell, ...]:
    because = "；".join(f"{row.kind}：{cause.because}" for row in each.rows for cause in row.causes)
    cells = {row.kind: _share_of(each, row) for row in each.rows}
    return (each.pool.touchpoint, each.pool.name, each.sent, *(cells.get(kind, "") for kind in KINDS), because)


def _share_of(each: MixReport, row: MixRow) -> Cell:
    if not each.sent:
        return f"– / {row.target}%"
    words = f"{row.realised}% / {row.target}%"
    return Mark(f"{words} !", "bad") if row.red else words


PAGES = (Page("GET", "/console/mix", "see", show),)

"""content/mix.yaml: how much of each kind, by touchpoint and stage, and what stage a pool is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.content.fields import Line, Span, Userid
from bot.scrm.kind import KINDS, TOUCHPOINTS, Kind, Touchpoint
from bot.scrm.mix import POOL_STAGES, MixPlan, Pin, PoolStage, StageRow
from bot.scrm.pool_stage import POOL_FACTS, UNMEASURED
from bot.scrm.rules.condition import Condition
from bot.yamlfile import Document, Problem, Row, did_you_mean

Compile = Callable[[str], Condition]
"""A condition as staff write it → its tree. Raises ValueError with what is wrong, in Chinese."""

EARLY_SELLING: Final = 10
"""More 导购 than this in a young group drives people away. Our own advice."""

_DIGITS = str.maketrans("０１２３４５６７８９％", "0123456789%")


def _ratio(value: object) -> dict[Kind, int]:
    """ "科普40 活动15 互动40 导购5"."""
    shares: dict[Kind, int] = {}
    for word in str(value).translate(_DIGITS).split():
        found = re.fullmatch(r"(\D+?)(\d{1,3})%?", word)
        if not found:
            raise ValueError(f"“{word[:40]}”看不懂，请写成 科普40 活动15 互动40 导购5")
        kind = next((kind for kind in KINDS if kind == found[1]), None)
        if kind is None:
            raise ValueError(f"“{found[1][:40]}”不在四类里{did_you_mean(found[1], KINDS) or '：' + '、'.join(KINDS)}")
        if kind in shares:
            raise ValueError(f"“{kind}”写了两次")
        shares[kind] = int(found[2])
    if left_out := [kind for kind in KINDS if kind not in shares]:
        raise ValueError(f"缺“{'、'.join(left_out)}”，不发请写 {left_out[0]}0")
    if (total := sum(shares.values())) != 100:
        raise ValueError(f"加起来是 {total}，{f'少 {100 - total}' if total < 100 else f'多 {total - 100}'}")
    return shares


def _date(value: object) -> date:
    text = str(value)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"没有 {text} 这一天") from None
    raise ValueError("日期请写 2026-12-01")


RatioField = Annotated[
    Mapping[Kind, int],
    PlainValidator(_ratio),
    WithJsonSchema({"type": "string", "examples": ["科普40 活动15 互动40 导购5"]}),
]
DateField = Annotated[date, PlainValidator(_date), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"})]


class RatioRow(Row):
    """一个触点在一个阶段的配比"""

    touchpoint: Touchpoint = Field(description="触点")
    stage: PoolStage = Field(description="池子的阶段")
    ratio: RatioField = Field(description="四类各占百分之几，加起来是 100")


class StageRowFile(Row):
    """一个阶段和它的条件；从上往下，第一行成立的算"""

    stage: PoolStage = Field(description="阶段")
    when: Line | None = Field(default=None, description=f"条件（CEL），可以用 {'、'.join(POOL_FACTS)}；最后一行不写")


class PinRow(Row):
    """人来指定阶段，不看量出来的"""

    groups: tuple[Line, ...] = Field(default=(), description="哪些群：群名，* 代表任意字，例如 会员群-静安*")
    guides: tuple[Userid, ...] = Field(default=(), description="哪些导购的私聊和朋友圈：成员 userid")
    stage: PoolStage = Field(description="指定成哪个阶段")
    until: DateField | None = Field(default=None, description="到哪天为止（含这天），默认一直")

    def value(self, timezone: str) -> Pin:
        return Pin(stage=self.stage, groups=self.groups, guides=self.guides, until_at=_end_of(self.until, timezone))


class MixFile(Row):
    """配比：content/mix.yaml"""

    window: Span = Field(default=28 * 86_400, description="看多长时间，默认 28天")
    tolerance: int = Field(default=5, ge=1, le=50, description="差几个百分点报红，默认 5")
    ratios: tuple[RatioRow, ...] = Field(description="每个触点、每个阶段一行")
    min_stay: Span = Field(default=14 * 86_400, description="一个阶段至少留多久，免得来回跳，默认 14天")
    stages: tuple[StageRowFile, ...] = Field(min_length=1, description="从上往下，第一行条件成立的；最后一行没有条件")
    pins: tuple[PinRow, ...] = Field(default=(), description="由人指定阶段的池子")

    def value(self, compile_: Compile, timezone: str) -> MixPlan:
        """The plan. Call only when `problems` found none. `timezone`: IANA name; a pin ends with its last day there."""
        stages = tuple(StageRow(row.stage, compile_(row.when) if row.when else None) for row in self.stages)
        return MixPlan(
            ratios={(row.touchpoint, row.stage): row.ratio for row in self.ratios},
            stages=stages,
            window_seconds=self.window,
            min_stay_seconds=self.min_stay,
            tolerance=self.tolerance,
            pins=tuple(pin.value(timezone) for pin in self.pins),
        )


@dataclass(frozen=True, slots=True)
class Around:
    """What mix.yaml refers to. `guides`: every member named anywhere; None where that could not be read."""

    compile: Compile
    guides: Collection[str] | None = None


def problems(document: Document, file: MixFile, around: Around) -> Iterator[Problem]:
    """What no single value can know: rows that are missing or twice, conditions, pins."""
    yield from _ratio_problems(document, file)
    last = len(file.stages) - 1
    for i, row in enumerate(file.stages):
        here = ("stages", i, "when")
        if row.when is None and i < last:
            yield document.problem(here, "只有最后一行可以不写 when，下面的行永远轮不到")
        elif row.when is not None and i == last:
            yield document.problem(here, "最后一行不能有 when：前面都不成立时，总要有一个阶段")
        if row.when is not None:
            yield from _condition_problems(document, i, row.when, around.compile)
    for i, pin in enumerate(file.pins):
        yield from _pin_problems(document, i, pin, around.guides)


def _ratio_problems(document: Document, file: MixFile) -> Iterator[Problem]:
    rows = Counter((row.touchpoint, row.stage) for row in file.ratios)
    for touchpoint in TOUCHPOINTS:
        for stage in POOL_STAGES:
            if not rows[touchpoint, stage]:
                yield document.problem(("ratios",), f"缺“{touchpoint} · {stage}”")
    for i, row in enumerate(file.ratios):
        if rows[row.touchpoint, row.stage] > 1:
            yield document.problem(("ratios", i, "stage"), f"“{row.touchpoint} · {row.stage}”写了两行")
        if (row.touchpoint, row.stage) == ("群", "冷启动") and row.ratio["导购"] > EARLY_SELLING:
            advice = f"群 · 冷启动 导购 {row.ratio['导购']}，建议不超过 {EARLY_SELLING}，新群容易被退"
            yield document.problem(("ratios", i, "ratio"), advice, "warning")


def _condition_problems(document: Document, i: int, when: str, compile_: Compile) -> Iterator[Problem]:
    """What is wrong with a condition: its own grammar, or that it asks for more than is known of a pool."""
    here = ("stages", i, "when")
    try:
        names = sorted(fact.name for fact in compile_(when).facts)
    except ValueError as error:
        yield document.problem(here, str(error))
        return
    if foreign := [name for name in names if name not in POOL_FACTS]:
        yield document.problem(here, f"阶段不能按 {foreign[0]} 判断，可以用 {'、'.join(POOL_FACTS)}")
    elif unmeasured := [name for name in names if name in UNMEASURED]:
        yield document.problem(here, f"{unmeasured[0]} 还量不出来，这一行不会成立", "warning")


def _pin_problems(document: Document, i: int, pin: PinRow, guides: Collection[str] | None) -> Iterator[Problem]:
    if not pin.groups and not pin.guides:
        yield document.problem(("pins", i), "要写 groups 或 guides：指定哪些池子")
    for j, userid in enumerate(pin.guides):
        if guides is not None and userid not in guides:
            yield document.problem(("pins", i, "guides", j), f"没有导购 {userid}{did_you_mean(userid, guides)}")


def _end_of(day: date | None, timezone: str) -> int | None:
    """The midnight after a day."""
    if day is None:
        return None
    after = day + timedelta(days=1)
    return int(datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(timezone)).timestamp())

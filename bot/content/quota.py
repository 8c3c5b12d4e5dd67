"""content/quota.yaml: WeCom's limits on mass sends, as set in the console; no API tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.content.fields import DateField
from bot.content.period import TIMEZONE
from bot.scrm.kind import TOUCHPOINTS, Touchpoint
from bot.scrm.quota import Quota, QuotaPolicy, Span
from bot.yamlfile import Document, Problem, Row

_DAYS_OF_MONTH = "当月天数"
_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_SPANS: Mapping[str, Span] = {"月": "月", "周": "周", "天": "天"}


def _rule(value: object) -> tuple[Span, int | None]:
    text = str(value).translate(_HALF_WIDTH).replace(" ", "")
    if text == _DAYS_OF_MONTH:
        return "月", None
    found = re.fullmatch(r"每(月|周|天)(\d{1,3})条", text)
    if not found:
        close = re.fullmatch(r"每(月|周|天)(\d{1,3})\D*", text)
        meant = f"每{close[1]}{close[2]}条 或 " if close else "每月30条、每周7条、每天1条 或 "
        raise ValueError(f"“{text[:20]}”请写成 {meant}{_DAYS_OF_MONTH}")
    return _SPANS[found[1]], int(found[2])


def _reserve(value: object) -> Mapping[Touchpoint, int]:
    found: dict[Touchpoint, int] = {}
    for word in str(value).translate(_HALF_WIDTH).split():
        part = re.fullmatch(r"(\D+)(\d{1,2})", word)
        touchpoint = next((t for t in TOUCHPOINTS if part and part[1] == t), None)
        if part is None or touchpoint not in ("私聊", "群"):
            raise ValueError(f"“{word[:20]}”不行，请写成 私聊6 群4（只有群发有额度）")
        found[touchpoint] = int(part[2])
    return found


RuleField = Annotated[
    tuple[Span, int | None],
    PlainValidator(_rule),
    WithJsonSchema({"type": "string", "examples": ["当月天数", "每月4条", "每周7条", "每天1条"]}),
]
Reserve = Annotated[
    Mapping[Touchpoint, int],
    PlainValidator(_reserve),
    WithJsonSchema({"type": "string", "examples": ["私聊6 群4"]}),
]


class PolicyRow(Row):
    """从哪天起是什么规则"""

    since: DateField = Field(alias="from", description="从哪天起")
    rule: RuleField = Field(description="当月天数、每月4条、每周7条 或 每天1条")


class QuotaFile(Row):
    """平台额度：content/quota.yaml，必须与后台“群发助手 → 群发规则”一致"""

    mass_send: tuple[PolicyRow, ...] = Field(min_length=1, description="按日期从早到晚，后一行接替前一行")
    reserve: Reserve = Field(default={}, description="给导购自己群发和急事留几条，例如 私聊6 群4")

    def value(self, timezone: str = TIMEZONE) -> Quota:
        return Quota(
            policies=tuple(QuotaPolicy(_began(row.since, timezone), *row.rule) for row in self.mass_send),
            reserve=self.reserve,
        )


def problems(document: Document, file: QuotaFile) -> Iterator[Problem]:
    """What no single value can know."""
    for i, row in enumerate(file.mass_send[1:], start=1):
        before = file.mass_send[i - 1].since
        if row.since == before:
            yield document.problem(("mass_send", i, "from"), "与上一行日期相同")
        elif row.since < before:
            yield document.problem(("mass_send", i, "from"), f"要按日期从早到晚写，上一行是 {before}")
    per, most = file.mass_send[-1].rule
    if most is not None and (kept := max(file.reserve.values(), default=0)) >= most:
        message = f"留了 {kept} 条，可“每{per}{most}条”一共才 {most} 条，就没有能排的了"
        yield document.problem(("reserve",), message)


def _began(day: date, timezone: str) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).timestamp())

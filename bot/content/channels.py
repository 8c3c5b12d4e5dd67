"""content/channels.yaml: every way in, and who receives there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from bot.content.fields import DaysField, Guides, HoursField, Id, Line, TagPath, Userid, YesNo
from bot.scrm.channel import Channel, ChannelClass, Shift, Way
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.week import ALL_DAY, EVERY_DAY, WEEKDAYS, Window, clock_text, gaps
from bot.yamlfile import Document, Problem, Row, did_you_mean

MAX_GUIDES = 100
"""Of one contact way (error 41041, developer.work.weixin.qq.com/document/path/92228)."""

MAX_TITLE = 20


class ShiftRow(Row):
    """值班的一行"""

    guides: Guides = Field(description="接待的成员 userid")
    days: DaysField = Field(default=EVERY_DAY, description="哪几天，默认每天；跨夜的时段算开始那天")
    hours: HoursField = Field(default=ALL_DAY, description="几点到几点，默认全天")


class ChannelRow(Row):
    """一条渠道"""

    id: Id = Field(description="编号，就是企业微信里的 state；印出去以后不能改")
    title: Line = Field(description=f"渠道名，不超过 {MAX_TITLE} 字")
    channel_class: ChannelClass = Field(alias="class", description="哪一类来源")
    way: Way = Field(description="客户怎么进来")
    rota: tuple[ShiftRow, ...] = Field(description="谁在什么时候接待，合起来不能有空档")
    spare: Userid | None = Field(default=None, description="到了上限由谁接")
    daily_cap: int | None = Field(default=None, ge=1, le=100_000, description="每位导购一天最多接待几人")
    tags: tuple[TagPath, ...] = Field(default=(), description="从这里来的客户打什么标签，写成 组/名")
    printed: YesNo = Field(default=False, description="是：已印在卡片或物料上，码不删也不换")

    not_yet: ClassVar[Mapping[str, str]] = {
        "cost_per_add": "获客成本的报表还没有上线",
        "reward": "邀请奖励还没有上线",
        "off": "停用渠道还没有上线；没印出去的可以直接删掉",
    }

    def value(self) -> Channel:
        return Channel(
            id=self.id,
            title=self.title,
            channel_class=self.channel_class,
            way=self.way,
            rota=tuple(Shift(row.guides, Window(row.days, row.hours)) for row in self.rota),
            spare=self.spare,
            daily_cap=self.daily_cap,
            tags=self.tags,
            printed=self.printed,
        )


class ChannelsFile(Row):
    """渠道：content/channels.yaml"""

    channels: tuple[ChannelRow, ...] = Field(description="一条渠道一项")

    def value(self) -> dict[str, Channel]:
        return {row.id: row.value() for row in self.channels}


def problems(document: Document, file: ChannelsFile) -> Iterator[Problem]:
    """What no single value can know: ids twice, hours that nobody covers, too many guides."""
    ids = Counter(row.id for row in file.channels)
    for i, row in enumerate(file.channels):
        here = ("channels", i)
        if ids[row.id] > 1:
            yield document.problem((*here, "id"), f"“{row.id}”写了两次")
        if len(row.title) > MAX_TITLE:
            yield document.problem((*here, "title"), f"有 {len(row.title)} 个字，不超过 {MAX_TITLE} 字")
        for key in ("daily_cap", "spare"):
            if getattr(row, key):
                yield document.problem((*here, key), "这个版本还不会限量和换人，先按 rota 接待", severity="warning")
        if row.spare and not row.daily_cap:
            yield document.problem((*here, "spare"), "写了 spare 也要写 daily_cap，才知道什么时候轮到他")
        if len(row.value().userids) > MAX_GUIDES:
            yield document.problem((*here, "rota"), f"一个码最多 {MAX_GUIDES} 位成员")
        open_hours = [
            f"{WEEKDAYS[d]} {clock_text(h.start)} ~ {clock_text(h.end)}"
            for d, h in gaps(s.window for s in row.value().rota)
        ]
        if open_hours:
            more = f" 等 {len(open_hours)} 段" if len(open_hours) > 1 else ""
            yield document.problem((*here, "rota"), f"{open_hours[0]}{more}没人接待")


def tag_problems(document: Document, file: ChannelsFile, taxonomy: Taxonomy) -> Iterator[Problem]:
    """Tags of channels that the taxonomy does not have, or leaves to people's hands."""
    known = [tag.path for tag in taxonomy.tags]
    for i, row in enumerate(file.channels):
        for j, path in enumerate(row.tags):
            group = taxonomy.group_of(path)
            where = ("channels", i, "tags", j)
            if group is None:
                yield document.problem(where, f"没有标签“{path}”{did_you_mean(path, known)}")
            elif group.set_by == "人工":
                yield document.problem(where, f"“{group.name}”只由人工打，渠道不能自动打")

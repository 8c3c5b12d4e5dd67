"""content/channels.yaml: every way in, and who receives there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from bot.content.fields import DaysField, Guides, HoursField, Id, Line, Money, TagPath, Userid, YesNo
from bot.scrm.channel import LOST, Channel, ChannelClass, KeptWay, Shift, Way, at_odds, is_lost, orphans
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
    rota: tuple[ShiftRow, ...] = Field(default=(), description="谁在什么时候接待，合起来不能有空档；入群不用写")
    groups: tuple[Line, ...] = Field(default=(), description="入群的码通向哪些群：群名，* 代表任意字，例如 会员群*")
    spare: Userid | None = Field(default=None, description="到了上限由谁接")
    daily_cap: int | None = Field(default=None, ge=1, le=100_000, description="每位导购一天最多接待几人")
    tags: tuple[TagPath, ...] = Field(default=(), description="从这里来的客户打什么标签，写成 组/名")
    printed: YesNo = Field(default=False, description="是：已印在卡片或物料上，码不删也不换")
    cost_per_add: Money = Field(default=0, description="加到一位客户花多少钱，例如 1.80元；只用于报表")
    off: YesNo = Field(default=False, description="是：停用。不再建码、换班、归因；已有的码留着，扫了仍能加人")

    not_yet: ClassVar[Mapping[str, str]] = {
        "reward": "还认不出谁带来了谁，发不了邀请奖励",
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
            groups=self.groups,
            cost_per_add=self.cost_per_add,
            off=self.off,
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
        yield from _way_problems(document, i, row)
        if row.spare and not row.daily_cap:
            yield document.problem((*here, "spare"), "写了 spare 也要写 daily_cap，才知道什么时候轮到他")
        if len(row.value().userids) > MAX_GUIDES:
            yield document.problem((*here, "rota"), f"一个码最多 {MAX_GUIDES} 位成员")
        if row.off or not row.rota:
            continue
        open_hours = [
            f"{WEEKDAYS[d]} {clock_text(h.start)} ~ {clock_text(h.end)}"
            for d, h in gaps(s.window for s in row.value().rota)
        ]
        if open_hours:
            more = f" 等 {len(open_hours)} 段" if len(open_hours) > 1 else ""
            yield document.problem((*here, "rota"), f"{open_hours[0]}{more}没人接待")


def _way_problems(document: Document, i: int, row: ChannelRow) -> Iterator[Problem]:
    """A code for groups needs groups, everything else somebody who receives."""
    here = ("channels", i)
    if row.way == "入群":
        if not row.groups:
            yield document.problem(here, "way: 入群 要写 groups，例如 groups: [会员群*]")
        for key in ("rota", "daily_cap", "spare"):
            if getattr(row, key):
                yield document.problem((*here, key), "入群的码通向群，不由导购接待，请删掉")
    elif row.groups:
        yield document.problem((*here, "groups"), f"只有 way: 入群 才写 groups，这里是“{row.way}”")
    elif not row.rota and row.way != "客服":
        yield document.problem(here, "少了 rota：谁在什么时候接待")


def kept_problems(document: Document, file: ChannelsFile, kept: Mapping[str, KeptWay]) -> Iterator[Problem]:
    """Where the file breaks a code that is out already, or forgot one."""
    channels = file.value()
    lines = {row.id: i for i, row in enumerate(file.channels)}
    for id_, why in at_odds(channels, kept):
        where = ("channels", lines[id_], "way") if id_ in lines else ("channels",)
        yield document.problem(where, why if id_ in lines else f"少了 {id_}：{why}")
    for id_, channel in channels.items():
        if is_lost(channel, kept.get(id_)):
            yield document.problem(("channels", lines[id_], "printed"), LOST, "warning")
    printed = {id_ for id_, way in kept.items() if way.printed}
    for id_ in orphans(channels, kept):
        if id_ not in printed:
            yield document.problem(("channels",), f"少了 {id_}：企业微信里的码还留着，扫码仍能加人", "warning")


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

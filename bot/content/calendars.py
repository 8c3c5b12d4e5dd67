"""content/calendars/*.yaml: what is planned when, where and for whom. One file is one calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as PySequence
from dataclasses import replace
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.content.fields import Block, EveryField, Id, KindsField, Line, OnField, Span, TimeField, YesNo
from bot.content.period import PeriodField
from bot.content.who import PersonWhoRow, PilotRow, WhoRow, pilot_of
from bot.scrm.calendar import (
    BY_SECONDS,
    ORDERED,
    PRIORITY,
    TAGGED,
    Calendar,
    Entry,
    Every,
    Existing,
    Live,
    Moment,
    OnDay,
    OnHolidays,
    Sequence,
    Step,
    Via,
)
from bot.scrm.kind import Touchpoint
from bot.scrm.rules.condition import Condition
from bot.scrm.week import DAY_MINUTES
from bot.scrm.who import EVERYONE, Who
from bot.yamlfile import Document, Row

Compile = Callable[[str, Touchpoint], Condition]
"""A `when` as a condition, over the facts that a touchpoint knows. Raises ValueError with what is wrong, in Chinese."""

STARTS: Final = ("加好友", "首单")
OPENING_SECONDS: Final = 30 * 60
"""That a live room begins is news for so long. Our own default."""


def _start(value: object) -> str:
    text = " ".join(str(value).split())
    if text not in STARTS and not _tag(text):
        raise ValueError(f"请写 加好友、首单，或 {TAGGED}组/名，例如 {TAGGED}意向/防晒")
    return text


def _stop(value: object) -> str:
    text = " ".join(str(value).split())
    if text in ("退订", "删除", "人工接管"):
        raise ValueError(f"“{text}”不用写：退订、删除、人工接管总会停")
    if text != ORDERED and not _tag(text):
        raise ValueError(f"请写 {ORDERED}，或 {TAGGED}组/名，例如 {TAGGED}服务/售后中")
    return text


def _tag(text: str) -> str | None:
    """The tag of 打上标签 X."""
    group, slash, name = text.removeprefix(TAGGED).partition("/")
    return f"{group}/{name}" if text.startswith(TAGGED) and group and slash and name else None


StartField = Annotated[
    str, PlainValidator(_start), WithJsonSchema({"type": "string", "examples": [*STARTS, "打上标签 意向/防晒"]})
]
StopField = Annotated[
    str, PlainValidator(_stop), WithJsonSchema({"type": "string", "examples": [ORDERED, "打上标签 服务/售后中"]})
]


class EntryWhoRow(WhoRow):
    """给谁：几行都要符合，一行里有一个就行"""

    when: Block | None = Field(default=None, description="条件，例如 days_since_order > 45；以引号或 ! 开头的请写 |")

    def selector(self, touchpoint: Touchpoint, compile_: Compile) -> Who:
        """For whom it is. Raises what `compile_` raises for a condition that cannot be asked on this touchpoint."""
        return replace(self.value(), when=compile_(self.when, touchpoint) if self.when else None)


class WhatRow(Row):
    """发什么：一条内容（固定），或让配比从几类里挑（开放）"""

    item: Id | None = Field(default=None, description="固定发哪条内容，library/ 里的编号；和 pick 只写一个")
    pick: KindsField | None = Field(default=None, description="自动，或从哪几类里挑；和 item 只写一个")
    topic: Line | None = Field(default=None, description="挑的时候只在这个话题里挑")


class TimedRow(WhatRow):
    """在哪里、几点发什么"""

    id: Id = Field(description="编号，用后不改")
    touchpoint: Touchpoint = Field(description="发到哪里；客服只回答客户，不排")
    at: TimeField = Field(description="几点，是任务到导购手里的时间")
    by: TimeField | None = Field(default=None, description="最晚几点，过了就撤回没发的；默认 2 小时后")
    via: Via = Field(default="群发", description="导购手发：一对一点开发，不占群发条数")

    @property
    def by_seconds(self) -> int:
        """How long after `at` the task may still leave."""
        return BY_SECONDS if self.by is None else (self.by - self.at) * 60


class EntryRow(TimedRow):
    """日历的一行"""

    on: OnField | None = Field(
        default=None, description="哪一天：日期、节日、节气，例如 冬至、春节-3天；和 every 只写一个"
    )
    every: EveryField | None = Field(
        default=None, description="每逢哪几天：每天 工作日 休息日 周二 每月1日，可以写几个"
    )
    who: EntryWhoRow | None = Field(default=None, description="给谁，默认所有人")
    holidays: OnHolidays = Field(default="照常", description="遇到法定假期：照常、跳过，或顺延到下一个工作日")
    priority: int = Field(default=PRIORITY, ge=0, le=100, description="0 到 100，撞上时小的让大的")
    draft: YesNo = Field(default=False, description="是：先不排")

    not_yet: ClassVar[Mapping[str, str]] = {"sender": "私聊由归属导购发，还不能交给企业微信选"}

    def value(self, compile_: Compile) -> Entry:
        assert self.on or self.every
        return Entry(
            id=self.id,
            touchpoint=self.touchpoint,
            when=self.on or self.every or Every(()),
            minute=self.at,
            by_seconds=self.by_seconds,
            item=self.item,
            pick=self.pick or (),
            topic=self.topic,
            who=self.who.selector(self.touchpoint, compile_) if self.who else EVERYONE,
            via=self.via,
            holidays=self.holidays,
            priority=self.priority,
            draft=self.draft,
        )


class NoticeRow(WhatRow):
    """开播前的预告"""

    before: Span = Field(description="提前多久，例如 3小时")


class OpeningRow(WhatRow):
    """开播的那一刻"""


class ReplayRow(WhatRow):
    """回放，给没赶上的人"""

    after: Span = Field(description="开播以后多久，例如 14小时")


class LiveRow(Row):
    """一场直播：写一次开播时间，预告、开播、回放自动排好"""

    id: Id = Field(description="编号，用后不改")
    room: Line = Field(description="直播间的名字")
    on: OnField = Field(description="哪一天")
    at: TimeField = Field(description="几点开播")
    touchpoint: Touchpoint = Field(description="在哪里说")
    who: EntryWhoRow | None = Field(default=None, description="给谁，默认所有人")
    via: Via = Field(default="群发", description="导购手发：一对一点开发，不占群发条数")
    notice: NoticeRow | None = Field(default=None, description="预告，过了开播就不发")
    opening: OpeningRow | None = Field(default=None, description="开播提醒，半小时内")
    replay: ReplayRow | None = Field(default=None, description="回放")
    draft: YesNo = Field(default=False, description="是：先不排")

    def parts(self) -> Iterator[tuple[str, WhatRow, Moment, int, int]]:
        """(key, what, moment, minutes from the start of the day on which it begins, seconds to leave)."""
        if self.notice:
            yield "notice", self.notice, "预告", self.at - self.notice.before // 60, self.notice.before
        if self.opening:
            yield "opening", self.opening, "开播", self.at, OPENING_SECONDS
        if self.replay:
            yield "replay", self.replay, "回放", self.at + self.replay.after // 60, BY_SECONDS

    def entries(self, compile_: Compile) -> Iterator[Entry]:
        """One for each of notice, opening and replay, on the day before or after where midnight lies between."""
        for key, what, moment, minutes, by_seconds in self.parts():
            shift, minute = divmod(minutes, DAY_MINUTES)
            yield Entry(
                id=f"{self.id}-{key}",
                touchpoint=self.touchpoint,
                when=OnDay(self.on.name, self.on.shift_days + shift),
                minute=minute,
                by_seconds=by_seconds,
                item=what.item,
                pick=what.pick or (),
                topic=what.topic,
                who=self.who.selector(self.touchpoint, compile_) if self.who else EVERYONE,
                via=self.via,
                draft=self.draft,
                live=Live(self.room, moment),
            )


class StepRow(TimedRow):
    """序列的一步"""

    touchpoint: Literal["私聊"] = Field(default="私聊", description="序列是一个人一个人走的，只能私聊")
    day: int = Field(ge=0, le=365, description="开始后第几天；0 是当天，至少两小时以后")

    def value(self) -> Step:
        return Step(
            id=self.id,
            day=self.day,
            touchpoint=self.touchpoint,
            minute=self.at,
            by_seconds=self.by_seconds,
            item=self.item,
            pick=self.pick or (),
            topic=self.topic,
            via=self.via,
        )


class SequenceRow(Row):
    """一个序列：从一件事开始，第几天发什么；一位客户同时只走一个"""

    id: Id = Field(description="编号，用后不改")
    start: StartField = Field(description="从什么开始：加好友、首单、打上标签 组/名")
    who: PersonWhoRow | None = Field(default=None, description="给谁，默认所有人；只在开始时看")
    stop: tuple[StopField, ...] = Field(
        default=(), description="什么会停：下单、打上标签 组/名；退订、删除、人工接管总会停"
    )
    existing: Existing = Field(default="跳过", description="序列上线前就在的客户：跳过，或纳入")
    steps: tuple[StepRow, ...] = Field(min_length=1, description="一步一项")
    draft: YesNo = Field(default=False, description="是：先不用")

    def value(self) -> Sequence:
        return Sequence(
            id=self.id,
            steps=tuple(row.value() for row in self.steps),
            start="加好友" if self.start == "加好友" else "首单" if self.start == "首单" else None,
            start_tag=_tag(self.start),
            who=self.who.value() if self.who else EVERYONE,
            stop=self.stop,
            existing=self.existing,
            draft=self.draft,
        )

    def tags(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every tag, and where in the row it stands."""
        yield from ((("start",), tag) for tag in filter(None, [_tag(self.start)]))
        yield from ((("stop", i), tag) for i, stop in enumerate(self.stop) if (tag := _tag(stop)))
        yield from ((("who", *path), tag) for path, tag in (self.who.named() if self.who else ()))


class CalendarFile(Row):
    """内容日历：content/calendars/*.yaml，一个文件一份日历"""

    id: Id = Field(description="编号，用后不改")
    title: Line = Field(description="日历的名字")
    valid: PeriodField = Field(description="起止，例如 2026-12-01 ~ 2026-12-31")
    entries: tuple[EntryRow, ...] = Field(default=(), description="一行一项")
    live: tuple[LiveRow, ...] = Field(default=(), description="直播，一场一项")
    sequences: tuple[SequenceRow, ...] = Field(default=(), description="序列，一个一项")
    draft: YesNo = Field(default=False, description="是：整份先不排")
    shadow: YesNo = Field(default=False, description="是：试跑，照样决定、照样记下原因，什么也不发")
    pilot: PilotRow | None = Field(default=None, description="试点：先只在几个群、几位导购发，默认哪里都发")

    def value(self, timezone: str, compile_: Compile) -> Calendar:
        """The calendar; call only when `problems` found none. `timezone`: IANA name of the corp's days."""
        pilot = pilot_of(self.pilot)
        rooms = (entry for row in self.live for entry in row.entries(compile_))
        return Calendar(
            id=self.id,
            title=self.title,
            valid=self.valid.period(timezone),
            entries=tuple(
                replace(entry, pilot=pilot) for entry in (*(row.value(compile_) for row in self.entries), *rooms)
            ),
            sequences=tuple(row.value() for row in self.sequences),
            draft=self.draft,
            shadow=self.shadow,
            pilot=pilot,
        )


Files = PySequence[tuple[Document, CalendarFile]]

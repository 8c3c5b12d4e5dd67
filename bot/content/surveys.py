"""content/surveys/*.yaml: a few taps, then useful advice. One file is one survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from bot.content.fields import Id, Line, Span, TagPath, YesNo
from bot.content.who import NO_STORES, NO_WHEN, PersonWhoRow, TagsRow
from bot.scrm.survey.run import SURFACES, Band, Option, Question, QuestionType, Start, Surface, Survey
from bot.scrm.who import EVERYONE
from bot.yamlfile import Document, Row

DAY_SECONDS = 24 * 3600


class OnlyIfRow(TagsRow):
    """按标签分"""

    not_yet: ClassVar[Mapping[str, str]] = {
        **NO_STORES,
        **NO_WHEN,
        "channels": "分支只看标签；按渠道分请写在整份调研的 who 里",
        "guides": "分支只看标签；按导购分请写在整份调研的 who 里",
        "groups": "分支只看标签；按群分请写在整份调研的 who 里",
    }


class OptionRow(Row):
    """一个选项"""

    say: Line = Field(description="选项文字，不超过 14 字")
    tag: TagPath | None = Field(default=None, description="选了打什么标签，写成 组/名")
    also: tuple[Line, ...] = Field(default=(), description="客户打字时可能的别的说法")


class BandRow(Row):
    """一段数字或日期"""

    below: int | float | str | None = Field(default=None, description="小于这个数，或早于这一天；最后一段可以不写")
    tag: TagPath = Field(description="落在这一段打什么标签")


class QuestionRow(Row):
    """一道题"""

    id: Id = Field(description="编号，用后不改")
    ask: Line = Field(description="问题，不超过 40 字")
    type: QuestionType = Field(description="题型")
    options: tuple[OptionRow, ...] = Field(default=(), description="2 到 9 个选项")
    bands: tuple[BandRow, ...] = Field(default=(), description="数字和日期按大小打标签，从小到大写")
    only_if: OnlyIfRow | None = Field(default=None, description="只问这样的人；不写就都问")
    save: Line | None = Field(default=None, description="答案记进哪个资料栏，例如 生日")
    required: YesNo = Field(default=False, description="是：不能跳过")
    ask_again: Span | None = Field(default=None, description="多久以后再问一次；不写就一次问清")
    why: Line | None = Field(default=None, description="为什么问，和问题一起给客户看；手机号必须写")

    def value(self) -> Question:
        return Question(
            id=self.id,
            ask=self.ask,
            type=self.type,
            options=tuple(Option(o.say, o.tag, o.also) for o in self.options),
            bands=tuple(Band(b.tag, b.below) for b in self.bands),
            only_if=self.only_if.value() if self.only_if else EVERYONE,
            save=self.save,
            required=self.required,
            ask_again_seconds=self.ask_again,
            why=self.why or "",
        )


class SurveyFile(Row):
    """调研：content/surveys/*.yaml，一个文件一份"""

    id: Id = Field(description="编号，用后不改")
    title: Line = Field(description="名字，客户在网页上看得到")
    intro: Line = Field(description="开场一句：几个问题、多久、有什么用")
    consent: Line = Field(description="答案拿来做什么、怎么退出；在第一题之前给客户看")
    questions: tuple[QuestionRow, ...] = Field(min_length=1, description="从上往下问")
    thanks: Line = Field(description="答完说的一句")
    start: Start = Field(default="加好友", description="什么时候开始：加好友就问，或手动发")
    who: PersonWhoRow | None = Field(default=None, description="问谁；不写就是所有新客户")
    existing: Literal["跳过", "纳入"] = Field(default="跳过", description="以前就认识的客户：跳过 或 纳入")
    surfaces: tuple[Surface, ...] = Field(default=SURFACES, min_length=1, description="在哪里问")
    expires: Span = Field(default=7 * DAY_SECONDS, description="多久没答完就不再问，默认 7天")
    remind: tuple[Span, ...] = Field(default=(DAY_SECONDS,), description="开始后多久提醒，最多两次，默认 [24小时]")
    remark: YesNo = Field(default=False, description="是：答完后在导购给客户写的描述里加一行，不改导购自己的字")

    gift: Id | None = Field(default=None, description="答完送什么：offers.yaml 里的权益编号；有券码的一人一个")

    def value(self) -> Survey:
        return Survey(
            id=self.id,
            title=self.title,
            intro=self.intro,
            consent=self.consent,
            thanks=self.thanks,
            questions=tuple(row.value() for row in self.questions),
            start=self.start,
            who=self.who.value() if self.who else EVERYONE,
            existing=self.existing == "纳入",
            surfaces=self.surfaces,
            expires_seconds=self.expires,
            remind_seconds=self.remind,
            remark=self.remark,
            gift=self.gift,
        )


Files = Sequence[tuple[Document, SurveyFile]]


def surveys(files: Files) -> dict[str, Survey]:
    """Every survey by its id, in the order of the files."""
    return {file.id: file.value() for _, file in files}

"""content/care.yaml: our manners towards customers, and what guides can bear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, get_args

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from bot.content.fields import HoursField, KindsField, Line, OnField, Span, Userid, YesNo
from bot.content.period import ALWAYS, PeriodField
from bot.scrm.calendar import OnDay
from bot.scrm.care import Away, BeforeSelling, Cap, Care, Cooling, FatigueBudget, GuideLoad, QuietFor, Sign
from bot.scrm.daybook import DayBook
from bot.scrm.kind import TOUCHPOINTS, Kind, Touchpoint
from bot.scrm.week import Hours
from bot.yamlfile import Document, Problem, Row

FOR_GOOD = "永久"
WEEK_SECONDS = 7 * 86_400
ADVISED_A_WEEK = 2
"""One-to-one messages in seven days. Our own advice."""

MOST_CARDS = 20

NO_SIGNS: Mapping[str, str] = {
    "售后办结": "这个版本还不支持：售后办完没有消息告诉我们；没办完的，请用规则按标签拦",
    "说别发了": "客户说了别发就一直不发，不用写，请删掉这一行",
}
"""Signs that people look for here → what to say of them."""

_HALF_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


def _weights(value: object) -> Mapping[Touchpoint, int]:
    """ "私聊3 群1 朋友圈0.25" in hundredths of a point."""
    found: dict[Touchpoint, int] = {}
    for word in str(value).translate(_HALF_WIDTH).split():
        part = re.fullmatch(r"(\D+?)(\d{1,4})(?:\.(\d{1,2}))?", word)
        touchpoint = next((t for t in TOUCHPOINTS if part and part[1] == t), None)
        if part is None or touchpoint is None:
            raise ValueError(f"“{word[:20]}”不行，请写成 私聊3 群1 朋友圈0.25")
        found[touchpoint] = int(part[2]) * 100 + int((part[3] or "").ljust(2, "0"))
    return found


def _pause(value: object) -> int | None:
    """A span, or 永久 (None)."""
    if value == FOR_GOOD:
        return None
    found = re.fullmatch(r"([1-9]\d{0,4}) *(小时|天)", str(value).translate(_HALF_WIDTH))
    if not found:
        raise ValueError("请写成 30天、48小时 或 永久")
    return int(found[1]) * (3600 if found[2] == "小时" else 86_400)


def _percent(value: object) -> int:
    found = re.fullmatch(r"(\d{1,2}) *%", str(value).translate(_HALF_WIDTH))
    if not found:
        raise ValueError("请写成 5%，不留对照组写 0%")
    return int(found[1])


def _sign(value: object) -> object:
    """A sign that will be known one day, or that needs no line, says so."""
    if said := NO_SIGNS.get(str(value)):
        raise ValueError(said)
    return value


Weights = Annotated[
    Mapping[Touchpoint, int],
    PlainValidator(_weights),
    WithJsonSchema({"type": "string", "examples": ["私聊3 群1 朋友圈0.25"]}),
]
Pause = Annotated[int | None, PlainValidator(_pause), WithJsonSchema({"type": "string", "examples": ["30天", "永久"]})]
Percent = Annotated[int, PlainValidator(_percent), WithJsonSchema({"type": "string", "examples": ["5%"]})]


class QuietRow(Row):
    """一个触点的免打扰时段"""

    touchpoint: QuietFor = Field(alias="for", description="私聊、群、朋友圈 或 导购提醒，各写一行")
    hours: HoursField = Field(description="这个时段不发，可以跨夜")


class BudgetRow(Row):
    """一位客户的打扰预算：所有导购、所有触点合起来算"""

    weights: Weights = Field(description="每个触点一条算几分，例如 私聊3 群1 朋友圈0.25")
    per: Span = Field(default=WEEK_SECONDS, description="多长时间里，默认 7天")
    most: Annotated[int, Field(ge=1)] = Field(description="最多几分")


class CapRow(Row):
    """一条上限；都要满足。写了 valid 的一行，在那段时间里顶替同样的一行"""

    touchpoint: Touchpoint = Field(alias="for", description="私聊、群 或 朋友圈")
    kind: Kind | None = Field(default=None, description="只数这一类")
    per: Span = Field(description="多长时间里，例如 7天")
    most: Annotated[int, Field(ge=0)] = Field(description="最多几条")
    valid: PeriodField = Field(default=ALWAYS, description="只在这段时间，例如大促放宽；到期恢复")

    def value(self, source: str) -> Cap:
        return Cap(
            touchpoint=self.touchpoint,
            kind=self.kind,
            per_seconds=self.per,
            most=self.most,
            valid=self.valid.period(),
            source=source,
        )


class BeforeSellingRow(Row):
    """先信任，再推销"""

    after_add: Span = Field(default=48 * 3600, description="加好友多久以后才推销，默认 48小时")
    trust_items: Annotated[int, Field(ge=0)] = Field(default=2, description="先收到过几条科普或互动，默认 2")


class CoolingRow(Row):
    """一个信号之后，安静多久"""

    after: Annotated[Sign, BeforeValidator(_sign)] = Field(description="删除任一导购")
    pause: Pause = Field(description="多久，例如 30天 或 永久")
    kinds: KindsField | None = Field(default=None, description="只停这几类，默认全部")


class LoadRow(Row):
    """导购自己的负担"""

    cards_per_day: Annotated[int, Field(ge=1, le=MOST_CARDS)] = Field(default=6, description="一天最多几张待确认的卡")
    reminders_per_day: Annotated[int, Field(ge=0, le=3)] = Field(
        default=3, description="24 小时里最多提醒几次还没点的，写 0 就不提醒"
    )

    not_yet: ClassVar[Mapping[str, str]] = {
        "windows": "任务按日历写的时间送到，还不能攒到几个时间一起送",
        "hand_sends_per_day": "手发给了几位，企业微信不告诉我们，没有条数可数",
    }


class AwayRow(Row):
    """一位导购不在的几天"""

    guide: Userid = Field(description="谁不在，成员账号（userid）")
    on: PeriodField = Field(description="哪几天，例如 2026-12-10 ~ 2026-12-12")
    spare: Userid | None = Field(default=None, description="谁替：也加了他的客户，私聊由他发；默认没有，这几天不发")

    def value(self) -> Away:
        return Away(self.guide, self.on.period(), self.spare)


class CareFile(Row):
    """分寸：content/care.yaml"""

    quiet: tuple[QuietRow, ...] = Field(
        description="免打扰时段，每个触点一行；欢迎语和客服回复不受限，那是客户先开的口"
    )
    quiet_days: tuple[OnField, ...] = Field(default=(), description="只发服务消息的日子，例如 除夕、春节")
    budget: BudgetRow = Field(description="一位客户的打扰预算")
    caps: tuple[CapRow, ...] = Field(default=(), description="上限，都要满足")
    before_selling: BeforeSellingRow | None = Field(default=None, description="推销以前先做到什么")
    cooling: tuple[CoolingRow, ...] = Field(default=(), description="一个信号之后，安静多久")
    topics: tuple[Line, ...] = Field(min_length=1, description="客户可以一个个关掉的话题")
    guide_load: LoadRow | None = Field(default=None, description="导购一天能担多少：几张卡，几次提醒")
    away: tuple[AwayRow, ...] = Field(default=(), description="导购请假、休息：这几天不给他任务")
    count_clicks: YesNo = Field(
        default=False, description="是：内容里的链接先经过我们再跳走，数一条内容被点开几次，不看是谁；默认 否"
    )
    hold_out: Percent = Field(default=5, description="导购类内容留多少客户不发，用来看效果，默认 5%")

    not_yet: ClassVar[Mapping[str, str]] = {
        "remind": "什么时候提醒还不能改；一天几次，写在 guide_load 的 reminders_per_day"
    }

    def value(self) -> Care:
        selling, load = self.before_selling or BeforeSellingRow(), self.guide_load or LoadRow()
        return Care(
            quiet={row.touchpoint: row.hours for row in self.quiet},
            quiet_days=self.quiet_days,
            budget=FatigueBudget(weights=self.budget.weights, most=self.budget.most, per_seconds=self.budget.per),
            caps=tuple(row.value(f"care.caps.{i}") for i, row in enumerate(self.caps)),
            before_selling=BeforeSelling(selling.after_add, selling.trust_items),
            cooling=tuple(Cooling(row.after, row.pause, row.kinds or ()) for row in self.cooling),
            topics=self.topics,
            guide_load=GuideLoad(load.cards_per_day, load.reminders_per_day),
            away=tuple(row.value() for row in self.away),
            count_clicks=self.count_clicks,
            hold_out_percent=self.hold_out,
        )


@dataclass(frozen=True, slots=True)
class Around:
    """What care.yaml refers to; None where it could not be read. `refusal_tags`: 退订/<topic> of the taxonomy."""

    days: DayBook | None
    refusal_tags: Collection[str] | None


def problems(document: Document, file: CareFile, around: Around) -> Iterator[Problem]:
    """What no single value can know."""
    yield from _quiet_problems(document, file)
    yield from _weight_problems(document, file)
    yield from _cap_problems(document, file)
    yield from _topic_problems(document, file, around)
    yield from _away_problems(document, file)
    yield from _day_problems(document, file.quiet_days, around.days)


def _away_problems(document: Document, file: CareFile) -> Iterator[Problem]:
    for i, row in enumerate(file.away):
        if row.on.start is None or row.on.end is None:
            yield document.problem(("away", i, "on"), "哪天起、哪天止都要写；长期不来的，请在企业微信里把客户转给同事")
        if row.spare == row.guide:
            yield document.problem(("away", i, "spare"), "自己不能替自己")


def _quiet_problems(document: Document, file: CareFile) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, row in enumerate(file.quiet):
        if row.touchpoint in seen:
            yield document.problem(("quiet", i, "for"), f"“{row.touchpoint}”写了两行")
        seen.add(row.touchpoint)
        if _whole_day(row.hours):
            yield document.problem(("quiet", i, "hours"), "一整天都免打扰，就什么也发不出去了")
    if missing := [name for name in get_args(QuietFor) if name not in seen]:
        yield document.problem(("quiet",), f"缺“{'、'.join(missing)}”，每个触点写一行")


def _whole_day(hours: Hours) -> bool:
    return hours.start == hours.end or (hours.start, hours.end) == (0, 1440)


def _weight_problems(document: Document, file: CareFile) -> Iterator[Problem]:
    weights = file.budget.weights
    if missing := [t for t in TOUCHPOINTS if t not in weights]:
        yield document.problem(("budget", "weights"), f"缺“{'、'.join(missing)}”")
    heaviest = max(weights.values(), default=0)
    if heaviest > file.budget.most * 100:
        yield document.problem(
            ("budget", "most"), f"一条就要 {heaviest / 100:g} 分，预算 {file.budget.most} 分一条也发不了"
        )


def _cap_problems(document: Document, file: CareFile) -> Iterator[Problem]:
    twins = Counter((row.value("").twin, row.valid) for row in file.caps)
    for i, row in enumerate(file.caps):
        if twins[row.value("").twin, row.valid] > 1:
            yield document.problem(("caps", i), "和另一行管的是同一件事，请留一行")
        if row.touchpoint == "私聊" and row.kind is None and row.per == WEEK_SECONDS and row.most > ADVISED_A_WEEK:
            message = f"私聊 7 天 {row.most} 条，建议 {ADVISED_A_WEEK} 条以内"
            yield document.problem(("caps", i, "most"), message, "warning")


def _topic_problems(document: Document, file: CareFile, around: Around) -> Iterator[Problem]:
    counted = Counter(file.topics)
    for i, topic in enumerate(file.topics):
        if counted[topic] > 1:
            yield document.problem(("topics", i), f"“{topic}”写了两次")
        if around.refusal_tags is not None and f"退订/{topic}" not in around.refusal_tags:
            message = f"tags.yaml 的“退订”组里没有“{topic}”，导购就看不到谁不想收"
            yield document.problem(("topics", i), message)


def _day_problems(document: Document, days: tuple[OnDay, ...], book: DayBook | None) -> Iterator[Problem]:
    for i, day in enumerate(days):
        if book is not None and not book.knows(day.name):
            yield document.problem(("quiet_days", i), f"不认识“{day.name}”这个日子")

"""Our manners towards customers and guides (content/care.yaml), all editable, all our own defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.scrm.calendar import OnDay
from bot.scrm.kind import Kind, Touchpoint
from bot.scrm.period import ALWAYS_VALID, Period
from bot.scrm.span import spelled
from bot.scrm.week import Hours, seconds_left, seconds_until

Sign = Literal["删除任一导购"]
"""What makes us fall silent for a while: a customer left a guide."""

QuietFor = Literal["私聊", "群", "朋友圈", "导购提醒"]
"""Who or what has quiet hours: a touchpoint, or what we say to guides by ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most so many sends of a kind (None: any) at a touchpoint in so many seconds, rolling.

    A cap with a `valid` period replaces its twin (same touchpoint, kind and span) meanwhile.
    """

    touchpoint: Touchpoint
    per_seconds: int
    most: int
    kind: Kind | None = None
    valid: Period = ALWAYS_VALID
    source: str = ""

    @property
    def twin(self) -> tuple[Touchpoint, Kind | None, int]:
        """What two caps have in common when one replaces the other."""
        return self.touchpoint, self.kind, self.per_seconds

    @property
    def said(self) -> str:
        """As people read it: 私聊 7 天最多 2 条导购."""
        return f"{self.touchpoint} {spelled(self.per_seconds)}最多 {self.most} 条{self.kind or ''}"


def caps_in_force(caps: Iterable[Cap], touchpoint: Touchpoint, at: int) -> list[Cap]:
    """The caps of a touchpoint at an instant: one with a period replaces its twin while that lasts."""
    here = [cap for cap in caps if cap.touchpoint == touchpoint and cap.valid.holds(at)]
    special = {cap.twin for cap in here if cap.valid != ALWAYS_VALID}
    return [cap for cap in here if cap.valid != ALWAYS_VALID or cap.twin not in special]


@dataclass(frozen=True, slots=True, kw_only=True)
class FatigueBudget:
    """What one person may be exposed to over all touchpoints and guides. Weights in hundredths of a point."""

    weights: Mapping[Touchpoint, int]
    most: int
    per_seconds: int = 7 * 86_400


@dataclass(frozen=True, slots=True)
class BeforeSelling:
    """Trust before selling: so long after the add, and so many items of 科普 or 互动 received."""

    after_add_seconds: int = 48 * 3600
    trust_items: int = 2


@dataclass(frozen=True, slots=True)
class Cooling:
    """After a sign, silence for so many seconds (None: for good); `kinds` empty: of everything."""

    after: Sign
    pause_seconds: int | None
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideLoad:
    """The guides' own budget: cards a day, and how often in a day they are reminded of what they have not pressed."""

    cards_per_day: int = 6
    reminders_per_day: int = 3


@dataclass(frozen=True, slots=True)
class Away:
    """A guide who is not there. `spare`: who writes meanwhile to those of their customers who know both."""

    userid: str
    period: Period
    spare: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """content/care.yaml. `quiet_days`: days on which only service messages leave."""

    quiet: Mapping[QuietFor, Hours]
    """Hours in which nothing is sent."""
    budget: FatigueBudget
    caps: tuple[Cap, ...] = ()
    quiet_days: tuple[OnDay, ...] = ()
    before_selling: BeforeSelling = BeforeSelling()
    cooling: tuple[Cooling, ...] = ()
    topics: tuple[str, ...] = ("护肤知识", "活动", "新品", "会员福利")
    """What we may write about, one by one to be refused."""
    guide_load: GuideLoad = GuideLoad()
    away: tuple[Away, ...] = ()
    count_clicks: bool = False
    """Whether links of items go by us and are counted."""
    hold_out_percent: int = 5
    """Of those who would get an item of 导购: kept without it, to see what it brings."""

    def away_at(self, now: int) -> dict[str, str | None]:
        """Guides who are not there, each with their spare."""
        return {each.userid: each.spare for each in self.away if each.period.holds(now)}

    def stand_ins(self, now: int) -> tuple[tuple[str, str], ...]:
        """(who is not there, who writes instead), where that one is there."""
        away = self.away_at(now)
        return tuple(sorted((userid, spare) for userid, spare in away.items() if spare and spare not in away))

    def awake_at(self, whom: QuietFor, now: int, timezone: str) -> int:
        """`now`, or when that is in the quiet hours, their end: when somebody can be expected to read something."""
        return now + seconds_left(self.quiet[whom], now, timezone)

    def silent_at(self, whom: QuietFor, now: int, timezone: str) -> int:
        """When the quiet hours begin next."""
        return now + seconds_until(self.quiet[whom], now, timezone)


_NIGHT: Final = Hours(21 * 60, 9 * 60)

PLAIN_CARE: Final = Care(
    quiet=dict.fromkeys(get_args(QuietFor), _NIGHT),
    budget=FatigueBudget(weights={"私聊": 300, "群": 100, "朋友圈": 25}, most=14),
)
"""Where staff wrote none."""

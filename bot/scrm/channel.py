"""Where a customer came from, and who receives people there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.week import ALWAYS, Window

ChannelClass = Literal["门店", "电商", "内容", "投放", "转介绍", "其他"]
Way = Literal["联系我", "获客链接", "入群", "客服"]


@dataclass(frozen=True, slots=True)
class Shift:
    """One row of a rota: who receives, and when."""

    guides: tuple[str, ...]
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way in (渠道).

    `id` is the `state` of its contact way, at most 30 characters (developer.work.weixin.qq.com/document/path/92228).
    `printed`: the code is on paper somewhere, so it is never deleted nor made anew.
    `spare` takes over when the others have received `daily_cap` people a day.
    """

    id: str
    title: str
    channel_class: ChannelClass
    way: Way
    rota: tuple[Shift, ...]
    spare: str | None = None
    daily_cap: int | None = None
    tags: tuple[str, ...] = ()
    printed: bool = False

    @property
    def userids(self) -> tuple[str, ...]:
        """Every guide of the rota once, in the order written."""
        return tuple(dict.fromkeys(userid for shift in self.rota for userid in shift.guides))

    def on_duty(self, weekday: int, minute: int) -> tuple[str, ...]:
        """Who receives at a moment of the week (0 = Monday; minute of the day)."""
        on = (u for shift in self.rota if shift.window.holds(weekday, minute) for u in shift.guides)
        return tuple(dict.fromkeys(on))

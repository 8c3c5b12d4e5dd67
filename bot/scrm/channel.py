"""Where a customer came from, and who receives people there."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from typing import Literal

from bot.scrm.week import ALWAYS, Window

ChannelClass = Literal["门店", "电商", "内容", "投放", "转介绍", "其他"]
Way = Literal["联系我", "获客链接", "入群", "客服"]

GROUPS_AT_MOST = 5
"""Of one join way (error 41091, reference section 3.5)."""


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
    `spare` takes over when all others on duty have received `daily_cap` people today.
    `groups`: patterns of the names of the groups that a 入群 code leads into. `cost_per_add`: fen.
    `off`: nothing is made or changed at WeCom any more, and who comes is nobody's of it; its code goes on letting in.
    """

    id: str
    title: str
    channel_class: ChannelClass
    way: Way
    rota: tuple[Shift, ...] = ()
    spare: str | None = None
    daily_cap: int | None = None
    tags: tuple[str, ...] = ()
    printed: bool = False
    groups: tuple[str, ...] = ()
    cost_per_add: int = 0
    off: bool = False

    @property
    def userids(self) -> tuple[str, ...]:
        """Every guide of the rota once, in the order written."""
        return tuple(dict.fromkeys(userid for shift in self.rota for userid in shift.guides))

    def on_duty(self, weekday: int, minute: int) -> tuple[str, ...]:
        """Who receives at a moment of the week (0 = Monday; minute of the day)."""
        on = (u for shift in self.rota if shift.window.holds(weekday, minute) for u in shift.guides)
        return tuple(dict.fromkeys(on))

    def receivers(
        self, weekday: int, minute: int, added: Mapping[str, int], left: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Who receives now, `added` being how many each guide has received on this channel today, `left` those who have
        left the corp, with whom WeCom takes no code.

        Who has reached the cap rests until tomorrow. When all have, the spare receives; without one, the rota goes on:
        a customer who comes must find somebody. Nobody: the whole shift has left, and there is no spare.
        """
        here = tuple(userid for userid in self.on_duty(weekday, minute) if userid not in left)
        cap = math.inf if self.daily_cap is None else self.daily_cap
        free = tuple(userid for userid in here if added.get(userid, 0) < cap)
        return free or ((self.spare,) if self.spare and self.spare not in left else here)

    def leads_into(self, groups: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The chat_ids that a 入群 code opens: of the (chat_id, name) given those whose name fits, five at most."""
        fitting = (chat_id for chat_id, name in groups if any(fnmatchcase(name, p) for p in self.groups))
        return tuple(islice(fitting, GROUPS_AT_MOST))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWay:
    """What a channel has at WeCom. `config_id`: for a link, its link_id; `url`: the link; `qr_code`: a picture.

    `kept_at`: since when it is so (epoch seconds). `gone_at`: when it was found that somebody had deleted it there.
    """

    channel_id: str
    config_id: str
    qr_code: str = ""
    url: str = ""
    userids: tuple[str, ...] = ()
    chat_ids: tuple[str, ...] = ()
    way: Way = "联系我"
    printed: bool = False
    kept_at: int = 0
    gone_at: int | None = None


def at_odds(channels: Mapping[str, Channel], kept: Mapping[str, KeptWay]) -> Iterator[tuple[str, str]]:
    """(channel id, why it cannot be) where the file no longer fits what customers already hold in their hands."""
    for id_, way in sorted(kept.items()):
        channel = channels.get(id_)
        if channel is None and way.printed:
            yield id_, "已印刷的渠道不能改名或删除，卡片会全部失效"
        elif channel and channel.way != way.way:
            yield id_, f"“{way.way}”的码已经发出去了，不能改成“{channel.way}”；要换方式请用新的 id"


LOST = "印出去的码在企业微信里被删了，扫了没有反应；要换新码重印，先把 printed 改成 否"


def is_lost(channel: Channel, kept: KeptWay | None) -> bool:
    """Whether a code is on paper and deleted at WeCom: another one is made only once people take that into account."""
    return channel.printed and kept is not None and kept.gone_at is not None


def orphans(channels: Mapping[str, Channel], kept: Mapping[str, KeptWay]) -> tuple[str, ...]:
    """What WeCom keeps for channels that are in the file no more: never deleted, but named."""
    return tuple(id_ for id_ in sorted(kept) if id_ not in channels)

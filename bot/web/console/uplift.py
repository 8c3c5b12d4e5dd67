"""What items of 导购 brought: who got one beside who was kept without it to measure by."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from bot.content.snapshot import Content
from bot.scrm.holdout import Trial, said, uplift
from bot.store.uplift import Measured
from bot.web.console.overview import BOUGHT_DAYS
from bot.web.console.room import Visit, cut, title_of
from bot.web.console.sheet import Cell, Link, Mark, Part, Section, Tone, Words

HEAD: Final = ("内容", "发到", "其中买了", "对照组", "其中买了", "相差", "95% 区间", "看得出吗")
HOW: Final = (
    f"发出后 {BOUGHT_DAYS} 天里的订单。对照组是抽中不发的那些人（care.yaml 的 hold_out）；区间跨过 0，就还看不出。"
)
NO_ORDERS: Final = "没有订单就没有这个数：把商城的订单推到 /api/orders，或者用 main.py orders import 导入。"
NONE: Final = f"还没有满 {BOUGHT_DAYS} 天、并且留了对照组的导购内容。"


def section(found: Measured, content: Content, visit: Visit, aged: str) -> Section:
    """By item, with the interval; nothing where no order is known."""
    title = "导购内容多卖了多少"
    if not found.orders:
        return Section(title, (Words(NO_ORDERS, "soft"),))
    early = (Words(f"还有 {found.early} 次发出不满 {BOUGHT_DAYS} 天，没有算进来。", "soft"),) if found.early else ()
    rows = [_row(item, trial, content) for item, trial in found.trials.items()]
    parts: tuple[Part, ...] = (cut(visit, "uplift", HEAD, rows, NONE), *early)
    return Section(title, parts, f"{HOW}{aged}。")


def _row(item: str, trial: Trial, content: Content) -> tuple[Cell, ...]:
    more, title = uplift(trial), title_of(content, item)
    name: Cell = Link(title, f"/console/approvals/{quote(item)}") if item in content.library else title
    counts = (trial.reached, trial.buyers, trial.held_out, trial.held_out_buyers)
    points = f"{more.share * 100:+.1f} 个百分点" if more else ""
    between = f"{more.low * 100:+.1f} ~ {more.high * 100:+.1f}" if more else ""
    tone: Tone = "" if not more or not more.sure else "good" if more.share > 0 else "bad"
    return name, *counts, points, between, Mark(said(more), tone)

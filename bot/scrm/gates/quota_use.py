"""How much of WeCom's quota each group will have used up, window by window, if all goes as foreseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.board import Board, PoolSeen
from bot.scrm.quota import Allowance, Quota, allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUse:
    """One group in one window. `used`: what it got, by the firm and by members; `coming`: what is foreseen."""

    pool: str
    name: str
    start_at: int
    end_at: int
    used: int
    coming: int
    most: int
    reserve: int

    @property
    def left(self) -> int:
        """How many more may be planned; below 0 the reserve is used."""
        return self.most - self.reserve - self.used - self.coming


def quota_uses(
    board: Board, foreseen: Iterable[Foreseen], quota: Quota, span: tuple[int, int], timezone: str
) -> list[QuotaUse]:
    """Every group in each window that meets the span (epoch seconds from and to), the tightest first."""
    coming: dict[str, list[int]] = defaultdict(list)
    for each in foreseen:
        s = each.situation
        if s.touchpoint == "群" and s.entry.via == "群发" and each.decision.goes:
            coming[s.pool.id].append(s.slot.at)
    reserve, windows = quota.reserve.get("群", 0), list(_windows(quota, span, timezone))
    uses = [_use(pool, coming[pool.id], window, reserve) for pool in board.pools for window in windows]
    return sorted(uses, key=lambda use: (use.left, use.start_at, use.pool))


def _windows(quota: Quota, span: tuple[int, int], timezone: str) -> Iterator[Allowance]:
    at, until_at = span
    while at < until_at and (window := allowance(quota, at, timezone)):
        yield window
        at = window.end_at


def _use(pool: PoolSeen, coming: list[int], window: Allowance, reserve: int) -> QuotaUse:
    def inside(instants: Iterable[int]) -> int:
        return sum(window.start_at <= at < window.end_at for at in instants)

    return QuotaUse(
        pool=pool.id,
        name=pool.name,
        start_at=window.start_at,
        end_at=window.end_at,
        used=inside([*(met.at for met in pool.met if not met.by_hand), *pool.own_sends]),
        coming=inside(coming),
        most=window.most,
        reserve=reserve,
    )

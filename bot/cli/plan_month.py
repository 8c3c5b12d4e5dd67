"""What `plan` says beside its lines: the quota of the month to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.scrm.gates.quota_use import QuotaUse

GROUPS = 10


def quota(uses: Iterable[QuotaUse]) -> list[dict[str, Any]]:
    """Quota by group and window, the tightest first, for scripts. Instants in epoch seconds."""
    return [{**asdict(use), "left": use.left} for use in uses]


def quota_lines(uses: Iterable[dict[str, Any]], timezone: str) -> list[str]:
    """The tightest window of each group that is sent anything, the tightest groups first; the rest as a number."""
    tightest: dict[str, dict[str, Any]] = {}
    for use in uses:
        if use["used"] or use["coming"]:
            tightest.setdefault(use["pool"], use)
    lines = [_line(use, timezone) for use in list(tightest.values())[:GROUPS]]
    more = len(tightest) - GROUPS
    return [*lines, f"其余 {more} 个群更宽。"] if more > 0 else lines


def _line(use: dict[str, Any], timezone: str) -> str:
    from bot.scrm.week import local_time

    first, last = (f"{local_time(at, timezone):%m-%d}" for at in (use["start_at"], use["end_at"] - 1))
    days = first if first == last else f"{first} ~ {last}"
    kept = f"，留 {use['reserve']} 条备用" if use["reserve"] else ""
    spare = f"还能排 {use['left']} 条" if use["left"] >= 0 else f"用到了备用的 {-use['left']} 条"
    return f"群发额度 {days} {use['name']}：已发 {use['used']}，要发 {use['coming']}，一共 {use['most']}{kept}，{spare}"

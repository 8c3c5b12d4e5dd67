"""WeCom's limit on mass sends per customer or group, as dated policies (content/quota.yaml; official page 92135)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.scrm.kind import Touchpoint

Span = Literal["月", "周", "天"]


@dataclass(frozen=True, slots=True)
class QuotaPolicy:
    """From this instant on: at most so many in a calendar month, week (from Monday) or day; None: the days of it."""

    from_at: int
    per: Span
    most: int | None


@dataclass(frozen=True, slots=True)
class Quota:
    """`reserve`: kept for members' own sends and urgent notices, by touchpoint."""

    policies: tuple[QuotaPolicy, ...]
    reserve: Mapping[Touchpoint, int]

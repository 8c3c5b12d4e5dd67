"""Offers: the only place where a price is written. Money in fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.period import ALWAYS_VALID, Period

Where = Literal["私域专享", "全渠道"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something to be had (content/offers.yaml).

    `floor_fen`: no price below this is accepted. `compare_at_fen`: the price crossed out. `codes`: path of a list of
    one-use codes below content/codes. `limit`: e.g. 每人1份.
    """

    id: str
    title: str
    link: str
    valid: Period = ALWAYS_VALID
    price_fen: int | None = None
    compare_at_fen: int | None = None
    floor_fen: int | None = None
    where: Where = "全渠道"
    sku: str | None = None
    stock: int | None = None
    gift: str | None = None
    limit: str | None = None
    codes: str | None = None

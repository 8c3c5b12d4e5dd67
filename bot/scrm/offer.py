"""Offers: the only place where a price is written. Money in fen."""

from __future__ import annotations

from collections.abc import Mapping
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

    @property
    def values(self) -> Mapping[str, str]:
        """What a text may use as `offer.…`: only what the offer has."""
        known = {
            "title": self.title,
            "link": self.link,
            "price": self.price_fen if self.price_fen is None else yuan(self.price_fen),
            "compare_at": self.compare_at_fen if self.compare_at_fen is None else yuan(self.compare_at_fen),
            "gift": self.gift,
            "limit": self.limit,
        }
        return {name: str(value) for name, value in known.items() if value is not None}


def yuan(fen: int) -> str:
    """Money as people read it: 268元, 1.80元."""
    return f"{fen // 100}元" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02}元"

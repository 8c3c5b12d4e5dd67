"""What a customer is given: an offer, and where it has one-use codes, one of them, once in their life.

The stock is the file of codes; what was given is remembered. So nothing has to be loaded, and a code that was given
stays given, whatever becomes of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.offer import Offer
from bot.scrm.records.offers import GiveCode
from bot.scrm.span import DAY, spelled, whole

PACE_DAYS: Final = 7
"""Codes that last no longer than this, at the pace of as many days, are few; so is a tenth of them."""

NONE_LEFT: Final = "“{title}”的券码发完了"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStock:
    """The codes of an offer: how many there are, how many of them nobody has, and how many were given lately."""

    offer: str
    title: str
    total: int
    left: int
    lately: int

    @property
    def low(self) -> bool:
        """Whether somebody should see to new ones."""
        return self.left * 10 <= self.total or self.left <= self.lately

    @property
    def lasts_seconds(self) -> int | None:
        """How long they last at the pace of the last days; None: nothing was given."""
        return self.left * PACE_DAYS * DAY // self.lately if self.lately else None

    @property
    def days(self) -> int | None:
        """The same, in full days."""
        return None if self.lasts_seconds is None else self.lasts_seconds // DAY

    @property
    def said(self) -> str:
        """For people."""
        if not self.left:
            return f"“{self.title}”的券码发完了，之后的人拿不到"
        lasts = self.lasts_seconds
        pace = "" if lasts is None else f"，按近 {PACE_DAYS} 天的速度 {spelled(whole(max(1, lasts)))}用完"
        return f"“{self.title}”的券码只剩 {self.left} 个{pace}"


def first_for(external_userid: str, offer: str, count: int) -> int:
    """Where in a list of codes to look first for somebody: two who come at once hardly ever want the same one."""
    return int.from_bytes(sha256(f"{offer}/{external_userid}".encode()).digest()[:8]) % max(1, count)


async def give(offer_id: str, external_userid: str, because: str, facts: Facts) -> tuple[str, Decision]:
    """The words about an offer for somebody, and what to remember. No words: there is nothing to be had any more.

    Asked again, whatever for, they have the code that they were given.
    """
    offer = facts.content.offers.get(offer_id)
    if offer is None or not offer.valid.holds(facts.now):
        return "", Decision(because=(f"权益“{offer_id}”不在有效期里，没有送",))
    if offer.codes is None:
        return words(offer, ""), Decision()
    if code := await facts.codes.given(offer_id, external_userid):
        return words(offer, code), Decision()
    code = await facts.codes.free(offer_id, facts.content.codes.get(offer.codes, ()), external_userid)
    if code is None:
        return "", Decision(because=(NONE_LEFT.format(title=offer.title),))
    given = GiveCode(offer=offer_id, code=code, external_userid=external_userid, because=because, at=facts.now)
    return words(offer, code), Decision(records=(given,), because=(f"给了一个“{offer.title}”的券码",))


def words(offer: Offer, code: str) -> str:
    """How a gift is handed over."""
    with_code = f"，券码 {code}" if code else ""
    return f"送你{offer.title}{with_code}，在这里用：{offer.link}"

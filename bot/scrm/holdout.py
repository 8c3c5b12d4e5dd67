"""A small control for what sells: who is kept out of it, and what it brought more than nothing would have."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from typing import Any, Final

DRAWS: Final = 10_000
"""A person's draw for a campaign is one of so many; the lowest are kept out."""

MODULUS: Final = 2**31 - 1
"""A prime whose residues, squared, fit into the 64 bits of a database's integers."""

_STRIDE: Final = 48_271

PER_MILLE: Final = 50
"""How many of a thousand are kept out: 5 %. Our own default."""

_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Trial:
    """How many were reached and were kept out, and how many of each bought in the time that was looked at."""

    reached: int
    buyers: int
    held_out: int
    held_out_buyers: int


@dataclass(frozen=True, slots=True)
class Uplift:
    """The difference of the two shares of buyers, 0.01 = one point, with its 95 % interval."""

    share: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out "no effect"."""
        return self.low > 0 or self.high < 0


def draw(person_id: Any, campaign: str) -> Any:
    """Where a person falls for a campaign or item: 0 to DRAWS - 1, the same always, another for each campaign.

    Nothing but + * % on whole numbers below 2**63, so `person_id` may be a column: Python and both databases agree.
    Two squarings mix well enough that neighbours and campaigns have nothing to do with each other.
    """
    first, second = _seeds(campaign)
    mixed = (person_id % MODULUS * _STRIDE + first) % MODULUS
    mixed = (mixed * mixed + second) % MODULUS
    return mixed * mixed % MODULUS % DRAWS


def held_out(person_id: int, campaign: str, per_mille: int = PER_MILLE) -> bool:
    """Whether this person is in the control of a campaign or item.

    It is asked where we address the person (私聊). Who is in a group or sees Moments cannot be left out.
    """
    return bool(draw(person_id, campaign) < per_mille * DRAWS // 1000)


def uplift(trial: Trial) -> Uplift | None:
    """What was bought more, by Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10).

    None: nobody was reached, or nobody was kept out, so nothing can be said. Raises ValueError on impossible counts.
    """
    if not (0 <= trial.buyers <= trial.reached and 0 <= trial.held_out_buyers <= trial.held_out):
        raise ValueError("more buyers than people")
    if not trial.reached or not trial.held_out:
        return None
    share, low, high = _wilson(trial.buyers, trial.reached)
    without, without_low, without_high = _wilson(trial.held_out_buyers, trial.held_out)
    more = share - without
    down = sqrt((share - low) ** 2 + (without_high - without) ** 2)
    up = sqrt((high - share) ** 2 + (without - without_low) ** 2)
    return Uplift(more, max(-1.0, more - down), min(1.0, more + up))


def said(more: Uplift | None) -> str:
    """What that comes to, in a word."""
    if more is None or not more.sure:
        return "还看不出"
    return "多买了" if more.share > 0 else "反而少买了"


def _seeds(campaign: str) -> tuple[int, int]:
    digest = sha256(campaign.encode()).digest()
    return int.from_bytes(digest[:8]) % MODULUS, int.from_bytes(digest[8:16]) % MODULUS


def _wilson(hits: int, of: int) -> tuple[float, float, float]:
    """A share and its 95 % score interval."""
    share, z2 = hits / of, _Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return share, middle - half, middle + half

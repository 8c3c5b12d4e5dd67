"""When a customer wants a person: how they say so, what they hear, and who is asked first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from bot.scrm.week import clock_text, week_minute

ASKS: Final = frozenset({"客服", "找客服", "转客服", "人呢", "有人吗", "有人在吗", "找个人"})
NAMES: Final = ("人工", "真人")
LONGEST: Final = 12
"""Characters: a longer sentence that mentions 人工 may be about something else (人工皂)."""

SOON: Final = "好的，这就请同事来，请稍等一下，你可以先把问题写下来。"

_NOISE = re.compile(r"[\s\W_]+")


def later(awake_at: int, timezone: str) -> str:
    """What a customer hears while everybody rests until an instant (epoch seconds)."""
    _, minute = week_minute(awake_at, timezone)
    return f"好的。同事现在休息了，{clock_text(minute)} 以后第一时间回你，你可以先把问题写下来。"


def asks_for_a_person(text: str) -> bool:
    """Whether these words of a customer ask for a human."""
    words = _NOISE.sub("", text)
    return words in ASKS or (len(words) <= LONGEST and any(name in words for name in NAMES) and "皂" not in words)


def acquaintance(servicers: Collection[str], guides: Iterable[str]) -> str:
    """The first of a customer's `guides` who receives at the account; "": nobody there knows the customer."""
    return next((userid for userid in guides if userid in servicers), "")

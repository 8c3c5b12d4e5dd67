"""When a customer wants a person: how they say so, what they hear, and who is asked first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from bot.scrm.week import clock_text, week_minute

ASKS: Final = frozenset({"客服", "找客服", "转客服", "人呢", "有人吗", "有人在吗", "找个人"})
NAMES: Final = ("人工", "真人")
NO_ONE: Final = re.compile(
    r"(?:不(?:要|用|必|需要?|想要?|找|转|接)|别|甭|无需|取消)"
    r"(?:再|给我|帮我|我|你们|转|找|接|叫|用|换|联系|麻烦|到|成|给|和|跟|聊)*(?:人工|真人)"
    r"(?:客服|服务|接待|来|回复?|聊|说|[了的吧啊哈])*$"
    r"|(?:人工|真人)(?:客服)?(?:就|先|的话)*(?:不用|不必|不需要|不要|免|算)了?$"
)
"""A clause that wants nobody: 不用转人工, 人工就不用了; but 不要机器人转人工 and 要不转人工吧 want somebody."""

LONGEST: Final = 12
"""Characters: a longer sentence that mentions 人工 may be about something else (人工皂)."""

SOON: Final = "好的，这就请同事来，请稍等一下，你可以先把问题写下来。"
NOT_MOVED: Final = "好的，不转人工。有事随时说，我在。"
CANNOT_ANSWER: Final = "这个我请同事来回你，请稍等一下，还有想问的可以先写下来。"
"""Where content/kf.yaml has no words of its own."""

_NOISE = re.compile(r"[\s\W_]+")
_SUGGESTION = re.compile(r"(?:[要用需]|怎么|为什么|为啥|干嘛)不[要用需]?")
"""要不转人工吧, 要不要人工, 怎么不转人工: no refusal."""


def later(awake_at: int, timezone: str) -> str:
    """What a customer hears while everybody rests until an instant (epoch seconds)."""
    _, minute = week_minute(awake_at, timezone)
    return f"好的。同事现在休息了，{clock_text(minute)} 以后第一时间回你，你可以先把问题写下来。"


def rest_until(awake_at: int, timezone: str) -> str:
    """What is added to a word about a colleague while everybody rests."""
    _, minute = week_minute(awake_at, timezone)
    return f"同事现在休息了，{clock_text(minute)} 以后第一时间回你。"


def asks_for_a_person(text: str) -> bool:
    """Whether these words of a customer ask for a human."""
    words = _NOISE.sub("", text)
    named = len(words) <= LONGEST and any(name in words for name in NAMES) and "皂" not in words
    return words in ASKS or (named and not wants_nobody(text))


def wants_nobody(text: str) -> bool:
    """Whether these words of a customer say that no human shall come."""
    named = [clause for clause in _NOISE.split(text) if any(name in clause for name in NAMES)]
    return bool(named) and all(NO_ONE.search(_SUGGESTION.sub("", clause)) for clause in named)


def acquaintance(servicers: Collection[str], guides: Iterable[str]) -> str:
    """The first of a customer's `guides` who receives at the account; "": nobody there knows the customer."""
    return next((userid for userid in guides if userid in servicers), "")

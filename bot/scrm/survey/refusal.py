"""How people say that they want no survey: 不想填、不用了，谢谢、没兴趣.

A refusal is a refusal as a whole: 不用换季 and 取消订单可以吗 are about something else.
"""

from __future__ import annotations

import re
from typing import Final

from bot.scrm.survey.values import half_width

_BREAKS = re.compile(r"[\W_]+")
_POLITE = re.compile(r"(?:谢+谢*|多谢|感谢|不好意思|抱歉|麻烦)(?:你|您|你们)?(?:了|啦|哈|哦)?")
_ENDS: Final = r"(?:了|啦|吧|哈|哦|啊|呢|的)*"
_WHOSE: Final = r"(?:我|先|就|暂时|还是|现在|真的|都|也)*"
_NOT: Final = r"(?:不想|不愿意?|不要|不用|不必|不需要|不打算|不方便|懒得|不|别)(?:再|给我)*"
_ASKING: Final = r"(?:填|回答|作答|答|做|弄|参加|参与|问|发|打扰|骚扰|烦|聊)"
_WHAT: Final = r"(?:我|消息|信息|广告|这个|这些|那些|调研|问卷|问题|问)*"
_NO = re.compile(
    rf"{_WHOSE}(?:{_NOT}{_ASKING}{_WHAT}"
    rf"|不用|不必|不需要|不要|不想|不了|免|算|没有?兴趣|不感兴趣|没必要|拒绝|退订|取消|停|停止|td){_ENDS}"
)
_MESSAGES = re.compile(r"发|退订|打扰|骚扰|td")


def wants_no_messages(text: str) -> bool:
    """Whether it is messages of ours that these words want no more of: 退订, 别再发了."""
    return is_no(text) and _MESSAGES.search(half_width(text).casefold()) is not None


def is_no(text: str) -> bool:
    """Whether these words of a customer want no more of it; words of thanks may stand around them."""
    clauses = (_POLITE.sub("", clause) for clause in _BREAKS.split(half_width(text).casefold()))
    said = [clause for clause in clauses if clause]
    return bool(said) and all(_NO.fullmatch(clause) for clause in said)

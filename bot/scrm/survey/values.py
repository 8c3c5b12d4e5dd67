"""Free answers as values: numbers, dates, phone numbers, text; and what all answers share in how they are read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.scrm.survey.run import Question

LONGEST_TEXT: Final = 200
"""Characters of a free answer that are kept."""

DIGITS = "零一二三四五六七八九"
_ENDING = re.compile(r"[吧啊呀呢的了哦喔嗯哈~!。.,，…、\s]+$")
_QUESTION = re.compile(r"[?？]|吗|怎么|什么|多少|几点|哪里|为啥|为什么|如何|能不能|可不可以")
_NO_QUESTION = re.compile(
    r"(?<!有)没(?:有|在)?(?:[用擦涂抹买]过?)?什么|什么[都也][不没]|什么的|(?:忘了?|忘记|不记得)[^，。]{0,3}什么"
)
"""什么 that asks nothing: 没什么, 什么都没用, 水乳什么的, 忘了叫什么."""

_NO_CONTENT = re.compile(
    r"(?:(?:你好|您好|hi|hello|在|好|行|可以|嗯+|哦+|ok|收到|知道|明白|谢谢你?|多谢|感谢|辛苦|再见|拜拜|没事|不客气"
    r"|稍等|等一下|等等|哈+)[的了啦呀]*)+"
    r"|.{0,4}(?:没空|没时间|在忙|改天|晚点|回头|下次|以后)(?:再?[说填答聊看弄回])?"
)
"""Courtesies, and later: nothing that a free answer would hold."""

_EMOTICON = re.compile(r"\[[^\[\]]{1,6}\]")
"""How WeChat writes its own: [微笑]."""

_KEYCAP = re.compile("[\ufe0f\u20e3]")


@dataclass(frozen=True, slots=True)
class Understood:
    """An answer; no values: skipped."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Meant as an answer, but not clear; `hint` is said to the customer, once."""

    hint: str


Meaning = Understood | NearMiss | None


def number(question: Question, text: str) -> Meaning:
    """The one number in it, in digits or characters, written without needless zeros."""
    plain = half_width(text)
    found = re.findall(r"\d+(?:\.\d+)?", plain) or [str(n) for n in _chinese_numbers(plain)]
    if len(found) == 1 and len(plain) <= 20 and not is_question(plain):
        value = float(found[0])
        return Understood((str(int(value)) if value.is_integer() else str(value),))
    return NearMiss(how(question)) if found and not is_question(plain) else None


def _chinese_numbers(text: str) -> list[int]:
    """Numbers below a hundred written in characters: 二十五."""
    numbers = []
    for tens, ten, ones in re.findall(rf"([{DIGITS}]?)(十?)([{DIGITS}]?)", text):
        if tens or ten or ones:
            high = (DIGITS.index(tens) if tens else 1) * 10 if ten else (DIGITS.index(tens) if tens else 0)
            numbers.append(high + (DIGITS.index(ones) if ones else 0) if ten else high)
    return numbers


def read_date(question: Question, text: str) -> Meaning:
    """A day with its year, as 1995-06-18."""
    plain = half_width(text)
    if is_question(plain) or not re.search(r"\d", plain):
        return None
    found = re.search(r"(\d{4})\D{0,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)", plain) or re.search(
        r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)", plain
    )
    if found is None:
        return NearMiss(how(question))
    try:
        return Understood((date(*(int(part) for part in found.groups())).isoformat(),))
    except ValueError:
        return NearMiss("没有这一天，" + how(question))


def phone(question: Question, text: str) -> Meaning:
    """A mobile number of mainland China, its 11 digits."""
    digits = re.sub(r"[\s\-()]", "", half_width(text))
    found = re.search(r"(?<!\d)(?:\+?86)?(1[3-9]\d{9})(?!\d)", digits)
    if found:
        return Understood((found[1],))
    return NearMiss(how(question)) if re.search(r"\d{5,}", digits) else None


def free_text(question: Question, text: str) -> Meaning:
    """What was written, unless it asks something, or only says hello, yes or later."""
    if is_question(text) or says_nothing(text):
        return None
    return Understood((text.strip()[:LONGEST_TEXT],))


def how(question: Question) -> str:
    """How to answer this question, in words for the customer."""
    match question.type:
        case "单选":
            return f"回 1 到 {len(question.options)} 的数字就行"
        case "多选":
            return f"回 1 到 {len(question.options)} 的数字就行，可以选几个，例如 1、2"
        case "数字":
            return "直接回一个数字就行"
        case "日期":
            return "请写成 1995-06-18 这样"
        case "手机号":
            return "手机号是 11 位数字，麻烦再看一眼"
    return "直接打字回复就行"


def is_question(text: str) -> bool:
    """Whether a customer asks something instead of answering."""
    return _QUESTION.search(_NO_QUESTION.sub("", text)) is not None


def says_nothing(text: str) -> bool:
    """Whether a customer only says hello, yes, thanks or later, in words or by pictures."""
    clauses = re.split(r"[，,。.!！~\s]+", _EMOTICON.sub("", text))
    said = [bare for clause in clauses if re.search(r"\w", bare := bare_form(clause))]
    return not is_question(text) and all(_NO_CONTENT.fullmatch(clause) for clause in said)


def half_width(text: str) -> str:
    """Full-width digits and letters, and digits on keycaps, as plain ones."""
    return _KEYCAP.sub("", unicodedata.normalize("NFKC", text))


def bare_form(text: str) -> str:
    """Without width, case, blanks, and the particles that people end a line with."""
    plain = plain_form(text)
    return _ENDING.sub("", plain) or plain


def plain_form(text: str) -> str:
    """Without width, case, blanks and quotes."""
    return re.sub(r"[\s“”\"'「」]+", "", half_width(text)).casefold()

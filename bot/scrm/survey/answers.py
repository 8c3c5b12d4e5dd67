"""What a customer's words mean as an answer: a tap, a number, the words of an option, or something close to it.

understand(question, "１")  →  Understood(("紧绷起皮",))
understand(question, "7")   →  NearMiss("没有第 7 项，回 1 到 4 的数字就行")
understand(question, "你们几点关门？")  →  None: not an answer, somebody else's to reply to
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

from bot.scrm.survey.refusal import is_no
from bot.scrm.survey.run import CHOICES, Option, Question
from bot.scrm.survey.values import (
    DIGITS,
    LONGEST_TEXT,
    Meaning,
    NearMiss,
    Understood,
    bare_form,
    free_text,
    half_width,
    how,
    is_question,
    number,
    phone,
    read_date,
)

__all__ = [
    "SKIP",
    "Meaning",
    "NearMiss",
    "Understood",
    "declines",
    "forms",
    "menu_id",
    "menu_place",
    "understand",
    "understand_form",
]

SKIP: Final = "跳过"

_SKIPS = frozenset(
    (
        SKIP,
        "跳",
        "略过",
        "下一题",
        "不知道",
        "说不清",
        "不清楚",
        "不方便说",
        "不方便",
        "不想说",
        "保密",
        "都不是",
        "以上都不是",
        "skip",
    )
)
_NONE = frozenset(("没有", "都没有", "一个都没有", "一个都不是", "没注意", "没注意过", "不符合"))
_VAGUE = frozenset(("还好", "还行", "还可以", "正常", "一般", "差不多", "都行", "都可以", "随便"))
_ALL = frozenset(("都有", "都是", "全部", "全都有", "全选", "以上都有", "都选"))
_ORDINAL = re.compile(r"(?:选|第|我选)*([1-9]|[一二三四五六七八九])(?:个|项|号|条|种)?")
_NUMBERED = re.compile(r"[1-9][.、)]\s*(.+)")
_NOT = re.compile(r"(不|没|没有|不是|不太|不怎么|非|别|无|除|除了)$")
_SEPARATORS = re.compile(r"[、,，/／;；\s]+")
_AND = re.compile(r"[和跟与及&+]|还有")


SKIPPED = Understood(())
JUST_ONE: Final = "这题挑最像的一个就好，"
SURE: Final = "想确认一下："


def understand(question: Question, text: str, menu_id: str | None = None) -> Meaning:
    """The answer in what a customer typed or tapped; None when it is clearly about something else."""
    if menu_id is not None:
        tapped = menu_place(menu_id)
        return _tapped(question, tapped[2]) if tapped and tapped[1] == question.id else None
    bare = bare_form(text)
    left_out = bare in _SKIPS or (question.type in CHOICES and bare in _NONE)
    if left_out and not _in_own_words(question, bare):
        return SKIPPED if not question.required else NearMiss("这一题对后面的建议很要紧，方便的话答一下")
    if not bare:
        return None
    return _READERS.get(question.type, _choice)(question, text)


def declines(text: str, question: Question | None) -> bool:
    """Whether somebody who is asked this wants no survey; not when the words are one of its options."""
    return is_no(text) and not (question and _in_own_words(question, bare_form(text)))


def understand_form(question: Question, raw: tuple[str, ...]) -> Meaning:
    """The answer in what a form sent: for choices each chosen `say`; nothing filled in: skipped."""
    filled = tuple(value for value in raw if value.strip())
    if not filled:
        return understand(question, SKIP)
    if question.type == "文字":
        return Understood((filled[0].strip()[:LONGEST_TEXT],))
    if question.type not in CHOICES:
        return understand(question, filled[0]) or NearMiss(how(question))
    by_say = {o.say: o.say for o in question.options} | {str(i): o.say for i, o in enumerate(question.options, 1)}
    chosen = _in_order(question, (by_say[value] for value in filled if value in by_say))
    if not chosen or (question.type == "单选" and len(chosen) > 1):
        return NearMiss(how(question))
    return Understood(chosen)


def menu_id(run_id: str, question_id: str, number: int) -> str:
    """What a tap comes back with (at most 64 bytes): option `number` from 1, 0 for a skip."""
    return f"sv/{run_id}/{question_id}/{number}"


def menu_place(value: str | None) -> tuple[str, str, int] | None:
    """Run, question and number of a tap on one of our menus, however late; None for anybody else's."""
    found = re.fullmatch(r"sv/([0-9A-Za-z_-]+)/([a-z][a-z0-9-]*)/(\d)", value or "")
    return (found[1], found[2], int(found[3])) if found else None


def _tapped(question: Question, number: int) -> Meaning:
    if number == 0:
        return SKIPPED
    return Understood((question.options[number - 1].say,)) if number <= len(question.options) else None


def _choice(question: Question, text: str) -> Meaning:
    bare = bare_form(text)
    if question.type == "多选" and bare in _ALL:
        telling = [o.say for o in question.options if o.tag] or [o.say for o in question.options]
        return Understood(tuple(telling))  # 没什么规律 is none of them all
    exact = _exactly(question, bare)
    if exact:
        return Understood((exact.say,))
    if bare in _ALL:
        return NearMiss(JUST_ONE + how(question))
    if bare in _VAGUE:
        return NearMiss(SURE + how(question))
    parts = [part for part in _SEPARATORS.split(half_width(text).strip()) if bare_form(part)]
    if question.type == "多选" and re.fullmatch(r"[1-9](?:\.?[1-9]){1,8}", bare):
        parts = re.findall(r"\d", bare)  # at most nine options: 13 can only be the first and the third
    found = [_one(question, part) for part in _split_further(question, parts)]
    return _together(question, found, text)


def _split_further(question: Question, parts: Iterable[str]) -> list[str]:
    """Parts that are no option as they stand may still join two: 换季和熬夜."""
    result: list[str] = []
    for part in parts:
        pieces = [p for p in _AND.split(part) if bare_form(p)]
        several = len(pieces) > 1 and all(isinstance(_one(question, p), Option) for p in pieces)
        whole = len(pieces) < 2 or isinstance(_one(question, part), Option)
        result += pieces if several or not whole else [part]
    return result


def _together(question: Question, found: list[Option | NearMiss | None], text: str) -> Meaning:
    chosen = _in_order(question, (o.say for o in found if isinstance(o, Option)))
    misses = [m for m in found if isinstance(m, NearMiss)]
    if misses:
        return misses[0]
    if not chosen or (None in found and is_question(text)):
        return None
    if question.type == "单选" and len(chosen) > 1:
        return NearMiss(JUST_ONE + how(question))
    return Understood(chosen)


def _one(question: Question, part: str) -> Option | NearMiss | None:
    """One option, a near miss, or nothing."""
    bare = bare_form(part)
    if exact := _exactly(question, bare):
        return exact
    if re.fullmatch(r"\d{1,3}", bare):
        return NearMiss(f"没有第 {int(bare)} 项，{how(question)}")
    if len(bare) > 20 or is_question(part):
        return None
    inside = [o for o in question.options if _said_in(o, bare)]
    if len(inside) == 1:
        return inside[0]
    if inside or any(_denied_in(o, bare) for o in question.options):
        return NearMiss(SURE + how(question))
    close = difflib.get_close_matches(bare, [f for o in question.options for f in _forms(o)], n=1, cutoff=0.5)
    return NearMiss(f"是“{_owner(question, close[0]).say}”吗？{how(question)}") if close else None


def _exactly(question: Question, bare: str) -> Option | None:
    for option in question.options:
        if bare in _forms(option):
            return option
    numbered = _NUMBERED.fullmatch(bare)
    if numbered:
        return next((o for o in question.options if bare_form(numbered[1]) in _forms(o)), None)
    ordinal = _ORDINAL.fullmatch(bare)
    if not ordinal:
        return None
    number = int(ordinal[1]) if ordinal[1].isascii() else DIGITS.index(ordinal[1])
    return question.options[number - 1] if number <= len(question.options) else None


def _said_in(option: Option, bare: str) -> bool:
    """A sentence that holds the option's words, or a piece of them: 换季的时候; 刺痛."""
    for form in _forms(option):
        at = bare.find(form) if len(form) > 1 else -1
        if at >= 0 and not _NOT.search(bare[:at]):
            return True
        if len(bare) > 1 and bare in form:
            return True
    return False


def _denied_in(option: Option, bare: str) -> bool:
    return any(len(f) > 1 and f in bare and _NOT.search(bare[: bare.find(f)]) for f in _forms(option))


_READERS = {"文字": free_text, "数字": number, "日期": read_date, "手机号": phone}


def _in_order(question: Question, says: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of the options, so that the same choice is the same answer on every surface."""
    chosen = set(says)
    return tuple(o.say for o in question.options if o.say in chosen)


def _owner(question: Question, form: str) -> Option:
    return next(o for o in question.options if form in _forms(o))


def forms(*spellings: str) -> tuple[str, ...]:
    """Spellings as they are compared: two options that share one cannot be told apart when typed."""
    return tuple(bare_form(spelling) for spelling in spellings)


def _in_own_words(question: Question, bare: str) -> bool:
    return any(bare in _forms(option) for option in question.options)


def _forms(option: Option) -> tuple[str, ...]:
    return forms(option.say, *option.also)

"""The kinds of value that all content files share, and how people write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.scrm.calendar import Every, OnDay
from bot.scrm.daybook import MONTH_DAY, MONTH_END
from bot.scrm.kind import KINDS, Kind
from bot.scrm.span import UNITS
from bot.scrm.week import DAY_MINUTES, EVERY_DAY, WEEKDAYS, Hours
from bot.yamlfile import did_you_mean

_DAY_SETS = {"每天": EVERY_DAY, "工作日": frozenset(range(5)), "休息日": frozenset((5, 6))}
AUTOMATIC = "自动"
# People type Chinese punctuation and full-width digits without noticing.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９：～", "0123456789:~")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("应该是文字")
    return value


def _id(value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,29}", text):
        raise ValueError(f"“{text[:40]}”不行：要用字母开头，2 到 30 位小写字母、数字、连字符")
    return text


def _userid(value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}", text):
        raise ValueError(f"“{text[:40]}”不是成员账号（userid）")
    return text


def _line(value: object) -> str:
    text = _text(value).strip()
    if not text or "\n" in text:
        raise ValueError("应该是一行文字，不能为空")
    return text


def _block(value: object) -> str:
    text = _text(value).rstrip("\n")
    if not text.strip():
        raise ValueError("不能为空")
    return text


def _hours(value: object) -> Hours:
    """ "21:00 ~ 9:30"."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d) *~ *(\d{1,2}):(\d\d)", str(value).translate(_HALF_WIDTH))
    if found:
        start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if int(found[2]) < 60 and int(found[4]) < 60 and start < DAY_MINUTES and end <= DAY_MINUTES:
            return Hours(start, end)
    raise ValueError("时段请写成 9:00 ~ 18:00，跨夜写成 21:00 ~ 9:00")


def _days(value: object) -> frozenset[int]:
    """ "工作日 周六". Of the week alone: 工作日 is Monday to Friday here, and does not follow 调休."""
    known = _DAY_SETS | {name: frozenset((i,)) for i, name in enumerate(WEEKDAYS)}
    words = str(value).split()
    if not words or any(word not in known for word in words):
        raise ValueError("请写 每天、工作日、休息日，或周一 到 周日，几个之间用空格")
    return frozenset().union(*(known[word] for word in words))


def _date(value: object) -> date:
    """ "2026-12-01"."""
    text = str(value).translate(_HALF_WIDTH)
    if not (found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)):
        raise ValueError("日期请写 2026-12-01")
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"没有 {int(found[2])}月{int(found[3])}日") from None
    if text != day.isoformat():
        raise ValueError(f"日期请写 {day.isoformat()}")
    return day


def _on(value: object) -> OnDay:
    """ "2026-12-11", "冬至", "春节-3天"; whether there is such a day, the calendar's check knows."""
    text = re.sub(r"\s", "", str(value).translate(_HALF_WIDTH)).replace("－", "-")
    if re.match(r"\d", text):
        return OnDay(_date(text).isoformat())
    found = re.fullmatch(r"([^\d+-]+)(?:([+-]\d{1,3})天)?", text)
    if not found:
        raise ValueError("请写 2026-12-11、冬至 或 春节-3天")
    return OnDay(found[1], int(found[2] or 0))


def _every(value: object) -> Every:
    """ "工作日 周六 每月1日"."""
    words = tuple(str(value).translate(_HALF_WIDTH).split())
    known = (*_DAY_SETS, *WEEKDAYS, MONTH_END)
    if not words or any(word not in known and not MONTH_DAY.fullmatch(word) for word in words):
        raise ValueError("请写 每天、工作日、休息日、周二、每月1日 或 每月末日，几个之间用空格")
    return Every(words)


def _kinds(value: object) -> tuple[Kind, ...]:
    """ "互动 科普"; 自动: all four."""
    words = str(value).split()
    if words == [AUTOMATIC]:
        return KINDS
    if wrong := [word for word in words if word not in KINDS]:
        near = did_you_mean(wrong[0], KINDS).replace("是 ", "是“").replace("？", "”？")
        raise ValueError(f"“{wrong[0][:40]}”不在四类里{near or '，可以写 自动，或 ' + ' '.join(KINDS)}")
    if not words:
        raise ValueError("请写 自动，或几类之间用空格：互动 科普")
    return tuple(kind for kind in KINDS if kind in words)


def _minute(value: object) -> int:
    """ "9:35" as minutes of the day."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", str(value).translate(_HALF_WIDTH))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError("时间请写成 9:35，24 小时制")
    return int(found[1]) * 60 + int(found[2])


def _span(value: object) -> int:
    """ "90天" in seconds."""
    found = re.fullmatch(r"([1-9]\d{0,4}) *(分钟|小时|天)", str(value).translate(_HALF_WIDTH))
    if not found:
        raise ValueError("请写成 40分钟、48小时 或 60天")
    return int(found[1]) * UNITS[found[2]]


def _money(value: object) -> int:
    """ "1.80元" in fen."""
    found = re.fullmatch(r"(\d{1,8})(?:\.(\d{1,2}))? *元", str(value).translate(_HALF_WIDTH))
    if not found:
        raise ValueError("金额请写成 268元 或 1.80元")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _yes_no(value: object) -> bool:
    if value not in ("是", "否"):
        raise ValueError("请写 是 或 否")
    return value == "是"


def _tag_path(value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"[^/\s]+/[^/]+", text):
        raise ValueError(f"“{text[:40]}”不行：标签都写成 组/名，例如 肤质/敏感肌")
    return text


def _web_address(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"https?://[^\s/]+\S*", text) or len(text.encode()) > 2048:
        raise ValueError("应该是网址，以 https:// 开头")
    return text


def _media_path(value: object) -> str:
    text = _text(value)
    if text.startswith("/") or "\\" in text or any(part in ("", ".", "..") for part in text.split("/")):
        raise ValueError("请写 content/media/ 下面的文件名，例如 welcome/card.png")
    return text


def _kind(parse: Callable[[object], Any], pattern: str | None = None, **schema: object) -> tuple[Any, Any]:
    """A validator, and what an editor is told about it."""
    shown = {"type": "string", **({"pattern": pattern} if pattern else {}), **schema}
    return PlainValidator(parse), WithJsonSchema(shown)


Id = Annotated[str, *_kind(_id, "^[a-z][a-z0-9-]{1,29}$")]
Userid = Annotated[str, *_kind(_userid, "^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$")]
Line = Annotated[str, *_kind(_line)]
Block = Annotated[str, *_kind(_block)]
HoursField = Annotated[Hours, *_kind(_hours, examples=["9:00 ~ 18:00", "21:00 ~ 9:00"])]
DaysField = Annotated[frozenset[int], *_kind(_days, examples=["每天", "工作日", "周六 周日"])]
DateField = Annotated[date, *_kind(_date, r"^\d{4}-\d\d-\d\d$", examples=["2026-12-01"])]
OnField = Annotated[OnDay, *_kind(_on, examples=["2026-12-11", "冬至", "春节-3天"])]
EveryField = Annotated[Every, *_kind(_every, examples=["每天", "工作日", "周二 周四", "每月1日"])]
KindsField = Annotated[tuple[Kind, ...], *_kind(_kinds, examples=[AUTOMATIC, "科普", "互动 科普"])]
TimeField = Annotated[int, *_kind(_minute, r"^\d{1,2}[:：]\d\d$", examples=["9:35"])]
Span = Annotated[int, *_kind(_span, examples=["40分钟", "48小时", "60天"])]
Money = Annotated[int, *_kind(_money, r"^\d{1,8}(\.\d{1,2})? *元$", examples=["268元", "1.80元"])]
YesNo = Annotated[bool, *_kind(_yes_no, enum=["是", "否"])]
TagPath = Annotated[str, *_kind(_tag_path, "^[^/\\s]+/[^/]+$")]
WebAddress = Annotated[str, *_kind(_web_address, "^https?://")]
MediaPath = Annotated[str, *_kind(_media_path)]
Guides = Annotated[tuple[Userid, ...], Field(min_length=1)]

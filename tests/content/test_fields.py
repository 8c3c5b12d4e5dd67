"""Values are read as people write them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.content import fields
from bot.scrm.week import Hours


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        (fields.HoursField, "9:00 ~ 18:00", Hours(540, 1080)),
        (fields.HoursField, "21:00~9:30", Hours(1260, 570)),
        (fields.HoursField, "１８：００ ～ ２４：００", Hours(1080, 1440)),
        (fields.DaysField, "每天", frozenset(range(7))),
        (fields.DaysField, "工作日 周六", frozenset(range(6))),
        (fields.DaysField, "休息日", frozenset((5, 6))),
        (fields.Span, "40分钟", 2400),
        (fields.Span, "90天", 90 * 86400),
        (fields.YesNo, "是", True),
        (fields.Block, "你好\n再见\n\n", "你好\n再见"),
        (fields.Line, " 你好 ", "你好"),
        (fields.Id, "parcel-night", "parcel-night"),
        (fields.Userid, "guide.lin@Shop_1", "guide.lin@Shop_1"),
        (fields.MediaPath, "welcome/卡片.png", "welcome/卡片.png"),
    ],
)
def test_what_people_write_is_understood(kind: object, written: str, read: object) -> None:
    """Full-width digits and punctuation included."""
    assert TypeAdapter(kind).validate_python(written) == read


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        (fields.HoursField, "9点到18点", "时段请写成 9:00 ~ 18:00"),
        (fields.HoursField, "24:00 ~ 9:00", "时段请写成"),
        (fields.HoursField, "9:60 ~ 18:00", "时段请写成"),
        (fields.DaysField, "周八", "请写 每天、工作日"),
        (fields.DaysField, "", "请写 每天、工作日"),
        (fields.Span, "三个月", "请写成 40分钟"),
        (fields.Span, "0天", "请写成 40分钟"),
        (fields.YesNo, True, "请写 是 或 否"),
        (fields.Id, "0012", "要用字母开头"),
        (fields.Id, 12, "要用字母开头"),
        (fields.Id, "a" * 31, "要用字母开头"),
        (fields.Userid, "小林", "不是成员账号"),
        (fields.TagPath, "敏感肌", "标签都写成 组/名"),
        (fields.Line, "", "不能为空"),
        (fields.Line, 7, "应该是文字"),
        (fields.Block, " \n", "不能为空"),
        (fields.MediaPath, "../secret.png", "content/media/"),
        (fields.MediaPath, "/etc/passwd", "content/media/"),
        (fields.WebAddress, "javascript:alert(1)", "应该是网址"),
    ],
)
def test_what_cannot_be_understood_says_how_to_write_it(kind: object, written: object, said: str) -> None:
    """Each message shows the right form."""
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(kind).validate_python(written)

"""From when to when, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.content.period import ALWAYS, MomentField, PeriodField
from bot.scrm.period import ALWAYS_VALID, Period

SHANGHAI = "Asia/Shanghai"
STRETCH, MOMENT = TypeAdapter(PeriodField), TypeAdapter(MomentField)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-12-01 ~ 2026-12-31", "2026-11-30 16:00", "2026-12-31 16:00"),
        ("2026-12-01~2026-12-01", "2026-11-30 16:00", "2026-12-01 16:00"),
        ("2026-12-10 10:00 ~ 2026-12-12 22:00", "2026-12-10 02:00", "2026-12-12 14:00"),
        ("２０２６-12-10 9：30 ～ 2026-12-12", "2026-12-10 01:30", "2026-12-12 16:00"),
    ],
)
def test_days_count_to_their_end_and_minutes_are_the_end(text: str, start: str, end: str) -> None:
    assert STRETCH.validate_python(text).period(SHANGHAI) == Period(utc(start), utc(end))


def test_either_side_may_be_open() -> None:
    assert STRETCH.validate_python("2026-12-01 ~").period(SHANGHAI) == Period(utc("2026-11-30 16:00"), None)
    assert STRETCH.validate_python("~ 2026-12-31").period(SHANGHAI) == Period(None, utc("2026-12-31 16:00"))
    assert ALWAYS.period() == ALWAYS_VALID


def test_a_moment_is_the_corps_own_and_a_day_begins_at_its_midnight() -> None:
    assert MOMENT.validate_python("2026-12-01 10:00").at(SHANGHAI) == utc("2026-12-01 02:00")
    assert MOMENT.validate_python("2026-12-01").at(SHANGHAI) == utc("2026-11-30 16:00")
    assert MOMENT.validate_python("2026-12-01").at("Europe/Berlin") == utc("2026-11-30 23:00")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-1", "日期请写 2026-12-01"),
        ("2026/12/1", "日期请写 2026-12-01"),
        ("2026年12月1日", "日期请写 2026-12-01"),
        ("明天", "日期请写 2026-12-01，要写几点就写 2026-12-01 10:00"),
        ("2026-09-31", "没有 9月31日 这一天，或没有这个钟点"),
        ("2026-09-30 24:30", "没有 9月30日 这一天，或没有这个钟点"),
        (20261201, "日期请写"),
    ],
)
def test_another_spelling_is_refused_with_the_right_one(text: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        MOMENT.validate_python(text)


@pytest.mark.parametrize("text", ["", "~", "2026-12-01"])
def test_what_is_no_period_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValidationError, match="起止请写成"):
        STRETCH.validate_python(text)


@pytest.mark.parametrize("text", ["2026-12-02 ~ 2026-12-01", "2026-12-02 10:00 ~ 2026-12-02 10:00"])
def test_a_period_does_not_end_before_it_began(text: str) -> None:
    with pytest.raises(ValidationError, match="前后写反了，开始要早于结束"):
        STRETCH.validate_python(text)

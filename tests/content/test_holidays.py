"""Which days are holidays, make-up days, terms and festivals; and content/holidays.yaml over them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.content.holidays import HolidaysFile, book, problems, unsettled
from bot.yamlfile import Problems, parse, validate

FILE = "content/holidays.yaml"
BOOK = book((2026, 2027))


def file(text: str) -> HolidaysFile:
    return validate(parse(FILE, text.encode()), HolidaysFile)


def days(first: str, last: str) -> set[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return {begin + timedelta(n) for n in range((end - begin).days + 1)}


def test_the_breaks_of_2026_are_those_of_the_state_council() -> None:
    """国办发明电〔2025〕7号: seven breaks, weekends in them included, and six make-up days."""
    breaks = [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ]
    assert {day for day in BOOK.off if day.year == 2026} == set().union(*(days(*each) for each in breaks))
    worked = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    assert {f"{day:%m-%d}" for day in BOOK.make_up if day.year == 2026} == set(worked)
    assert all(BOOK.is_workday(day) and day.weekday() >= 5 for day in BOOK.make_up)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("除夕", "2026-02-16"),
        ("春节", "2026-02-17"),
        ("元宵节", "2026-03-03"),
        ("清明", "2026-04-05"),
        ("清明节", "2026-04-05"),
        ("母亲节", "2026-05-10"),
        ("端午", "2026-06-19"),
        ("七夕", "2026-08-19"),
        ("中秋", "2026-09-25"),
        ("国庆", "2026-10-01"),
        ("重阳", "2026-10-18"),
        ("冬至", "2026-12-22"),
        ("腊八", "2026-01-26"),
        ("除夕", "2027-02-05"),
    ],
)
def test_days_go_by_the_names_that_people_use(name: str, day: str) -> None:
    """With 节 and without."""
    assert date.fromisoformat(day) in BOOK.days_of(name)


def test_a_year_has_24_terms_and_each_name_one_day() -> None:
    """Over a year with two 立春 in its moons, too."""
    for year in (2025, 2026, 2028, 2034):
        named = book((year,)).names
        terms = [name for name, [day] in named.items() if name in BOOK.names]
        assert len(terms) == len(named)
        assert {"小寒", "立春", "夏至", "立秋", "冬至", "大雪"} <= named.keys()


def test_what_staff_write_stands_before_what_the_libraries_say() -> None:
    """A holiday more, a make-up day, and a day of their own."""
    written = "days:\n" + "\n".join(
        [
            "  - {date: 2027-02-11, is: 放假}",
            "  - {date: 2027-02-13, is: 上班}",
            "  - {date: 2027-08-18, is: 上班, name: 店庆}",
        ]
    )
    mended = book((2027,), file(written))
    before = book((2027,))
    eleventh, thirteenth = date(2027, 2, 11), date(2027, 2, 13)
    assert before.is_workday(eleventh) and not mended.is_workday(eleventh) and mended.is_holiday(eleventh)
    assert not before.is_workday(thirteenth) and mended.is_workday(thirteenth)
    assert mended.days_of("店庆") == (date(2027, 8, 18),)


def test_a_year_without_make_up_days_is_a_warning() -> None:
    """Until they are written in, or the library knows them."""
    [warning] = unsettled((2026, 2027))
    assert (str(warning), warning.severity) == (
        "content/holidays.yaml:1: 提醒: 2027 年还没有调休安排，国务院公布后请补上",
        "warning",
    )
    assert list(unsettled((2027,), file("days: [{date: 2027-02-13, is: 上班}]"))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("days: [{date: 2027-2-5, is: 放假}]", ":1: date: 日期请写 2027-02-05"),
        ("days: [{date: 2027-02-30, is: 放假}]", ":1: date: 没有 2月30日"),
        ("days: [{date: 2027-02-05, is: 休息}]", ":1: is: “休息”不行"),
        ("days: [{date: 2027-02-05}]", ":1: is: 必须写，这里缺了"),
        ("days: [{date: 2027-02-05, is: 放假, nane: 除夕}]", ":1: nane: 不认识，是不是 name？"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(Problems) as caught:
        file(text)
    assert [str(problem) for problem in caught.value.problems if str(problem).startswith(FILE + message)]


def test_a_day_is_said_once() -> None:
    text = "days:\n  - {date: 2027-02-05, is: 放假}\n  - {date: 2027-02-05, is: 上班}\n"
    document = parse(FILE, text.encode())
    found = [str(problem) for problem in problems(document, validate(document, HolidaysFile))]
    assert found == [f"{FILE}:{line}: date: 2027-02-05 写了两次" for line in (2, 3)]

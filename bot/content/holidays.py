"""The days of the years: public holidays, make-up days, solar terms, festivals; content/holidays.yaml over them.

Sources: `holidays` (State Council lists as far as they are out), `lunar-python` (terms and festivals of any year).
Both are loaded when a book is first made, and a year is worked out once a process.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from bot.content.fields import DateField, Line
from bot.scrm.daybook import ONE_DAY, DayBook, day_book
from bot.yamlfile import Document, Problem, Row

FILE = "content/holidays.yaml"
ALSO = {"清明": "清明节", "劳动节": "五一"} | {
    f"{short}节": short for short in ("元旦", "元宵", "端午", "七夕", "中秋", "重阳", "腊八", "国庆")
}
"""Name in the libraries → how people write it, too."""


class HolidayRow(Row):
    """一天"""

    date: DateField = Field(description="日期，例如 2027-02-05")
    is_: Literal["放假", "上班"] = Field(alias="is", description="放假，或者上班（调休）")
    name: Line | None = Field(default=None, description="叫什么，日历里的 on 可以写它，例如 店庆")


class HolidaysFile(Row):
    """节假日：content/holidays.yaml，改正或补上系统自带的"""

    days: tuple[HolidayRow, ...] = Field(description="一天一项")

    def value(self, years: Collection[int]) -> DayBook:
        return book(years, self)


@dataclass(frozen=True, slots=True)
class Year:
    """A year as the libraries have it."""

    holidays: frozenset[date]
    make_up: frozenset[date]
    names: tuple[tuple[str, date], ...]


def book(years: Collection[int], file: HolidaysFile | None = None) -> DayBook:
    """The book of these years, what staff wrote standing before what the libraries say."""
    rows = file.days if file else ()
    known = [_year(year) for year in sorted(years)]
    said = {row.date: row.is_ for row in rows}
    holidays = {day for year in known for day in year.holidays if said.get(day) != "上班"}
    make_up = {day for year in known for day in year.make_up}
    return day_book(
        holidays | {day for day, is_ in said.items() if is_ == "放假"},
        make_up | {day for day, is_ in said.items() if is_ == "上班"},
        _names(known, rows),
    )


def problems(document: Document, file: HolidaysFile) -> Iterator[Problem]:
    """A day that is said twice."""
    counted = Counter(row.date for row in file.days)
    for i, row in enumerate(file.days):
        if counted[row.date] > 1:
            yield document.problem(("days", i, "date"), f"{row.date} 写了两次")


def unsettled(years: Collection[int], file: HolidaysFile | None = None) -> Iterator[Problem]:
    """The years that have no make-up days yet: the State Council tells them late in the year before."""
    told = {row.date.year for row in file.days if row.is_ == "上班"} if file else set()
    for year in sorted(years):
        if year not in told and not _year(year).make_up:
            yield Problem(FILE, 1, "", f"{year} 年还没有调休安排，国务院公布后请补上", "warning")


def _names(known: list[Year], rows: tuple[HolidayRow, ...]) -> dict[str, tuple[date, ...]]:
    """One day a year for each name; what staff name counts before what the libraries say."""
    days: defaultdict[str, dict[int, date]] = defaultdict(dict)
    for row in rows:
        if row.name:
            days[row.name].setdefault(row.date.year, row.date)
    for name, day in (pair for year in known for pair in year.names):
        for spelt in filter(None, (name, ALSO.get(name))):
            days[spelt].setdefault(day.year, day)
    return {name: tuple(day for _, day in sorted(of_years.items())) for name, of_years in days.items()}


@cache
def _year(year: int) -> Year:
    public = _china()(years=year)
    make_up = frozenset(day for day in public.weekend_workdays if day.year == year)
    return Year(frozenset(day for day in public if day.year == year), make_up, tuple(_named_days(year)))


@cache
def _china() -> Any:
    """The class of China's holidays, by itself: its package would load two hundred other countries (10 MB, 50 ms)."""
    import holidays

    file = Path(holidays.__file__).parent / "countries" / "china.py"
    spec = spec_from_file_location("zhiyu_china_holidays", file)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.China


def _named_days(year: int) -> Iterator[tuple[str, date]]:
    """Festivals of the moon and of the sun, and the 24 solar terms."""
    yield from (pair for lunar_year in (year - 1, year) for pair in _moon_days(lunar_year) if pair[1].year == year)
    yield from _sun_days(year)
    yield from (pair for around in (year, year + 1) for pair in _terms(around) if pair[1].year == year)


@cache
def _moon_days(lunar_year: int) -> tuple[tuple[str, date], ...]:
    return tuple(_festivals(lunar_year))


def _festivals(lunar_year: int) -> Iterator[tuple[str, date]]:
    from lunar_python import Lunar  # type: ignore[import-untyped]
    from lunar_python.util import LunarUtil  # type: ignore[import-untyped]

    for key, name in LunarUtil.FESTIVAL.items():
        month, day = map(int, key.split("-"))
        yield name, _date(Lunar.fromYmd(lunar_year, month, day).getSolar())
    yield "除夕", _date(Lunar.fromYmd(lunar_year + 1, 1, 1).getSolar()) - ONE_DAY


def _sun_days(year: int) -> Iterator[tuple[str, date]]:
    from lunar_python.util import SolarUtil

    for key, name in SolarUtil.FESTIVAL.items():
        month, day = map(int, key.split("-"))
        yield name, date(year, month, day)
    for key, name in SolarUtil.WEEK_FESTIVAL.items():
        month, nth, weekday = map(int, key.split("-"))  # 0: Sunday
        first = date(year, month, 1)
        yield name, first + ONE_DAY * ((weekday - 1 - first.weekday()) % 7 + 7 * (nth - 1))


@cache
def _terms(year: int) -> tuple[tuple[str, date], ...]:
    """The solar terms of a year, 冬至 of the year before among them; the library names its extra ones in Latin."""
    from lunar_python import Solar

    table = Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()
    return tuple((name, _date(solar)) for name, solar in table.items() if not name.isascii())


def _date(solar: Any) -> date:
    return date(solar.getYear(), solar.getMonth(), solar.getDay())

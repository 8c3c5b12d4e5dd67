"""The reception ledger: every new person, greeted or not, surveyed or not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.store import standing
from bot.store.ledger import GREETED, SURVEYED, Reception
from bot.web.console.room import Page, Room, Visit, clock, cut, span_form
from bot.web.console.sheet import Cell, Figures, Link, Section, Sheet, Words

CAME = {"add": "加好友", "kf": "微信客服"}


async def show(room: Room, visit: Visit) -> Sheet:
    """The sums, then everybody, the last first."""
    days = visit.days(7)
    kept = room.spans[days]
    span = await kept.newest()
    if span is None:
        return Sheet("接待台账", (Section("", (Words(kept.why_none),)),))
    found = span.ledger
    greeted = sum(count for (was, _), count in found.greetings.items() if was)
    surveyed = sum(count for (stand, _), count in found.surveys.items() if stand == "surveyed")
    figures = Figures(
        (
            ("新客户", f"{len(found.rows):,}", ""),
            ("已欢迎", f"{greeted:,}", ""),
            ("已答调研", f"{surveyed:,}", ""),
        )
    )
    sums = ("怎么样", "为什么", "人数")
    head = ("来的时候", "怎么来的", "客户", "欢迎", "欢迎为什么这样", "调研", "调研为什么这样")
    rows = found.rows[::-1]
    offset, limit = visit.window("people")
    shown = [each.person_id for each in rows[offset : offset + limit]]
    called = await room.database.read(partial(standing.names_of, person_ids=shown))
    how = f"来自记录，最近 {days} 天，{kept.aged(span.at, visit.now)}。每一位都在里面，谁也不漏。"
    return Sheet(
        "接待台账",
        (
            Section("", (figures, span_form("/console/ledger", days)), how),
            Section("欢迎", (cut(visit, "greetings", sums, _sums(found.greetings, GREETED)),)),
            Section("调研", (cut(visit, "surveys", sums, _sums(found.surveys, SURVEYED)),)),
            Section(
                "每一位",
                (cut(visit, "people", head, rows, "这几天没有新客户。", partial(_row, room=room, called=called)),),
            ),
        ),
    )


def _sums(sums: Mapping[tuple[Any, str], int], words: Mapping[Any, str]) -> list[tuple[Cell, ...]]:
    ordered = sorted(sums.items(), key=lambda one: (list(words).index(one[0][0]), -one[1]))
    return [(words[stand], why, count) for (stand, why), count in ordered]


def _row(each: Reception, room: Room, called: Mapping[int, str]) -> tuple[Cell, ...]:
    whose = Link(called.get(each.person_id) or f"#{each.person_id}", f"/console/customers/{each.person_id}")
    greeting = (GREETED[each.greeted], each.greeting_reason)
    return (clock(each.at, room.timezone), CAME[each.came], whose, *greeting, SURVEYED[each.survey], each.survey_reason)


PAGES = (Page("GET", "/console/ledger", "people", show),)

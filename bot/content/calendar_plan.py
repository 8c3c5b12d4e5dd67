"""What valid calendars add up to: days that never come, offers that end before, more than WeCom lets a group get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.content.calendars import Compile, Files
from bot.scrm.calendar import Calendar, Entry, OnDay, Slot
from bot.scrm.care import QuietFor
from bot.scrm.daybook import DayBook
from bot.scrm.item import Item
from bot.scrm.offer import Offer
from bot.scrm.quota import Quota, QuotaPolicy
from bot.scrm.slots import slots
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.week import Hours, local_time
from bot.yamlfile import Document, Problem
from bot.yamlfile.document import KeyPath

AHEAD_SECONDS: Final = 400 * 86_400
"""How far a calendar without an end is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The rest of the content that calendars refer to; None where it could not be read, so nothing is said about it.

    timezone: IANA name of the corp's days. compile: makes a condition of a `when`. quiet: by touchpoint, of care.yaml.
    cards_a_day: what a guide can do. from_at: where a calendar without a beginning is looked at from.
    """

    days: DayBook
    timezone: str
    compile: Compile
    items: Mapping[str, Item] | None = None
    offers: Mapping[str, Offer] | None = None
    topics: Collection[str] | None = None
    quiet: Mapping[QuietFor, Hours] | None = None
    quota: Quota | None = None
    taxonomy: Taxonomy | None = None
    channels: Collection[str] | None = None
    guides: Collection[str] | None = None
    cards_a_day: int | None = None
    from_at: int = 0


def problems(files: Files, around: Around) -> Iterator[Problem]:
    """Over all calendars at once; only when `calendar_check.problems` found nothing wrong."""
    planned = [(document, file.value(around.timezone, around.compile)) for document, file in files]
    for document, calendar in planned:
        coming = _coming(calendar, around)
        for i, entry in enumerate(calendar.entries[: len(_rows(document))]):
            mine = [slot for slot in coming if slot.entry == entry.id]
            yield from _day_problems(document, ("entries", i), entry, calendar, mine)
            yield from _offer_problems(document, ("entries", i), entry, mine, around)
    yield from _quota_problems(planned, around)
    yield from _load_problems(planned, around)


def _rows(document: Document) -> list[object]:
    """The rows of `entries`; what live rooms expand to comes behind them."""
    data = document.data
    rows = data.get("entries") if isinstance(data, dict) else None
    return rows if isinstance(rows, list) else []


def _coming(calendar: Calendar, around: Around) -> list[Slot]:
    since_at = calendar.valid.start_at or around.from_at
    return slots([calendar], around.days, since_at, calendar.valid.end_at or since_at + AHEAD_SECONDS, around.timezone)


def _day_problems(
    document: Document, here: KeyPath, entry: Entry, calendar: Calendar, mine: list[Slot]
) -> Iterator[Problem]:
    if not mine and not entry.draft and not calendar.draft:
        key = "on" if isinstance(entry.when, OnDay) else "every"
        yield document.problem((*here, key), "在日历的起止里一次也轮不到", "warning")


def _offer_problems(
    document: Document, here: KeyPath, entry: Entry, mine: list[Slot], around: Around
) -> Iterator[Problem]:
    """What can still be sent when its offer is over already."""
    item = (around.items or {}).get(entry.item or "")
    offer = (around.offers or {}).get((item.offer if item else None) or "")
    ends_at = offer.valid.end_at if offer else None
    late = next((slot for slot in mine if ends_at is not None and slot.by_at > ends_at), None)
    if offer and late and ends_at is not None:
        by, end = (f"{local_time(at, around.timezone):%m-%d %H:%M}" for at in (late.by_at, ends_at))
        yield document.problem((*here, "by"), f"{by} 太晚，权益“{offer.id}” {end} 结束，要在那之前发完")


def _quota_problems(planned: list[tuple[Document, Calendar]], around: Around) -> Iterator[Problem]:
    """Mass sends to the groups of one pattern, in each span that WeCom counts."""
    if around.quota is None:
        return
    entries = {(c.id, e.id): e for _, c in planned for e in c.entries if e.touchpoint == "群" and e.via == "群发"}
    coming = [slot for _, calendar in planned for slot in _coming(calendar, around) if slot.key[:2] in entries]
    for pattern in sorted({p for e in entries.values() for p in e.who.groups} or {""}):
        sends: dict[tuple[str, int], list[Slot]] = defaultdict(list)
        for slot in coming:
            groups = entries[slot.key[:2]].who.groups
            policy = _policy(around.quota, slot.at)
            if policy and (not groups or not pattern or pattern in groups):
                sends[_span(policy, slot.at, around)].append(slot)
        for (name, most), found in sends.items():
            if len(found) > most:
                document, where = _where(planned, found)
                message = f"{pattern or '所有群'} {name}排了 {len(found)} 条群发，上限 {most}"
                yield document.problem(where, f"{message}；请把 {len(found) - most} 条改成 via: 导购手发")


def _load_problems(planned: list[tuple[Document, Calendar]], around: Around) -> Iterator[Problem]:
    """The day of a month that asks most of one guide, when that is more than they can do."""
    if around.cards_a_day is None:
        return
    entries = {(c.id, e.id): e for _, c in planned for e in c.entries if not (e.draft or c.draft)}
    guides = {userid for entry in entries.values() for userid in entry.who.guides} or {""}
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in (slot for _, calendar in planned for slot in _coming(calendar, around) if slot.key[:2] in entries):
        days[local_time(slot.at, around.timezone).date()].append(slot)
    months: dict[tuple[int, int], tuple[int, date]] = {}
    for day, coming in sorted(days.items()):
        cards = max(sum(entries[s.key[:2]].who.holds_pool(userid, None) for s in coming) for userid in guides)
        if cards > max(around.cards_a_day, months.get((day.year, day.month), (0, day))[0]):
            months[day.year, day.month] = (cards, day)
    for cards, day in months.values():
        document, where = _where(planned, days[day])
        more = f"上限 {around.cards_a_day}，多出来的 {cards - around.cards_a_day} 条会跳过（见 plan）"
        said = f"{day.month} 月 {day.day} 日一位导购最多要确认 {cards} 张卡，{more}"
        yield document.problem(where, said, "warning")


def _policy(quota: Quota, at: int) -> QuotaPolicy | None:
    known = [policy for policy in quota.policies if policy.from_at <= at]
    return max(known, key=lambda policy: policy.from_at, default=None)


def _span(policy: QuotaPolicy, at: int, around: Around) -> tuple[str, int]:
    """The name of the month, week or day that an instant counts in, and how much goes into it beside the reserve."""
    day = local_time(at, around.timezone).date()
    reserve = around.quota.reserve.get("群", 0) if around.quota else 0
    name = {
        "月": f"{day.year} 年 {day.month} 月",
        "周": f"{day.isocalendar()[0]} 年第 {day.isocalendar()[1]} 周",
        "天": f"{day.month} 月 {day.day} 日",
    }[policy.per]
    return name, max((policy.most if policy.most is not None else _days_of_month(day)) - reserve, 0)


def _days_of_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - date(day.year, day.month, 1)).days


def _where(planned: list[tuple[Document, Calendar]], found: list[Slot]) -> tuple[Document, KeyPath]:
    """The line of the last of these slots that has one of its own; else the calendar of the last."""
    documents = {calendar.id: document for document, calendar in planned}
    lines = {(c.id, c.entries[i].id): ("entries", i) for d, c in planned for i in range(len(_rows(d)))}
    own = next((slot for slot in reversed(found) if slot.key[:2] in lines), found[-1])
    return documents[own.calendar], lines.get(own.key[:2], ("entries",))

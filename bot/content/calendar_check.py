"""What is wrong with calendars that no single value can know: days, hours, whom, items, how much WeCom allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from bot.content.calendar_plan import Around
from bot.content.calendars import CalendarFile, EntryRow, EntryWhoRow, Files, LiveRow, SequenceRow, WhatRow
from bot.scrm.calendar import BY_SECONDS, Every, OnDay
from bot.scrm.item import Item
from bot.scrm.kind import TOUCHPOINTS, Touchpoint
from bot.scrm.span import spelled
from bot.scrm.week import DAY_MINUTES, WEEKDAYS, Hours, Window, clock_text
from bot.yamlfile import Document, Problem, did_you_mean
from bot.yamlfile.document import KeyPath

QUIET_MARGIN = 30
"""Minutes before quiet hours by which all has to be out: members are reminded before, not in them. Our own default."""

DAY_SECONDS = 86_400
WEEK = {"每天": WEEKDAYS, "工作日": WEEKDAYS[:5], "休息日": WEEKDAYS[5:]}


def problems(files: Files, around: Around) -> Iterator[Problem]:
    """Everything wrong with the calendars, each by itself; what they add up to is `calendar_plan.problems`."""
    ids = Counter(file.id for _, file in files)
    for document, file in files:
        if ids[file.id] > 1:
            yield document.problem(("id",), f"“{file.id}”写了两次，每份日历要有自己的编号")
        yield from _file_problems(document, file, around)


def _file_problems(document: Document, file: CalendarFile, around: Around) -> Iterator[Problem]:
    yield from _twice(document, file)
    yield from _pilot_problems(document, file)
    for i, row in enumerate(file.entries):
        yield from _entry_problems(document, ("entries", i), row, around)
    for i, room in enumerate(file.live):
        yield from _live_problems(document, ("live", i), room, around)
    for i, sequence in enumerate(file.sequences):
        yield from _sequence_problems(document, ("sequences", i), sequence, around)


def _pilot_problems(document: Document, file: CalendarFile) -> Iterator[Problem]:
    """What the pilot leaves nobody for."""
    if file.pilot is None or file.pilot.guides:
        return
    elsewhere: set[Touchpoint] = {row.touchpoint for row in file.entries} | {row.touchpoint for row in file.live}
    elsewhere -= {"群"}
    elsewhere |= {"私聊"} if file.sequences else set()
    if elsewhere:
        where = "、".join(touchpoint for touchpoint in TOUCHPOINTS if touchpoint in elsewhere)
        yield document.problem(("pilot",), f"只写了 groups，{where}就谁也收不到；请再写 guides，或分成两份日历")


def _twice(document: Document, file: CalendarFile) -> Iterator[Problem]:
    """Ids of entries, those that live rooms expand to among them, and of sequences."""
    named = [(("entries", i, "id"), row.id) for i, row in enumerate(file.entries)]
    named += [(("live", i, "id"), f"{row.id}-{key}") for i, row in enumerate(file.live) for key, *_ in row.parts()]
    for rows in (named, [(("sequences", i, "id"), row.id) for i, row in enumerate(file.sequences)]):
        counted = Counter(id_ for _, id_ in rows)
        yield from (document.problem(where, f"“{id_}”写了两次") for where, id_ in rows if counted[id_] > 1)


def _entry_problems(document: Document, here: KeyPath, row: EntryRow, around: Around) -> Iterator[Problem]:
    if (row.on is None) == (row.every is None):
        yield document.problem((*here, "on" if row.on else "id"), "on 和 every 要写一个，也只能写一个")
    if row.on:
        yield from _day_problems(document, (*here, "on"), row.on, around)
    yield from _what_problems(document, here, row, row.touchpoint, row.via, around)
    yield from _hour_problems(document, here, row.touchpoint, row.at, row.by, around)
    yield from _who_problems(document, (*here, "who"), row.who, row.touchpoint, around)
    yield from _way_problems(document, here, row.touchpoint, row.via)
    if row.item and row.every:
        yield from _repeat_problems(document, (*here, "item"), row.item, row.every, around)


def _live_problems(document: Document, here: KeyPath, row: LiveRow, around: Around) -> Iterator[Problem]:
    yield from _day_problems(document, (*here, "on"), row.on, around)
    yield from _who_problems(document, (*here, "who"), row.who, row.touchpoint, around)
    yield from _way_problems(document, here, row.touchpoint, row.via)
    if not list(row.parts()):
        yield document.problem(here, "notice、opening、replay 至少写一个")
    for key, what, moment, minutes, by_seconds in row.parts():
        there, at = (*here, key), minutes % DAY_MINUTES
        yield from _what_problems(document, there, what, row.touchpoint, row.via, around)
        hours = (around.quiet or {}).get(row.touchpoint)
        if hours and _reaches(hours, at, at + by_seconds // 60):
            when = f"{moment} {clock_text(at)} 起，最晚 {_clock(at + by_seconds // 60)}"
            yield document.problem(there, f"{when}，碰到{_quiet(row.touchpoint, hours)}")


def _sequence_problems(document: Document, here: KeyPath, row: SequenceRow, around: Around) -> Iterator[Problem]:
    ids = Counter(step.id for step in row.steps)
    for i, step in enumerate(row.steps):
        there = (*here, "steps", i)
        if ids[step.id] > 1:
            yield document.problem((*there, "id"), f"“{step.id}”写了两次")
        yield from _what_problems(document, there, step, step.touchpoint, step.via, around)
        yield from _hour_problems(document, there, step.touchpoint, step.at, step.by, around)
    for (i, one), (_, other) in pairwise(sorted(enumerate(row.steps), key=lambda pair: (pair[1].day, pair[1].at))):
        if (one.day, one.at) == (other.day, other.at):
            yield document.problem((*here, "steps", i, "at"), f"和“{other.id}”是同一天同一时间，请错开")
    yield from _name_problems(document, here, row.tags(), around)
    if row.who:
        yield from _people_problems(document, (*here, "who"), row.who.channels, row.who.guides or (), around)


def _day_problems(document: Document, here: KeyPath, on: OnDay, around: Around) -> Iterator[Problem]:
    if not around.days.knows(on.name):
        hint = did_you_mean(on.name, around.days.names)
        yield document.problem(here, f"不认识“{on.name}”{hint or '，请写日期、节日或节气，例如 冬至'}")


def _what_problems(
    document: Document, here: KeyPath, row: WhatRow, touchpoint: Touchpoint, via: str, around: Around
) -> Iterator[Problem]:
    if row.item and row.pick:
        yield document.problem((*here, "item"), "item 和 pick 只能写一个")
    elif not row.item and not row.pick:
        yield document.problem(here, "item 和 pick 要写一个：固定发哪条，或让配比来挑（pick: 自动）")
    if row.topic and row.item:
        yield document.problem((*here, "topic"), "写了 item 就不用写 topic")
    elif row.topic and around.topics is not None and row.topic not in around.topics:
        yield document.problem(
            (*here, "topic"), f"care.yaml 里没有话题“{row.topic}”{did_you_mean(row.topic, around.topics)}"
        )
    if row.item and around.items is not None:
        yield from _item_problems(
            document, (*here, "item"), around.items.get(row.item), row.item, touchpoint, via, around
        )


def _item_problems(
    document: Document, here: KeyPath, item: Item | None, id_: str, touchpoint: Touchpoint, via: str, around: Around
) -> Iterator[Problem]:
    if item is None:
        yield document.problem(here, f"library/ 里没有内容“{id_}”{did_you_mean(id_, around.items or ())}")
        return
    if not item.worded_for("手发" if via == "导购手发" else touchpoint):
        yield document.problem(
            here, f"“{id_}”没有写给{'手发' if via == '导购手发' else touchpoint}的话，请在内容里加一版"
        )
    if item.draft:
        yield document.problem(here, f"“{id_}”还是草稿，不会发", "warning")


def _hour_problems(
    document: Document, here: KeyPath, touchpoint: Touchpoint, at: int, by: int | None, around: Around
) -> Iterator[Problem]:
    if by is not None and by <= at:
        yield document.problem((*here, "by"), f"{clock_text(by)} 要晚于 at 的 {clock_text(at)}，而且在同一天")
        return
    hours = (around.quiet or {}).get(touchpoint)
    if hours is None:
        return
    last = at + BY_SECONDS // 60 if by is None else by
    if Window(hours=hours).holds(0, at):
        yield document.problem((*here, "at"), f"{clock_text(at)} 在{_quiet(touchpoint, hours)}里")
    elif _reaches(hours, at, last + QUIET_MARGIN):
        latest = clock_text(hours.start - QUIET_MARGIN)
        said = f"{clock_text(last)} 太晚" if by is not None else f"没有写，按 2 小时算是 {_clock(last)}，太晚"
        where = (*here, "by") if by is not None else (*here, "at")
        lead = "" if by is not None else "by "
        message = f"{lead}{said}，{touchpoint} {clock_text(hours.start)} 起免打扰，最晚 {latest}"
        yield document.problem(where, message)


def _reaches(hours: Hours, at: int, until: int) -> bool:
    """Whether quiet hours begin between two minutes of a day, or hold already."""
    return Window(hours=hours).holds(0, at) or at < hours.start < until or at < hours.start + DAY_MINUTES < until


def _quiet(touchpoint: Touchpoint, hours: Hours) -> str:
    return f"{touchpoint}的免打扰时段（{clock_text(hours.start)} ~ {clock_text(hours.end)}）"


def _clock(minute: int) -> str:
    return f"{'次日 ' if minute > DAY_MINUTES else ''}{clock_text(minute % DAY_MINUTES or minute)}"


def _way_problems(document: Document, here: KeyPath, touchpoint: Touchpoint, via: str) -> Iterator[Problem]:
    if touchpoint == "朋友圈" and via == "导购手发":
        yield document.problem((*here, "via"), "朋友圈没有手发，请删掉")


def _who_problems(
    document: Document, here: KeyPath, who: EntryWhoRow | None, touchpoint: Touchpoint, around: Around
) -> Iterator[Problem]:
    if who is None:
        return
    keys = [
        key
        for key in ("tags_any", "tags_all", "tags_none", "channels", "guides", "groups", "when")
        if getattr(who, key)
    ]
    refused = {
        "朋友圈": ({"tags_any", "guides"}, "朋友圈只能按标签和导购圈人（企业微信限制）"),
        "群": ({"groups", "when"}, "群消息人人看到，只能按群圈，不能按个人圈"),
        "私聊": (set(keys) - {"groups"}, "私聊不按群圈人，请用标签、渠道或导购"),
    }
    allowed, why = refused[touchpoint]
    for key in keys:
        if key not in allowed:
            yield document.problem((*here, key), why)
    if who.when and "when" in allowed:
        try:
            around.compile(who.when, touchpoint)
        except ValueError as fault:
            yield document.problem((*here, "when"), str(fault))
    yield from _name_problems(document, here, who.named(), around)
    yield from _people_problems(document, here, who.channels, who.guides or (), around)


def _name_problems(
    document: Document, here: KeyPath, tags: Iterable[tuple[KeyPath, str]], around: Around
) -> Iterator[Problem]:
    if around.taxonomy is None:
        return
    known = [tag.path for tag in around.taxonomy.tags]
    for where, tag in tags:
        if tag not in known:
            yield document.problem((*here, *where), f"没有标签“{tag}”{did_you_mean(tag, known)}")


def _people_problems(
    document: Document, here: KeyPath, channels: Iterable[str], guides: Iterable[str], around: Around
) -> Iterator[Problem]:
    for key, noun, names, known in (
        ("channels", "渠道", channels, around.channels),
        ("guides", "导购", guides, around.guides),
    ):
        for i, name in enumerate(names):
            if known is not None and name not in known:
                yield document.problem((*here, key, i), f"没有{noun}“{name}”{did_you_mean(name, known)}")


def _repeat_problems(document: Document, here: KeyPath, id_: str, every: Every, around: Around) -> Iterator[Problem]:
    """A fixed item that comes round before it may be repeated."""
    item = (around.items or {}).get(id_)
    monthly = all(word.startswith("每月") for word in every.words)
    a_week = len({day for word in every.words for day in WEEK.get(word, (word,))})
    between = 28 if monthly and len(every.words) == 1 else 7
    if item and item.repeat_after_seconds > between * DAY_SECONDS:
        often = "每月" if monthly else f"每周发 {a_week} 次"
        rest = spelled(item.repeat_after_seconds)
        yield document.problem(here, f"{often}，但这条 {rest}内不重复；请改 pick: {item.kind}")

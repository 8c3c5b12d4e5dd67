"""Today: what went out, what is still to come, and what needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot.content.snapshot import Content
from bot.scrm.calendar import SlotKey
from bot.scrm.gates.outcome import GOES, GONE, LET_GO, became
from bot.scrm.gates.situations import find_entry
from bot.scrm.send import FIRST_LOOK_SECONDS, LOOK_SECONDS
from bot.scrm.slots import slots
from bot.scrm.span import spelled
from bot.scrm.week import day_began_at, local_time, spoken
from bot.store import in_hand, inbox, outbox, standing
from bot.store.in_hand import InHand
from bot.store.standing import Came, Lapsed
from bot.web.console import whose_word
from bot.web.console.coming import YET, expected
from bot.web.console.overview import Overview
from bot.web.console.room import Page, Room, Visit, clock, cut, paged, title_of
from bot.web.console.sheet import ROWS, Cell, Figures, Link, Mark, Section, Sheet, Table, Tone, Words
from bot.web.console.task import path_of, to_whom

DAY_SECONDS = 86_400
READ = (
    "谁点了发送，企业微信不会来说，要我们去读："
    f"任务到手 {spelled(FIRST_LOOK_SECONDS)}后第一次，以后越隔越久，最长 {spelled(LOOK_SECONDS)}。"
)
TROUBLE = ("failed", "refused", "unknown")


@dataclass(frozen=True, slots=True)
class Facts:
    """What today is made of."""

    came: list[Came]
    lapsed: list[Lapsed]
    in_hand: list[InHand]
    waiting: int
    ending: int
    parked: int
    trouble: dict[str, int]


async def show(room: Room, visit: Visit) -> Sheet:
    """The day as it stands."""
    begin = day_began_at(visit.now, room.timezone)
    facts = await room.database.read(partial(_read, begin=begin, visit=visit))
    content = room.content()
    overview = await room.overviews.newest()
    of_now = overview if overview and overview.version == content.version else None
    ahead = expected(of_now.outlook.foreseen if of_now else ())
    lines = [*_decided(facts.came, content, room), *_to_come(facts.came, content, visit.now, begin, room, ahead)]
    head = ("时间", "条目", "发到", "怎么样", "内容", "为什么")
    table = cut(visit, "today", head, sorted(lines, key=lambda row: str(row[0])), "今天没有排期。")
    missed = [(_hour(each.at, room), _why(each.calendar, each.entry), each.because) for each in facts.lapsed]
    late = cut(visit, "late", ("时间", "条目", "为什么"), missed)
    waits = Section("没赶上的", (late,)) if facts.lapsed else None
    problems = tuple(Words(str(problem), "bad") for problem in room.problems()[:ROWS])
    wrong = Section("内容有错，旧的还在用", problems) if problems else None
    guess = f"，会怎么样是推算，{room.overviews.aged(of_now.at, visit.now)}" if of_now else ""
    middle = (Section("今天的排期", (table,), f"已经定下的来自记录，还没到的来自日历{guess}。"),)
    hands = Section("等导购点的", (await _hands(facts.in_hand, content, visit, room),), f"来自我们建的任务。{READ}")
    wanting = await whose_word.unapproved(room, await whose_word.held_now(room, visit.now))
    guessed = "“最紧的群”，还有“等审批”里因规则要审的，都是推算"
    told = f"{guessed}，{room.overviews.aged(overview.at, visit.now)}；" if overview else ""
    how = f"{told}其余来自记录，现在读的；已发出和推迟的只数今天。"
    sections = (
        Section("", (_figures(facts, len(wanting), overview),), how),
        wrong,
        *middle,
        hands,
        waits,
    )
    return Sheet(f"今天 {spoken(visit.now, room.timezone).rpartition(' ')[0]}", tuple(s for s in sections if s))


def _read(conn: Connection, *, begin: int, visit: Visit) -> Facts:
    offset, limit = visit.window("in-hand")
    counted = outbox.counts_of(conn, TROUBLE)
    return Facts(
        standing.came(conn, begin, begin + DAY_SECONDS),
        standing.lapsed(conn, begin, begin + DAY_SECONDS),
        in_hand.in_hand(conn, offset, limit),
        *in_hand.in_hand_count(conn, visit.now),
        inbox.parked_count(conn),
        counted,
    )


def _figures(facts: Facts, wanting: int, overview: Overview | None) -> Figures:
    held = sum(each.pools for each in facts.came if each.outcome == "held")
    gone = sum(each.pools - each.waiting for each in facts.came if each.outcome in GOES)
    stuck = sum(facts.trouble.values())
    return Figures(
        (
            (GONE, f"{gone:,}", ""),
            (LET_GO, f"{facts.waiting:,}", ""),
            ("两小时内到点", f"{facts.ending:,}", ""),
            ("推迟着", f"{held:,}", "/console/plan"),
            ("等审批", f"{wanting:,}", "/console/approvals"),
            ("没成的动作", f"{stuck:,}", "/console/boxes"),
            ("搁置的事件", f"{facts.parked:,}", "/console/boxes"),
            ("最紧的群还能排", tightest(overview), "/console/quota"),
        )
    )


def tightest(overview: Overview | None) -> str:
    """How many mass sends are left to the group that has the fewest."""
    if overview is None:
        return "还没算好"
    return str(overview.uses[0].left) if overview.uses else "不限"


TONES: dict[str, Tone] = {"held": "bad", "skipped": "soft", "lapsed": "bad"}


def told(each: Came) -> str:
    """What became of a slot, and for how many pools."""
    waiting = each.waiting if each.outcome in GOES else 0
    counts = {True: waiting, False: each.pools - waiting}
    words = {waits: became(each.outcome, waits=waits, by_hand=each.by_hand) for waits in counts}
    return "；".join(f"{words[waits]} {count:,} 个" for waits, count in counts.items() if count)


def _tone(each: Came) -> Tone:
    goes = each.outcome in GOES
    return ("" if each.waiting else "good") if goes else TONES.get(each.outcome, "")


def _decided(came: list[Came], content: Content, room: Room) -> Iterator[tuple[Cell, ...]]:
    for each in came:
        item = content.library.get(each.item or "")
        title = f"{item.kind} {item.title}" if item else each.item or ""
        yield (
            _hour(each.at, room),
            _why(each.calendar, each.entry),
            each.touchpoint,
            Mark(told(each), _tone(each)),
            title,
            each.because,
        )


def _to_come(
    came: list[Came], content: Content, now: int, begin: int, room: Room, ahead: Mapping[SlotKey, Mark]
) -> Iterator[tuple[Cell, ...]]:
    known = {(each.at, each.calendar, each.entry) for each in came}
    for slot in slots(content.calendars, content.days, now, begin + DAY_SECONDS, room.timezone):
        found = find_entry(content, slot)
        if found and (slot.at, slot.calendar, slot.entry) not in known:
            item = content.library.get(found[1].item or "")
            title = f"{item.kind} {item.title}" if item else "由配比来挑"
            yield (
                _hour(slot.at, room),
                _why(slot.calendar, slot.entry),
                found[1].touchpoint,
                ahead.get(slot.key, Mark(YET, "soft")),
                title,
                f"最晚 {_hour(slot.by_at, room)}",
            )


async def _hands(hands: list[InHand], content: Content, visit: Visit, room: Room) -> Table:
    names = await room.database.read(partial(standing.names, userids=[each.userid for each in hands]))
    rows = [
        (
            clock(each.by_at, room.timezone),
            names.get(each.userid, each.userid) or f"{len(each.pools)} 位导购",
            each.touchpoint,
            _why(each.calendar, each.entry),
            Link(title_of(content, each.item), path_of(each)),
            to_whom(each),
            clock(each.look_at, room.timezone) or "任务还没建好",
        )
        for each in hands
    ]
    head = ("最晚", "导购", "发到", "条目", "内容", "发给", "下一次去读")
    return paged(visit, "in-hand", head, rows, "没有等导购点的任务。")


def _hour(at: int, room: Room) -> str:
    return f"{local_time(at, room.timezone):%H:%M}"


def _why(calendar: str, entry: str) -> Link:
    return Link(f"{calendar}/{entry}", f"/console/why?q={calendar}/{entry}")


PAGES = (Page("GET", "/console/today", "see", show),)

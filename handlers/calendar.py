"""A slot comes round: for each pool that it is meant for, what goes out, what waits, what is swapped or let be.

What goes out to groups and Moments reaches their guides as a message with the words ready. One-to-one slots are only
looked at: their audience needs the planner.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.board import PoolSeen
from bot.scrm.calendar import Calendar, Entry
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.planning import SlotHeld
from bot.scrm.events.slots import SlotDue
from bot.scrm.facts import Facts
from bot.scrm.gates.decide import SAID, decide
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.situations import Moment, find_entry, situations
from bot.scrm.item import Item
from bot.scrm.post import post
from bot.scrm.records.planning import Decided, KeepDecisions, SeeItems
from bot.scrm.records.slots import DecideSlot
from bot.scrm.week import day_began_at

router = Router()

DAY_SECONDS = 86_400
ONE_TO_ONE = "私聊要按人圈选，群发还没有上线，先不发"


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """From now on an item counts as known; rules ask how old it is."""
    items = tuple(facts.content.library)
    return Decision(records=(SeeItems(items=items, at=event.created_at),) if items else ())


@router.on(SlotDue, SlotHeld)
async def slot_due(event: SlotDue | SlotHeld, facts: Facts) -> Decision:
    """Decide a slot, or ask again for the pools that were held back."""
    found = find_entry(facts.content, event.slot)
    if found is None:
        return _closed(event, facts, "日历里已经没有这一条")
    calendar, entry = found
    if entry.touchpoint == "私聊":
        return _closed(event, facts, ONE_TO_ONE)
    began_at = day_began_at(event.at, facts.timezone)
    board = await facts.planning.board(entry.touchpoint, event.slot, (began_at, began_at + DAY_SECONDS))
    moment = Moment(facts.now, facts.timezone)
    before = {seen.id: seen for seen in board.pools}
    asked = list(situations(board, event.slot, calendar, entry, facts.content, moment))
    decided = tuple(_decided(s, before[s.pool.id]) for s in asked)
    kept = KeepDecisions(
        slot=event.slot, touchpoint=entry.touchpoint, pools=decided, version=facts.content.version, at=facts.now
    )
    closed = _closed(event, facts, _tally(calendar, entry, decided))
    actions = tuple([message async for message in _messages(asked, decided, facts)])
    return Decision(records=(kept, *closed.records), actions=actions, because=closed.because)


def _decided(s: Situation, before: PoolSeen) -> Decided:
    decision = decide(s)
    weight = s.care.budget.weights.get(s.touchpoint, 0)
    return Decided(
        pool=s.pool,
        decision=decision,
        weight=weight,
        mix=decision.charged(s.mix),
        before=before.mix,
        posts=before.posts,
        by_hand=s.entry.via == "导购手发",
    )


async def _messages(
    asked: Sequence[Situation], decided: Sequence[Decided], facts: Facts
) -> AsyncIterator[SendAppMessage]:
    """One message for each guide and item, naming every group that it is for."""
    going: dict[tuple[str, str], list[tuple[Situation, Item]]] = defaultdict(list)
    for s, each in zip(asked, decided, strict=True):
        if each.decision.goes and each.decision.item:
            going[s.pool.userid, each.decision.item.id].append((s, each.decision.item))
    for (userid, _), posts in sorted(going.items()):
        item = posts[0][1]
        values = await _values(userid, item, facts)
        words = post([s for s, _ in posts], item, values)
        yield SendAppMessage(userid=userid, text=words, not_after_at=posts[0][0].slot.by_at)


async def _values(userid: str, item: Item, facts: Facts) -> dict[str, Any]:
    member = await facts.members.get(userid)
    offer = facts.content.offers.get(item.offer or "")
    return {
        "guide": {"name": (member.name if member else None) or userid},
        "persona": facts.content.persona_of(userid).values,
        "offer": offer.values if offer else {},
    }


def _closed(event: SlotDue | SlotHeld, facts: Facts, because: str) -> Decision:
    records = (DecideSlot(slot=event.slot, because=because, at=facts.now),) if isinstance(event, SlotDue) else ()
    return Decision(records=records, because=(because,))


def _tally(calendar: Calendar, entry: Entry, decided: Sequence[Decided]) -> str:
    """What became of it, in a sentence."""
    if not decided:
        return f"{calendar.id}/{entry.id}：没有要发的{entry.touchpoint}"
    counts = Counter(SAID[each.decision.outcome] for each in decided)
    said = "、".join(f"{word} {count}" for word, count in counts.items())
    reasons = dict.fromkeys(each.decision.because for each in decided if not each.decision.goes)
    return f"{calendar.id}/{entry.id}：{said}" + (f"（{'；'.join(list(reasons)[:3])}）" if reasons else "")

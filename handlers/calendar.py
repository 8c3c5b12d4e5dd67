"""A slot comes round: for each pool that it is meant for, what goes out, what waits, what is swapped or let be.

What goes to groups and into Moments becomes a task of their guides at WeCom; what goes one-to-one first finds its
customers (see send.py for all). What guides send by hand reaches them as a message with the words ready.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.router import Router
from bot.scrm.actions import Action, SendAppMessage
from bot.scrm.actions.sends import CreateMassSend, CreateMoment
from bot.scrm.calendar import Calendar, Entry
from bot.scrm.clicks import attached, kept
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.planning import SlotHeld
from bot.scrm.events.slots import SlotDue
from bot.scrm.facts import Facts
from bot.scrm.gates.addressed import audiences
from bot.scrm.gates.audience import plan_audience
from bot.scrm.gates.board import PoolSeen
from bot.scrm.gates.decide import decide
from bot.scrm.gates.outcome import SAID
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.situations import Occasion, find_entry, situations
from bot.scrm.item import Item, Variant
from bot.scrm.mix import state_under
from bot.scrm.post import post, shown_to, spoken, values_for
from bot.scrm.records import Record
from bot.scrm.records.planning import Decided, KeepDecisions, SeeItems
from bot.scrm.records.sends import KeepSend
from bot.scrm.records.slots import DecideSlot
from bot.scrm.send import key_of
from bot.scrm.words import Words

router = Router()

MOST_GROUPS = 2_000
"""Groups of one mass send (add_msg_template, official page 92135)."""

BY_HAND = "私聊的导购手发还没有上线，先不发"


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """From now on an item counts as known; rules ask how old it is."""
    items = tuple(facts.content.library)
    return Decision(records=(SeeItems(items=items, at=event.created_at),) if items else ())


@router.on(SlotDue, SlotHeld)
async def slot_due(event: SlotDue | SlotHeld, facts: Facts) -> Decision:
    """Decide a slot, or ask again for the pools that were held back."""
    line = find_entry(facts.content, event.slot)
    if line is None:
        return _closed(event, facts, "日历里已经没有这一条")
    calendar, entry = line
    if entry.touchpoint == "私聊" and entry.via == "导购手发":
        return _closed(event, facts, BY_HAND)
    occasion = Occasion(event.slot, calendar, entry, facts.content, facts.now, facts.timezone)
    board = await facts.planning.board(entry.touchpoint, event.slot, occasion.day, occasion.tried)
    before = {seen.id: seen for seen in board.pools}
    asked = list(situations(occasion, board))
    decided = tuple(_decided(s, before[s.pool.id]) for s in asked)
    kept = KeepDecisions(
        slot=event.slot,
        touchpoint=entry.touchpoint,
        pools=decided,
        version=facts.content.version,
        shadow=calendar.shadow,
        at=facts.now,
    )
    closed = _closed(event, facts, _tally(calendar, entry, decided))
    carried_out = await _carried_out(asked, decided, facts)
    records = (kept, *carried_out.records, *closed.records)
    return Decision(records=records, actions=carried_out.actions, because=closed.because)


def _decided(s: Situation, before: PoolSeen) -> Decided:
    decision = decide(s)
    owed = state_under(s.mix.ratio, s.now, before.mix)
    waits = s.entry.via == "群发"
    return Decided(
        pool=s.pool,
        decision=decision,
        weight=s.care.budget.weights.get(s.touchpoint, 0),
        mix=owed if s.slot.is_step or s.calendar.shadow or (waits and decision.goes) else decision.charged(owed),
        before=before.mix,
        posts=before.posts,
        by_hand=s.entry.via == "导购手发",
        waits=waits,
    )


async def _carried_out(asked: Sequence[Situation], decided: Sequence[Decided], facts: Facts) -> Decision:
    """What is done about what goes out."""
    going = [(s, d.decision.item) for s, d in zip(asked, decided, strict=True) if d.decision.goes and d.decision.item]
    if not going:
        return Decision()
    entry = going[0][0].entry
    if entry.touchpoint == "私聊":
        return Decision(actions=tuple(plan_audience(each, n) for n, each in enumerate(audiences(going), 1)))
    if entry.touchpoint == "朋友圈" and entry.via == "群发":
        return _all([_moment(*together, facts) for together in await _alike(going, facts)])
    by_guide: dict[tuple[str, str], list[tuple[Situation, Item]]] = defaultdict(list)
    for s, item in going:
        by_guide[s.pool.userid, item.id].append((s, item))
    send = _group_sends if entry.via == "群发" else _message
    return _all([await send([s for s, _ in posts], posts[0][1], facts) for _, posts in sorted(by_guide.items())])


def _all(parts: Sequence[Decision]) -> Decision:
    return Decision(
        records=tuple(record for part in parts for record in part.records),
        actions=tuple(action for part in parts for action in part.actions),
    )


async def _alike(
    going: Sequence[tuple[Situation, Item]], facts: Facts
) -> list[tuple[list[Situation], Item, Variant, Words]]:
    """Guides who post the same in the same words go together."""
    found: dict[str, tuple[list[Situation], Item, Variant, Words]] = {}
    for s, item in going:
        values = await values_for(s.pool.userid, item, facts)
        persona = facts.content.persona_of(s.pool.userid)
        variant, words = spoken(item, "朋友圈", persona, s.pool.place, values)
        found.setdefault(repr(words), ([], item, variant, words))[0].append(s)
    return list(found.values())


def _moment(pools: Sequence[Situation], item: Item, variant: Variant, words: Words, facts: Facts) -> Decision:
    """One Moment for all guides who say it so."""
    s, userids = pools[0], tuple(each.pool.userid for each in pools)
    key = key_of(s.slot, s.pool.userid, item.id)
    record = KeepSend(
        key=key,
        touchpoint="朋友圈",
        slot=s.slot,
        userid="",
        item=item.id,
        people=len(userids),
        pools=userids,
        at=facts.now,
    )
    action = CreateMoment(
        key=key,
        userids=userids,
        tags=shown_to(s.entry, item),
        text=words,
        attached=attached(variant.attachments, item.id, facts),
        not_after_at=s.slot.by_at,
    )
    return Decision(records=(*kept(item, facts), record), actions=(action,))


async def _group_sends(pools: Sequence[Situation], item: Item, facts: Facts) -> Decision:
    """A guide's task for all the groups that get the same."""
    s = pools[0]
    values = await values_for(s.pool.userid, item, facts)
    variant, words = spoken(item, "群", facts.content.persona_of(s.pool.userid), s.pool.place, values)
    records, actions = list[Record](kept(item, facts)), list[Action]()
    for first in range(0, len(pools), MOST_GROUPS):
        chat_ids = tuple(each.pool.id for each in pools[first : first + MOST_GROUPS])
        key = key_of(s.slot, s.pool.userid, item.id, f"{chat_ids[0]}/{facts.now}")
        records.append(
            KeepSend(
                key=key,
                touchpoint="群",
                slot=s.slot,
                userid=s.pool.userid,
                item=item.id,
                people=len(chat_ids),
                pools=chat_ids,
                at=facts.now,
            )
        )
        actions.append(
            CreateMassSend(
                key=key,
                userid=s.pool.userid,
                chat_ids=chat_ids,
                text=words,
                attached=attached(variant.attachments, item.id, facts),
                not_after_at=s.slot.by_at,
            )
        )
    return Decision(records=tuple(records), actions=tuple(actions))


async def _message(pools: Sequence[Situation], item: Item, facts: Facts) -> Decision:
    """A message to a guide with the words, naming every group that they are for."""
    s = pools[0]
    values = await values_for(s.pool.userid, item, facts)
    words = post(pools, item, facts.content.persona_of(s.pool.userid), values)
    message = SendAppMessage(userid=s.pool.userid, text=words, about=item.id, not_after_at=s.slot.by_at)
    return Decision(records=kept(item, facts), actions=(message,))


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

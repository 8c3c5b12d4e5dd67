"""Customers going through sequences: they enter, go on from step to step, and are let go the moment that it is over.

What a step sends is decided like what any slot sends, for all who come to it together (calendar.py).
"""

from __future__ import annotations

from bot.router import Router
from bot.scrm.calendar import Calendar, Sequence
from bot.scrm.consent import EVERYTHING
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.kf import KfServicerSpoke, KfSessionChanged
from bot.scrm.events.privacy import PreferenceSet
from bot.scrm.events.sequences import SequenceStartDue, SequenceStepDue, SequenceStopDue
from bot.scrm.events.sync import CustomerFound, CustomerGone
from bot.scrm.facts import Facts
from bot.scrm.kf import CHANGED_TO_ENDED
from bot.scrm.records.sequences import NoteSequences, SaveSequenceRun
from bot.scrm.sequence import (
    SequenceRun,
    Standing,
    advanced,
    begin,
    find,
    not_let_in,
    passed,
    sequences,
    stopped,
    stopped_by,
)
from bot.wecom.events import CustomerAdded, CustomerDeleted, FollowUserDeleted

router = Router()


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """From now on a sequence is known; who was there before is not flooded by it."""
    known = tuple((c.id, s.id) for c, s in sequences(facts.content.calendars, facts.now))
    return Decision(records=(NoteSequences(of=known, at=event.created_at),) if known else ())


@router.on(CustomerAdded, CustomerFound)
async def added(event: CustomerAdded | CustomerFound, facts: Facts) -> Decision:
    """A new relation starts the first sequence that takes this customer in; a hand-over starts none."""
    opening = [(c, s) for c, s in sequences(facts.content.calendars, facts.now) if s.start == "加好友"]
    follow = await facts.follows.of(event.userid, event.external_userid) if opening else None
    if not opening or (follow and follow.status == "active"):
        return Decision()
    if await facts.transfers.waiting(event.userid, event.external_userid):
        return Decision(because=("同事转接来的客户，不进序列",))
    runs = await facts.sequences.runs_of(event.external_userid)
    if any(run.state == "running" for run in runs):
        return Decision(because=("已经在一个序列里",))
    standing = await _standing(event.external_userid, facts, newly=event)
    for calendar, sequence in opening:
        if all(run.of != (calendar.id, sequence.id) for run in runs):
            since_at = await facts.sequences.since_at(calendar.id, sequence.id)
            if not_let_in(sequence, standing, since_at, facts.now) is None:
                return _begun(calendar, sequence, event.external_userid, facts)
    return Decision()


@router.on(SequenceStartDue)
async def starts(event: SequenceStartDue, facts: Facts) -> Decision:
    """A first order, a tag: in, or not in and why; asked once."""
    runs = await facts.sequences.runs_of(event.external_userid)
    if any(run.state == "running" or run.of == (event.calendar, event.sequence) for run in runs):
        return Decision(because=("已经在一个序列里，或已经问过",))
    pairs = sequences(facts.content.calendars, facts.now)
    found = next(((c, s) for c, s in pairs if (c.id, s.id) == (event.calendar, event.sequence)), None)
    if found is None:
        return Decision(because=("日历里已经没有这个序列",))
    calendar, sequence = found
    since_at = await facts.sequences.since_at(calendar.id, sequence.id)
    because = not_let_in(sequence, await _standing(event.external_userid, facts), since_at, facts.now)
    if because is None:
        return _begun(calendar, sequence, event.external_userid, facts)
    return _saved(passed(calendar.id, sequence, event.external_userid, because, facts.now))


@router.on(SequenceStepDue, SequenceStopDue)
async def goes_on(event: SequenceStepDue | SequenceStopDue, facts: Facts) -> Decision:
    """On to the next step; or out, when something ended the sequence."""
    run = await _running(event.external_userid, facts)
    if run is None or run.of != (event.calendar, event.sequence):
        return Decision(because=("不在这个序列里了",))
    sequence = find(facts.content.calendars, run)
    if sequence is None:
        return _saved(stopped(run, "日历里已经没有这个序列", facts.now))
    if because := stopped_by(sequence, await _standing(event.external_userid, facts), run.started_at):
        return _saved(stopped(run, because, facts.now))
    if isinstance(event, SequenceStopDue) or run.step != event.step:
        return Decision(because=("没有要做的：没停，或这一步已经过去",))
    return _saved(advanced(sequence, run, facts.now, facts.timezone))


@router.on(FollowUserDeleted)
async def left(event: FollowUserDeleted, facts: Facts) -> Decision:
    """A customer who leaves a guide has had enough, whoever else has them."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    if follow and follow.added_at > event.created_at:
        return Decision()  # they came back meanwhile
    return await _stop(event.external_userid, "客户删除了导购", facts)


@router.on(CustomerDeleted, CustomerGone)
async def parted(event: CustomerDeleted | CustomerGone, facts: Facts) -> Decision:
    """Nobody is there any more who could send; a hand-over goes on with the colleague."""
    handed_over = isinstance(event, CustomerDeleted) and event.by_transfer
    others = [userid for _, userid in await facts.follows.active(event.external_userid) if userid != event.userid]
    if handed_over or others:
        return Decision()
    return await _stop(event.external_userid, "没有导购加着这位客户了", facts)


@router.on(PreferenceSet)
async def refused(event: PreferenceSet, facts: Facts) -> Decision:
    """Who wants nothing gets nothing. One topic refused is asked where something of it would be sent."""
    if event.wanted or event.topic != EVERYTHING:
        return Decision()
    return await _stop(event.external_userid, "客户说不再接收", facts)


@router.on(KfServicerSpoke, KfSessionChanged)
async def taken_over(event: KfServicerSpoke | KfSessionChanged, facts: Facts) -> Decision:
    """A person talks with the customer: nothing by plan goes in between."""
    ended = isinstance(event, KfSessionChanged) and event.change_type == CHANGED_TO_ENDED
    if ended or event.history:
        return Decision()
    return await _stop(event.external_userid, "人工接待", facts)


async def _standing(external_userid: str, facts: Facts, newly: CustomerAdded | CustomerFound | None = None) -> Standing:
    """What is known of a customer, with the relation that begins just now."""
    active = await facts.follows.active(external_userid)
    follows = [await facts.follows.of(userid, external_userid) for _, userid in active]
    relations = [(f.added_at, _channel(f.state, facts), f.userid) for f in follows if f]
    tags = {held.tag for held in await facts.tags.carried(external_userid)}
    if newly:
        channel = facts.content.channel(newly.state)
        relations.append((min(newly.created_at, facts.now), channel.id if channel else None, newly.userid))
        tags |= set(channel.tags if channel else ())
    return Standing(
        tags=frozenset(tags),
        relations=tuple(relations),
        ordered_at=await facts.sequences.ordered_at(external_userid),
        history=any(f and f.welcome == "history" for f in follows),
        opted_out=await facts.consent.opted_out(external_userid, EVERYTHING),
    )


def _channel(state: str | None, facts: Facts) -> str | None:
    channel = facts.content.channel(state)
    return channel.id if channel else None


async def _running(external_userid: str, facts: Facts) -> SequenceRun | None:
    return next((run for run in await facts.sequences.runs_of(external_userid) if run.state == "running"), None)


async def _stop(external_userid: str, because: str, facts: Facts) -> Decision:
    run = await _running(external_userid, facts)
    return _saved(stopped(run, because, facts.now)) if run else Decision()


def _begun(calendar: Calendar, sequence: Sequence, external_userid: str, facts: Facts) -> Decision:
    return _saved(begin(calendar.id, sequence, external_userid, facts.now, facts.timezone))


def _saved(run: SequenceRun) -> Decision:
    said = {"running": "在序列里", "done": "序列走完了", "stopped": "序列停了", "passed": "没有进序列"}[run.state]
    because = f"{said} {run.calendar}/{run.sequence}" + (f"：{run.because}" if run.because else "")
    return Decision(records=(SaveSequenceRun(run=run),), because=(because,))

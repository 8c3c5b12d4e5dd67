"""Going through a sequence: who enters, which step is due when, and what stops it.

A bridge before a change of category is a sequence, too: one that a tag starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Literal

from bot.scrm.calendar import Calendar, Entry, Every, Sequence, Step
from bot.scrm.slots import instant
from bot.scrm.week import local_time

RunState = Literal["running", "done", "stopped", "passed"]
"""passed: was not let in; `because` says why."""

AT_LEAST_SECONDS: Final = 2 * 3600
"""A step of day 0 comes so long after the start at the earliest: nobody is written to twice in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRun:
    """A customer in a sequence. `step`: the next one, due at `waits_at`; None there: its event is on its way.

    `went`: the last step that is to be sent; `slot_at`: the slot that it goes with, None while it waits for one.
    """

    calendar: str
    sequence: str
    external_userid: str
    started_at: int
    state: RunState = "running"
    because: str = ""
    step: str | None = None
    done: tuple[str, ...] = ()
    waits_at: int | None = None
    ended_at: int | None = None
    revision: int = 0
    went: str | None = None
    slot_at: int | None = None

    @property
    def of(self) -> tuple[str, str]:
        """Which sequence of which calendar."""
        return self.calendar, self.sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a customer where a sequence asks.

    relations: (since when, channel id, userid) of the guides who are connected with them. ordered_at: when they
    bought last. history: somebody had them before we knew it. opted_out: they want to hear nothing.
    """

    tags: frozenset[str] = frozenset()
    relations: tuple[tuple[int, str | None, str], ...] = ()
    ordered_at: int | None = None
    history: bool = False
    opted_out: bool = False

    @property
    def known_since(self) -> int | None:
        """When the oldest relation began that still holds."""
        return min((at for at, _, _ in self.relations), default=None)


def sequences(calendars: Iterable[Calendar], now: int) -> Iterator[tuple[Calendar, Sequence]]:
    """Those that take people in at this moment."""
    for calendar in calendars:
        if not calendar.draft and calendar.valid.holds(now):
            yield from ((calendar, sequence) for sequence in calendar.sequences if not sequence.draft)


def find(calendars: Iterable[Calendar], run: SequenceRun) -> Sequence | None:
    """The sequence that a run goes through; None when staff took it out, or hold it back."""
    live = (pair for pair in ((c, s) for c in calendars if not c.draft for s in c.sequences) if not pair[1].draft)
    return next((sequence for calendar, sequence in live if (calendar.id, sequence.id) == run.of), None)


def not_let_in(sequence: Sequence, standing: Standing, since_at: int | None, now: int) -> str | None:
    """Why somebody does not enter; None when they do. `since_at`: when the sequence went live, None: just now."""
    live_at = now if since_at is None else since_at
    if not standing.relations:
        return "没有导购加着这位客户"
    if standing.opted_out:
        return "客户说过不再接收"
    if sequence.existing == "跳过" and (standing.history or (standing.known_since or 0) < live_at):
        return "序列上线前就在的客户，跳过"
    if not any(sequence.who.holds(standing.tags, channel, userid) for _, channel, userid in standing.relations):
        return "不在 who 圈的人里"
    return stopped_by(sequence, standing, None)


def stopped_by(sequence: Sequence, standing: Standing, started_at: int | None) -> str | None:
    """What ends a run that began then (None: is about to begin); None when nothing does.

    That a customer left a guide, or a person took over, is told by events and ends it at once.
    """
    if standing.opted_out:
        return "客户说过不再接收"
    if not standing.relations:
        return "没有导购加着这位客户了"
    if sequence.stops_on_order and started_at is not None and (standing.ordered_at or 0) > started_at:
        return "已经下单"
    tag = next((tag for tag in sequence.stop_tags if tag in standing.tags), None)
    return f"有标签 {tag}" if tag else None


def begin(calendar: str, sequence: Sequence, external_userid: str, now: int, timezone: str) -> SequenceRun:
    """A run from its first step on; done at once when no step can come any more."""
    run = SequenceRun(calendar=calendar, sequence=sequence.id, external_userid=external_userid, started_at=now)
    return _onward(sequence, run, now, timezone)


def passed(calendar: str, sequence: Sequence, external_userid: str, because: str, now: int) -> SequenceRun:
    """Somebody who is not let in; remembered, so that it is asked once and can be explained."""
    run = SequenceRun(calendar=calendar, sequence=sequence.id, external_userid=external_userid, started_at=now)
    return replace(run, state="passed", because=because, ended_at=now)


def advanced(sequence: Sequence, run: SequenceRun, now: int, timezone: str) -> SequenceRun:
    """The run once its next step is over: on its way to be sent, or too late."""
    step = next((step for step in sequence.steps if step.id == run.step), None)
    at = due(run, step, timezone) if step else None
    if step and at is not None and now <= at + step.by_seconds:
        run = replace(run, went=step.id, slot_at=None)
    over = (*run.done, run.step) if run.step else run.done
    return _onward(sequence, replace(run, done=over), now, timezone)


def entry_name(sequence: str, step: str) -> str:
    """The entry of the slots that a step goes with."""
    return f"{sequence}/{step}"


def step_entries(calendar: Calendar) -> Iterator[Entry]:
    """The lines of a calendar that its steps are, where several customers come to one together."""
    for sequence in calendar.sequences:
        for step in sequence.steps:
            yield Entry(
                id=entry_name(sequence.id, step.id),
                touchpoint=step.touchpoint,
                when=Every(("每天",)),
                minute=step.minute,
                by_seconds=step.by_seconds,
                item=step.item,
                pick=step.pick,
                topic=step.topic,
                via=step.via,
                draft=sequence.draft,
                pilot=calendar.pilot,
            )


def step_entry(calendar: Calendar, name: str) -> Entry | None:
    """The line that a step is; None: it was taken out."""
    return next((entry for entry in step_entries(calendar) if entry.id == name), None)


def stopped(run: SequenceRun, because: str, now: int) -> SequenceRun:
    """The run, ended before its last step; who had come to one and waits for its slot does not go with it."""
    ended = replace(run, state="stopped", because=because, step=None, waits_at=None, ended_at=now)
    return replace(ended, went=None, slot_at=None)


def due(run: SequenceRun, step: Step, timezone: str) -> int | None:
    """When a step is due for this run (epoch seconds); None when its day was over before it could be."""
    day = local_time(run.started_at, timezone).date() + timedelta(days=step.day)
    at = max(instant(day, step.minute, timezone), run.started_at + AT_LEAST_SECONDS)
    return at if local_time(at, timezone).date() == day else None


def _onward(sequence: Sequence, run: SequenceRun, now: int, timezone: str) -> SequenceRun:
    """To the next step that can still leave; where staff changed the steps meanwhile, by the steps as they are now."""
    ahead = ((due(run, step, timezone), step) for step in sequence.steps if step.id not in run.done)
    coming = [(at, step.id) for at, step in ahead if at is not None and now <= at + step.by_seconds]
    if not coming:
        return replace(run, state="done", step=None, waits_at=None, ended_at=now)
    at, step_id = min(coming)
    return replace(run, step=step_id, waits_at=at)

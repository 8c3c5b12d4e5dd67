"""Steps of sequences that customers are still to come to, as they would if nothing stopped them, and the slots that
those who come at about the same time would go with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.scrm.calendar import Calendar, Slot
from bot.scrm.sequence import SequenceRun, advanced, due, entry_name, find, step_entry

GATHER_SECONDS: Final = 1_800
"""How long after one slot of a step there is no other: who comes meanwhile waits for it. Our own default."""


@dataclass(frozen=True, slots=True, order=True)
class StepAhead:
    """A customer of a guide who comes to a step. `at`: epoch seconds."""

    at: int
    calendar: str
    sequence: str
    step: str
    external_userid: str
    userid: str

    @property
    def entry(self) -> str:
        """The entry of the slot that they will go with."""
        return entry_name(self.sequence, self.step)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A slot of a step, and who goes with it."""

    slot: Slot
    steps: tuple[StepAhead, ...]


def steps_ahead(
    calendars: Iterable[Calendar], runs: Iterable[tuple[SequenceRun, str]], now: int, until_at: int, timezone: str
) -> Iterator[StepAhead]:
    """The steps of these runs (each with the customer's guide) from now on, before `until_at` (epoch seconds)."""
    calendars = tuple(calendars)
    for run, userid in runs:
        of = (run.calendar, run.sequence)
        if run.went and run.slot_at is None and run.state != "stopped":
            yield StepAhead(now, *of, run.went, run.external_userid, userid)
        for at, step in _coming(calendars, run, now, until_at, timezone):
            yield StepAhead(at, *of, step, run.external_userid, userid)


def _coming(
    calendars: tuple[Calendar, ...], run: SequenceRun, now: int, until_at: int, timezone: str
) -> Iterator[tuple[int, str]]:
    sequence = find(calendars, run)
    while sequence and run.state == "running" and run.step:
        step = next((step for step in sequence.steps if step.id == run.step), None)
        at = run.waits_at or (due(run, step, timezone) if step else None) or now
        if at >= until_at:
            return
        at = max(at, now)
        if step and at <= (run.waits_at or at) + step.by_seconds:
            yield at, run.step
        run = advanced(sequence, run, at, timezone)


def gathered(calendars: Iterable[Calendar], steps: Iterable[StepAhead]) -> list[Gathered]:
    """The slots of these steps: who comes within half an hour of the last one waits for the next."""
    known = {calendar.id: calendar for calendar in calendars}
    alike: dict[tuple[str, str], list[StepAhead]] = defaultdict(list)
    for step in sorted(steps):
        alike[step.calendar, step.entry].append(step)
    found: list[Gathered] = []
    for (calendar, name), coming in alike.items():
        entry = step_entry(known[calendar], name) if calendar in known else None
        if entry:
            found += [
                Gathered(Slot(at, calendar, name, at + entry.by_seconds), together) for at, together in _slots(coming)
            ]
    return sorted(found, key=lambda each: each.slot)


def _slots(coming: list[StepAhead]) -> Iterator[tuple[int, tuple[StepAhead, ...]]]:
    """(when, who), of steps in their order."""
    earliest, left = 0, coming
    while left:
        at = max(left[0].at, earliest)
        together = tuple(step for step in left if step.at <= at)
        yield at, together
        earliest, left = at + GATHER_SECONDS, left[len(together) :]

"""What is remembered of sequences."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.records.base import Record
from bot.scrm.sequence import SequenceRun


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSequences(Record):
    """These sequences, (calendar, sequence), are live at `at`; what was live before keeps its beginning."""

    of: tuple[tuple[str, str], ...]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSequenceRun(Record):
    """Where a run stands. Guarded by `run.revision`: that of the run it was decided on; 0: there was none, and the
    customer is in no other sequence."""

    run: SequenceRun

"""What is remembered of sequences."""

from __future__ import annotations

from bot.scrm.records.base import Record
from bot.scrm.sequence import SequenceRun


class NoteSequences(Record, frozen=True, kw_only=True):
    """These sequences, (calendar, sequence), are live at `at`; what was live before keeps its beginning."""

    of: tuple[tuple[str, str], ...]
    at: int


class SaveSequenceRun(Record, frozen=True, kw_only=True):
    """Where a run stands. Guarded by `run.revision`: that of the run it was decided on; 0: there was none, and the
    customer is in no other sequence."""

    run: SequenceRun

"""What is remembered of customers who are handed over."""

from __future__ import annotations

from bot.scrm.records.base import Record
from bot.scrm.transfer import TransferState


class NoteTransfers(Record, frozen=True, kw_only=True):
    """Where transfers stand: (external_userid, state, errcode or None)."""

    handover: str
    takeover: str
    resigned: bool
    stands: tuple[tuple[str, TransferState, int | None], ...]
    at: int


class SettleTransfer(Record, frozen=True, kw_only=True):
    """A transfer to or from this guide is over, says a callback; it does not name the other one."""

    userid: str
    external_userid: str
    state: TransferState
    at: int


class MoveGroups(Record, frozen=True, kw_only=True):
    """Groups have a new owner: our own call, so no callback tells of it."""

    chat_ids: tuple[str, ...]
    owner: str

"""Own events about customers who are handed from one guide to another."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferEvent(OwnEvent):
    """From `handover` to `takeover`; `resigned`: the first one has left the corp."""

    handover: str
    takeover: str
    resigned: bool

    @property
    def line(self) -> str:
        return f"transfer/{self.handover}/{self.takeover}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferAsked(TransferEvent):
    """A person wants customers handed over: these, or all when none is named; and the groups, if asked."""

    customers: tuple[str, ...] = ()
    groups: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersTransferred(TransferEvent):
    """WeCom began with some of them, and said of others why not (errcode). `to_after`: where the rest begins."""

    started: tuple[str, ...]
    refused: tuple[tuple[str, int], ...]
    to_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferResultDue(TransferEvent):
    """Somebody waits for the end of a transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferResults(TransferEvent):
    """How some transfers that we waited for ended: (external_userid, status), official page 94082."""

    part: int
    results: tuple[tuple[str, int], ...]

    @property
    def line(self) -> str:
        return f"transfer/{self.handover}/{self.takeover}/{self.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsTransferred(TransferEvent):
    """Groups have a new owner, but for those that failed: (chat_id, errcode)."""

    chat_ids: tuple[str, ...]
    failed: tuple[tuple[str, int], ...] = ()


EVENTS = (TransferAsked, CustomersTransferred, TransferResultDue, TransferResults, GroupsTransferred)

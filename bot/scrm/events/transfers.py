"""Own events about customers who are handed from one guide to another."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent


class TransferEvent(OwnEvent, frozen=True, kw_only=True):
    """From `handover` to `takeover`; `resigned`: the first one has left the corp."""

    handover: str
    takeover: str
    resigned: bool

    @property
    def line(self) -> str:
        return f"transfer/{self.handover}/{self.takeover}"


class TransferAsked(TransferEvent, frozen=True, kw_only=True):
    """A person wants customers handed over: these, or all when none is named; and the groups, if asked."""

    customers: tuple[str, ...] = ()
    groups: bool = False


class CustomersTransferred(TransferEvent, frozen=True, kw_only=True):
    """WeCom began with some of them, and said of others why not (errcode). `to_after`: where the rest begins."""

    started: tuple[str, ...]
    refused: tuple[tuple[str, int], ...]
    to_after: str = ""


class TransferResultDue(TransferEvent, frozen=True, kw_only=True):
    """Somebody waits for the end of a transfer."""


class TransferResults(TransferEvent, frozen=True, kw_only=True):
    """How some transfers that we waited for ended: (external_userid, status), official page 94082."""

    part: int
    results: tuple[tuple[str, int], ...]

    @property
    def line(self) -> str:
        return f"transfer/{self.handover}/{self.takeover}/{self.part}"


class GroupsTransferred(TransferEvent, frozen=True, kw_only=True):
    """Groups have a new owner, but for those that failed: (chat_id, errcode)."""

    chat_ids: tuple[str, ...]
    failed: tuple[tuple[str, int], ...] = ()


EVENTS = (TransferAsked, CustomersTransferred, TransferResultDue, TransferResults, GroupsTransferred)

"""Handing customers and groups to another member."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action

AT_ONCE = 100
"""Customers or groups of one call at most (official pages 94096, 95703)."""


class TransferAction(Action, frozen=True, kw_only=True):
    """From `handover` to `takeover`; `resigned`: the first one has left the corp."""

    priority: ClassVar[int] = 50
    handover: str
    takeover: str
    resigned: bool

    @property
    def target(self) -> str:
        return f"{self.handover}/{self.takeover}"

    @property
    def line(self) -> str:
        return f"transfer/{self.handover}"


class TransferCustomers(TransferAction, frozen=True, kw_only=True):
    """Hand over these customers (≤ 100), or when none is named the next 100 of ours after `after`.

    Asked twice, WeCom answers 40129 for those that it began with.
    """

    customers: tuple[str, ...] = ()
    after: str = ""

    @property
    def target(self) -> str:
        first = self.customers[0] if self.customers else f"after/{self.after}"
        return f"{self.handover}/{self.takeover}/{first}"


class ReadTransferResults(TransferAction, frozen=True, kw_only=True):
    """transfer_result: how those stand that we wait for."""


class TransferGroups(TransferAction, frozen=True, kw_only=True):
    """Make `takeover` the owner of the groups of `handover`."""


ACTIONS = (TransferCustomers, ReadTransferResults, TransferGroups)

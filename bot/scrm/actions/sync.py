"""Reading a whole pool back from WeCom, page by page."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action
from bot.scrm.sync import Place, SyncKind


class PlanSync(Action, frozen=True, kw_only=True):
    """Ask which members there are to read (get_follow_user_list, official page 92571)."""

    priority: ClassVar[int] = 60
    job: str
    kind: SyncKind

    @property
    def target(self) -> str:
        return self.job

    @property
    def line(self) -> str:
        return f"sync/{self.kind}"


class ReadPage(Action, frozen=True, kw_only=True):
    """Read one page of one member and keep what it says. `started_at`: when this reading began."""

    priority: ClassVar[int] = 60
    job: str
    kind: SyncKind
    place: Place
    started_at: int

    @property
    def target(self) -> str:
        return f"{self.job}/{self.place.part}/{self.place.cursor}"

    @property
    def line(self) -> str:
        return f"sync/{self.kind}"


ACTIONS = (PlanSync, ReadPage)

"""Writing down, where a guide looks, what a customer told."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action


class RemarkCustomer(Action, frozen=True, kw_only=True):
    """externalcontact/remark: a line added below what the guide's description of a customer says (at most 150
    characters in all); the guide's own words and the name they gave stay. A line that is there is not added again."""

    hidden: ClassVar[tuple[str, ...]] = ("line_added",)
    priority: ClassVar[int] = 45
    userid: str
    external_userid: str
    line_added: str

    @property
    def target(self) -> str:
        return f"{self.userid}/{self.external_userid}"

    @property
    def line(self) -> str:
        return f"remark/{self.userid}/{self.external_userid}"


ACTIONS = (RemarkCustomer,)

"""Own events about whose customer somebody is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChosen(OwnEvent):
    """A person gave a customer to a guide, and said why."""

    external_userid: str
    userid: str
    because: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


EVENTS = (OwnerChosen,)

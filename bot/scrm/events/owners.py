"""Own events about whose customer somebody is."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.wecom.events.base import customer_line


class OwnerChosen(OwnEvent, frozen=True, kw_only=True):
    """A person gave a customer to a guide, and said why."""

    external_userid: str
    userid: str
    because: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


EVENTS = (OwnerChosen,)

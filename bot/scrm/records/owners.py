"""What is remembered of whose customer somebody is."""

from __future__ import annotations

from bot.scrm.owner import Owner
from bot.scrm.records.base import Record


class SaveOwner(Record, frozen=True, kw_only=True):
    """From now on this guide is the customer's."""

    external_userid: str
    owner: Owner

"""What is remembered of 微信客服 (kf) sessions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendKfSend(Record):
    """One of the five messages of a window is used; guarded: fewer than five were."""

    open_kfid: str
    external_userid: str

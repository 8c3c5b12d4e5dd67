"""What a deployment sets that decisions depend on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Facts of the platform that nobody could confirm, each as taken here (reference section 12), and of the corp."""

    kf_click_reopens_window: bool = True
    """Whether a tap on a kf menu opens a new window of 5 messages, as a typed message does."""

    guide_capacity: int = 0
    """How many customers one guide can know in person; 0: as behaviour data shows."""

    approvers: tuple[str, ...] = ()
    """Members who may approve content, and so hear what it is short of."""


AS_ASSUMED = Settings()

"""What may become of a slot for a pool, and what people call it."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["sent", "held", "swapped", "skipped", "lapsed", "tried", "taken_over"]
"""sent: a task is made; swapped: too, but of another kind, because a rule wanted it; held: asked again later;
skipped: for good; lapsed: it was let go and did not leave: nobody pressed in time, say (never decided, found out);
tried: it would have been let go, but its calendar is only tried; taken_over: a task that another guide left behind."""

GOES: tuple[Outcome, ...] = ("sent", "swapped", "taken_over")
"""Outcomes that reach people."""

LET_GO, GONE, BY_HAND = "已放行，等导购点发送", "已发出", "已交给导购手发"
SAID = {
    "sent": "发出",
    "held": "推迟",
    "swapped": "换类",
    "skipped": "跳过",
    "lapsed": "没发出",
    "tried": "试跑",
    "taken_over": "接手",
}


def became(outcome: str, *, waits: bool, by_hand: bool) -> str:
    """What became of a slot whose time has come, in words: what was let go goes out when its guide presses, which WeCom
    confirms, and of what guides send by hand nobody tells us. Of slots to come, `SAID` is what is foreseen."""
    if outcome not in GOES:
        return SAID.get(outcome, outcome)
    word = BY_HAND if by_hand else LET_GO if waits else GONE
    return word if outcome == "sent" else f"{SAID[outcome]}，{word}"

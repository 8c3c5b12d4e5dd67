"""Our manners: when somebody can be spoken to, as staff wrote it."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.care import PLAIN_CARE
from bot.scrm.week import Hours
from demo.stage import OPENING

SHANGHAI, HOUR = "Asia/Shanghai", 3600
CARE = replace(PLAIN_CARE, quiet={**PLAIN_CARE.quiet, "导购提醒": Hours(22 * 60 + 30, 9 * 60 + 30)})


def test_nobody_is_woken() -> None:
    """OPENING is 10:00. In the quiet hours it is their end; each has hours of its own."""
    assert CARE.awake_at("导购提醒", OPENING, SHANGHAI) == OPENING
    assert CARE.awake_at("导购提醒", OPENING + 13 * HOUR, SHANGHAI) == OPENING + 23 * HOUR + 1800
    assert CARE.awake_at("私聊", OPENING + 13 * HOUR, SHANGHAI) == OPENING + 23 * HOUR
    last = OPENING + 23 * HOUR + 1799
    assert CARE.awake_at("导购提醒", last, SHANGHAI) == last + 1 == CARE.awake_at("导购提醒", last + 1, SHANGHAI)


def test_when_it_falls_silent() -> None:
    """The next time, also when it is silent now."""
    assert CARE.silent_at("导购提醒", OPENING, SHANGHAI) == OPENING + 12 * HOUR + 1800
    assert CARE.silent_at("私聊", OPENING + 12 * HOUR, SHANGHAI) == OPENING + 35 * HOUR

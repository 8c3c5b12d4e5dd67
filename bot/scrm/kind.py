"""The words everything planned is sorted by: kind of content, touchpoint, outlet."""

from __future__ import annotations

from typing import Final, Literal, get_args

Kind = Literal["科普", "活动", "互动", "导购"]
"""education, event, interaction, shopping guide."""

Touchpoint = Literal["私聊", "群", "朋友圈"]
"""Where a planned message reaches people: one-to-one, customer group, Moments."""

Outlet = Literal["私聊", "群", "朋友圈", "手发"]
"""What a variant is worded for; 手发: a guide sends it by hand, one chat at a time."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TOUCHPOINTS: Final[tuple[Touchpoint, ...]] = get_args(Touchpoint)
OUTLETS: Final[tuple[Outlet, ...]] = get_args(Outlet)

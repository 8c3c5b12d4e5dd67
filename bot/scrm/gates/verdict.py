"""What a gate says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.gates.changes import Change
from bot.scrm.rules.rule import Rule

GateName = Literal[
    "有效期", "审批", "审查", "开关", "平台额度", "免打扰", "规则", "配比", "冲突", "频次", "导购负担",
    "人群", "退订", "冷静期", "疲劳", "先信任", "重复", "对照组", "个人规则", "试跑", "导购不在",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A gate that is shut. `until_at`: when it opens by itself; None: not by itself.

    `changes`: ways to open it, any one is enough, the mildest first; empty: there is none (law, a refusal).
    `to`: kinds that a rule wants instead (换类). `source`: file:line of what shut it.
    """

    gate: GateName
    because: str
    until_at: int | None = None
    changes: tuple[Change, ...] = ()
    rule: Rule | None = None
    failed: bool = False
    """A rule could not be evaluated: it holds back, and is counted."""
    source: str = ""

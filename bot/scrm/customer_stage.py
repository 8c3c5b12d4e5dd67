"""The stage of a customer: active, cooling, silent or unknown, from what can be seen without reading chats.

A member's chats are closed to us, so silence is never taken from not seeing: it needs chances that were not taken, or a
deletion. Who left no trace is unknown.

Each piece of evidence adds to the log odds that somebody is still lively (naive Bayes); what is old counts for less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, log
from typing import Final, Literal, get_args

CustomerStage = Literal["活跃", "转冷", "沉默", "未知"]
"""active, cooling, silent, unknown."""

CUSTOMER_STAGES: Final[tuple[CustomerStage, ...]] = get_args(CustomerStage)

Trace = Literal["下单", "客服消息", "调研回答", "朋友圈评论", "点击链接", "朋友圈点赞", "进群", "没点链接", "删除导购"]
"""What a person did, or did not: 进群 is joining a group by a code or a link; 没点链接 is one message with a
tracked link that reached them, without a click."""

TRACES: Final[tuple[Trace, ...]] = get_args(Trace)

WEIGHTS: Final[Mapping[Trace, float]] = {
    "下单": 4.0,
    "客服消息": 3.5,
    "调研回答": 3.0,
    "朋友圈评论": 3.0,
    "点击链接": 2.5,
    "朋友圈点赞": 2.0,
    "进群": 2.0,
    "没点链接": -0.4,
    "删除导购": -4.0,
}
"""What each is worth in log odds. Our own defaults: no source gives any."""

HALF_LIFE_SECONDS: Final = 21 * 86_400
"""After so long a trace is worth half, in a straight line between the halvings. Our own default."""

MICRO: Final[Mapping[Trace, int]] = {trace: round(weight * 1_000_000) for trace, weight in WEIGHTS.items()}
"""WEIGHTS in millionths: with whole numbers, Python and both databases come to the very same sum."""

FADED: Final = 40
"""After so many halvings nothing is left."""

ACTIVE_FROM: Final = 0.75
SILENT_UP_TO: Final = 0.25
"""Probabilities of being lively. Our own defaults."""

ACTIVE_ODDS: Final = ceil(log(ACTIVE_FROM / (1 - ACTIVE_FROM)) * 1_000_000)
SILENT_ODDS: Final = -ceil(log((1 - SILENT_UP_TO) / SILENT_UP_TO) * 1_000_000)
"""The same as log odds, in millionths."""

CHANCES: Final = 8
"""Fewer chances not taken than this, since the last sign of life, never make anybody silent. Our own default."""

PRIOR_WEIGHT: Final = 0.5
"""The most that the guide's behaviour data move the log odds: they speak of the guide, hardly of the person."""

LIFE: Final = frozenset(trace for trace, weight in WEIGHTS.items() if weight > 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen of a person, at an instant."""

    trace: Trace
    at: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A stage with what it rests on. `lively`: 0 to 1; `used`: trace → how often seen; `because`: for people."""

    stage: CustomerStage
    lively: float
    used: Mapping[Trace, int]
    because: str


def customer_stage(seen: Iterable[Evidence], now: int, guide_reply_pct: float | None = None) -> Judged:
    """The stage of one person now (epoch seconds).

    `guide_reply_pct`: share of the guide's chats that were answered (`reply_percentage` of get_user_behavior_data,
    developer.work.weixin.qq.com/document/path/92132), 0 to 100; it shifts the balance a little and is no evidence.
    """
    known = [evidence for evidence in seen if evidence.at <= now]
    odds = round(_prior(guide_reply_pct) * 1_000_000) + sum(_worth(evidence, now) for evidence in known)
    lively = 1 / (1 + exp(-max(-30.0, min(30.0, odds / 1_000_000))))
    used = {trace: n for trace in TRACES if (n := sum(e.trace == trace for e in known))}
    stage = _stage(known, odds)
    return Judged(stage, lively, used, _because(stage, used))


def _stage(known: Sequence[Evidence], odds: int) -> CustomerStage:
    if not known:
        return "未知"
    last_life_at = max((e.at for e in known if e.trace in LIFE), default=None)
    after = [e for e in known if last_life_at is None or e.at > last_life_at]
    proof = sum(e.trace == "没点链接" for e in after) >= CHANCES or any(e.trace == "删除导购" for e in after)
    if odds <= SILENT_ODDS and proof:
        return "沉默"
    if last_life_at is None and not proof:
        return "未知"
    return "活跃" if odds >= ACTIVE_ODDS else "转冷"


def _worth(evidence: Evidence, now: int) -> int:
    """In millionths of log odds."""
    halvings, rest = divmod(now - evidence.at, HALF_LIFE_SECONDS)
    weight, two = MICRO[evidence.trace], 2 * HALF_LIFE_SECONDS
    worth = abs(weight) * (two - rest) // two >> min(halvings, FADED)
    return worth if weight > 0 else -worth


def _prior(guide_reply_pct: float | None) -> float:
    """Even odds, moved by at most PRIOR_WEIGHT."""
    if guide_reply_pct is None:
        return 0
    share = min(0.99, max(0.01, guide_reply_pct / 100))
    return max(-PRIOR_WEIGHT, min(PRIOR_WEIGHT, PRIOR_WEIGHT * log(share / (1 - share))))


def _because(stage: CustomerStage, used: Mapping[Trace, int]) -> str:
    if not used:
        return "未知：没有任何可看的迹象，不等于不活跃"
    return f"{stage}：" + "、".join(f"{trace} {count} 次" for trace, count in used.items())

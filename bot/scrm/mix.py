"""The mix: how much of each kind, by touchpoint and stage of the pool, and which kind an open slot gets.

A pool is one customer group (群), or one guide's customers (朋友圈, 私聊). At each touchpoint it has a MixState: what
it owes to each kind. Whose turn it is follows the quota method of Balinski and Young (Fair Representation, 1982): of
the kinds that are owed something, the one that would first be owed a whole item. So while nothing hinders, each kind is
within one item of its target after every send since the target last changed, and within two over any run of sends.

What hinders, and what becomes of it (docs/adr/0021):

- A fixed entry, a slot's own `pick` and a rule that held an item are made up for by later open slots: up to one item
  for a kind that was left out, two for one that was sent ahead. What goes beyond is shared out among the others.
- What there was no stock for is named as missing and written off: no flood follows once there is stock.
- A kind without a target is never chosen where the slot allows others, and is not charged: it cannot be made up for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, get_args

from bot.scrm.kind import KINDS, TOUCHPOINTS, Kind, Touchpoint
from bot.scrm.rules.condition import Condition

PoolStage = Literal["冷启动", "成长", "成熟", "衰退"]
POOL_STAGES: Final[tuple[PoolStage, ...]] = get_args(PoolStage)

Ratio = Mapping[Kind, int]
"""Percent of each kind; 100 in all."""

ITEM: Final = 10_000
"""What one item weighs in a balance. A percent of a slot weighs 100."""

MOST_OWED: Final = ITEM
"""What a kind is owed at most that a slot could not give. Our own default: one item, so that no flood follows."""

MOST_AHEAD: Final = 2 * ITEM
"""How far a kind can be sent ahead by fixed entries, to be made up for. Our own default: two items."""

_PERCENT: Final = ITEM // 100


@dataclass(frozen=True, slots=True)
class StageRow:
    """A pool is in the first stage whose condition holds; the last row has none."""

    stage: PoolStage
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """People overrule the measure: these pools (group-name patterns, guides) are in this stage until then."""

    stage: PoolStage
    groups: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    until_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixPlan:
    """content/mix.yaml. `tolerance`: percentage points beyond which the report is red."""

    ratios: Mapping[tuple[Touchpoint, PoolStage], Ratio]
    stages: tuple[StageRow, ...]
    window_seconds: int = 28 * 86_400
    min_stay_seconds: int = 14 * 86_400
    tolerance: int = 5
    pins: tuple[Pin, ...] = ()


EVEN_MIX: Final = MixPlan(
    ratios={(touchpoint, stage): dict.fromkeys(KINDS, 25) for touchpoint in TOUCHPOINTS for stage in POOL_STAGES},
    stages=(StageRow("冷启动"),),
)
"""Where staff wrote none."""


@dataclass(frozen=True, slots=True)
class PoolRef:
    """Which pool: a group (`id`: chat_id, `name`: its name), or a guide's customers (`id`: userid)."""

    touchpoint: Touchpoint
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MixState:
    """All that a pool must remember at a touchpoint: since when this ratio holds, and what is owed since.

    `balance`: owed (above 0) or sent ahead (below), 10,000 to the item; the kinds together are always 0.
    """

    ratio: Ratio
    since_at: int
    balance: Mapping[Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a slot may get. `order`: the kinds to try, first first; empty when there is nothing.

    `due`: whose turn it would be if nothing hindered. `missing`: whose turn it was among what the slot allows, had
    there been stock. `fixed`: a calendar said so.
    """

    order: tuple[Kind, ...]
    due: Kind
    missing: Kind | None = None
    fixed: bool = False


def state_under(ratio: Ratio, at: int, before: MixState | None = None) -> MixState:
    """The state to go on from: the one before while its ratio holds, else one in which nothing is owed."""
    if before and all(before.ratio[kind] == ratio[kind] for kind in KINDS):
        return before
    return MixState(MappingProxyType(dict(ratio)), at, MappingProxyType(dict.fromkeys(KINDS, 0)))


def choose(state: MixState, pick: Collection[Kind], stock: Collection[Kind]) -> Choice:
    """What an open slot that allows `pick` gets when there are items of the kinds in `stock`.

    Tasks that still wait for a member belong into `state` (by `charged`): they are as good as sent until they lapse.
    """
    turns = _turns(state)
    allowed = [kind for kind in turns if kind in pick]
    allowed = [kind for kind in allowed if state.ratio[kind]] or allowed
    missing = next((kind for kind in allowed[:1] if kind not in stock), None)
    return Choice(order=tuple(kind for kind in allowed if kind in stock), due=turns[0], missing=missing)


def fixed(state: MixState, kind: Kind) -> Choice:
    """What a slot gets whose item the calendar names."""
    return Choice(order=(kind,), due=_turns(state)[0], fixed=True)


def charged(state: MixState, choice: Choice, kind: Kind | None) -> MixState:
    """The state once an item of this kind was sent by that choice; None: the slot stayed empty."""
    spent = kind or choice.missing
    if spent is None or not state.ratio[spent]:
        return state
    balance = {k: state.balance[k] + state.ratio[k] * _PERCENT for k in KINDS}
    balance[spent] -= ITEM
    if kind in choice.order and choice.missing:
        _pass_on(balance, choice.missing, ITEM, choice.order, state.ratio)
    takers = [k for k in choice.order if state.ratio[k]] or [spent]
    for left_out in (k for k in KINDS if k not in choice.order and balance[k] > MOST_OWED):
        _pass_on(balance, left_out, balance[left_out] - MOST_OWED, takers, state.ratio)
    if balance[spent] < -MOST_AHEAD:
        others = [k for k in KINDS if k != spent and state.ratio[k]]
        _pass_on(balance, spent, balance[spent] + MOST_AHEAD, others, state.ratio)
    return replace(state, balance=MappingProxyType(balance))


def _turns(state: MixState) -> list[Kind]:
    """All kinds, whose turn it is first: the owed by urgency, then the least ahead; the order of KINDS breaks ties."""
    return sorted(KINDS, key=lambda kind: _turn(state.ratio[kind], state.balance[kind]))


def _turn(percent: int, balance: int) -> tuple[int, float]:
    """What sorts the kinds. Equal fractions of small whole numbers are equal as floats, so ties are ties."""
    owed = balance + percent * _PERCENT
    if not percent:
        return 2, 0
    return (0, (ITEM - owed) / percent) if owed > 0 else (1, -owed)


def _pass_on(balance: dict[Kind, int], giver: Kind, amount: int, to: Sequence[Kind], ratio: Ratio) -> None:
    """Take an amount from one kind and share it out among others by their targets, the rest to the first."""
    whole = sum(ratio[kind] for kind in to)
    parts = [amount * ratio[kind] // whole for kind in to]
    parts[0] += amount - sum(parts)
    balance[giver] -= amount
    for kind, part in zip(to, parts, strict=True):
        balance[kind] += part

"""What the mix came to in a pool, and what kept it from its target. For pages and commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from bot.scrm.kind import KINDS, Kind
from bot.scrm.mix import Choice, MixPlan, MixState, PoolRef
from bot.scrm.week import local_time, week_began_at

Hindrance = Literal["固定", "限定", "缺货", "未放行"]
"""A calendar named the item, the slot allows few kinds, there was no stock, a rule or gate held what was due."""

WHOLE_ITEMS: Final = 2
"""So many items off can come of nothing but that items are whole (see `bot.scrm.mix`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A slot as it was charged to the mix when it left. `kind` None: it stayed empty. `due`, `missing`: see `Choice`.

    `entry`: the id of the calendar's line. `hindrance`: why not what was due; None: nothing hindered.
    """

    at: int
    entry: str
    kind: Kind | None
    due: Kind
    missing: Kind | None = None
    hindrance: Hindrance | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a kind is off its target. `entries`: the lines it happened at. `week_at`: the Monday, for 缺货."""

    hindrance: Hindrance | Literal["改配比"]
    because: str
    times: int = 1
    kind: Kind | None = None
    entries: tuple[str, ...] = ()
    week_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixRow:
    """One kind: percent wanted and realised, the difference in points. `red`: beyond tolerance and whole items."""

    kind: Kind
    target: int
    sent: int
    realised: int
    points: int
    red: bool
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MixReport:
    """A pool's mix from `from_at` (excluded) to `until_at`, epoch seconds; `sent`: items in all.

    `missing`: (Monday, kind) → how many items of it there was no stock of in that week.
    """

    pool: PoolRef
    from_at: int
    until_at: int
    sent: int
    rows: tuple[MixRow, ...]
    missing: Mapping[tuple[int, Kind], int]

    @property
    def red(self) -> bool:
        """Whether any kind is."""
        return any(row.red for row in self.rows)


def charge(choice: Choice, kind: Kind | None, at: int, entry: str) -> Charge:
    """What to keep of a slot whose choice came to this."""
    return Charge(
        at=at, entry=entry, kind=kind, due=choice.due, missing=choice.missing, hindrance=_hindrance(choice, kind)
    )


def report(
    pool: PoolRef, plan: MixPlan, state: MixState, charges: Iterable[Charge], now: int, timezone: str
) -> MixReport:
    """The mix of the window up to now, against the ratio that holds now.

    `charges`: those of the pool; two windows of them, so that what is still being made up for can be named.
    """
    from_at = now - plan.window_seconds
    known = sorted((c for c in charges if c.at <= now), key=lambda c: c.at)
    inside = [c for c in known if c.at > from_at]
    sent = [c.kind for c in inside if c.kind]
    rows = []
    for kind in KINDS:
        count, target = sent.count(kind), state.ratio[kind]
        off = 100 * count - target * len(sent)
        causes = _causes(kind, off < 0, inside, known[: -len(inside)] if inside else known, state, timezone)
        rows.append(
            MixRow(
                kind=kind,
                target=target,
                sent=count,
                realised=_rounded(100 * count, len(sent)),
                points=_rounded(off, len(sent)),
                red=abs(off) > max(plan.tolerance * len(sent), WHOLE_ITEMS * 100),
                causes=tuple(causes) if off else (),
            )
        )
    missing = Counter((week_began_at(c.at, timezone), c.missing) for c in inside if c.missing)
    return MixReport(pool=pool, from_at=from_at, until_at=now, sent=len(sent), rows=tuple(rows), missing=missing)


def _hindrance(choice: Choice, kind: Kind | None) -> Hindrance | None:
    if kind == choice.due:
        return None
    if choice.fixed:
        return "固定"
    if choice.missing:
        return "缺货"
    return "未放行" if choice.due in choice.order else "限定"


def _causes(
    kind: Kind, short: bool, inside: Sequence[Charge], earlier: Sequence[Charge], state: MixState, timezone: str
) -> Iterator[Cause]:
    """What bears on this kind: what it lost or got itself, else what others did, else what is being made up for."""
    hindered = [c for c in inside if c.hindrance]
    own = [c for c in hindered if (kind in (c.due, c.missing) if short else c.kind == kind)]
    yield from _named(own or hindered, timezone)
    if not hindered:
        yield from _named([c for c in earlier if c.hindrance and c.at >= state.since_at], timezone, "之前")
    before = [c for c in (*earlier, *inside) if c.at < state.since_at]
    if before and inside and inside[0].at < state.since_at:
        local = local_time(state.since_at, timezone)
        yield Cause("改配比", f"{local.month} 月 {local.day} 日改了配比，之前发的还算在里面")


def _named(charges: Sequence[Charge], timezone: str, when: str = "") -> Iterator[Cause]:
    def key(c: Charge) -> tuple[str, int, str]:
        week_at = week_began_at(c.at, timezone) if c.hindrance == "缺货" else 0
        return c.hindrance or "", week_at, (c.missing if c.hindrance == "缺货" else c.kind) or ""

    for (_, week_at, _), group in groupby(sorted(charges, key=key), key):
        rows = list(group)
        yield _cause(rows, week_at, timezone, when)


def _cause(rows: Sequence[Charge], week_at: int, timezone: str, when: str) -> Cause:
    entries = tuple(dict.fromkeys(c.entry for c in rows))
    times, kind, names = len(rows), rows[0].kind, "、".join(entries)
    match rows[0].hindrance:
        case "缺货":
            monday, kind = local_time(week_at, timezone), rows[0].missing
            said = f"{monday.month} 月 {monday.day} 日那一周缺 {times} 条{kind}"
        case "固定":
            said = f"固定条目 {names} 发了 {times} 条{kind}"
        case "限定":
            said = f"{names} 限定了类别，{times} 次发了{kind}"
        case _:
            said = f"{names} 有 {times} 次该发的没有放行，{f'换成了{kind}' if kind else '空着'}"
    return Cause(rows[0].hindrance or "未放行", when + said, times, kind, entries, week_at or None)


def _rounded(hundreds: int, count: int) -> int:
    """Percent to the nearest whole one, halves away from zero."""
    if not count:
        return 0
    whole = (2 * abs(hundreds) + count) // (2 * count)
    return whole if hundreds >= 0 else -whole

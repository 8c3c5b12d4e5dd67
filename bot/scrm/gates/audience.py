"""Whom a one-to-one item is for, as one value that outlives the content it was decided by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.scrm.actions.planning import PlanAudience, WrittenGate
from bot.scrm.calendar import Slot
from bot.scrm.gates.people import Ahead, PersonGate, person_gates
from bot.scrm.rules.condition import Condition, Fact, Value
from bot.scrm.rules.written import from_json, said, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The customers of some guides, and the gates that each has to pass. Gates are numbered from 1.

    `at`: the instant that the gates are asked for; `quota_since_at`: when the window of WeCom's quota began, 0
    without one. `weight`: hundredths of a fatigue point that it costs. `known`: facts that are the same for everybody:
    of the item, the moment, the pool.
    """

    slot: Slot
    item: str
    digest: str
    kind: str
    topic: str
    weight: int
    at: int
    quota_since_at: int
    gates: tuple[PersonGate, ...]
    known: Mapping[Fact, Value]
    userids: tuple[str, ...]
    stand_ins: tuple[tuple[str, str], ...] = ()
    """(a guide who is away, who of these writes to their customers meanwhile)."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that a gate asks of the single person, each once."""
        asked = (fact for gate in self.gates for fact in _ordered(gate))
        return tuple(fact for fact in dict.fromkeys(asked) if fact not in self.known)

    @property
    def point_facts(self) -> tuple[Fact, ...]:
        """The facts that count exposures."""
        return tuple(fact for fact in self.facts if fact.name == "points")

    @property
    def held_out(self) -> tuple[int, ...]:
        """The numbers of the gates that keep people without it to measure by."""
        return tuple(n for n, gate in numbered(self.gates) if gate.name == "对照组")


def audience(slot: Slot, ahead: Ahead, userids: Iterable[str]) -> Audience:
    """The customers of these guides, for whom the same is known of item, moment and pool."""
    return Audience(
        slot=slot,
        item=ahead.item.id,
        digest=ahead.item.digest,
        kind=ahead.item.kind,
        topic=ahead.item.topic,
        weight=ahead.weight,
        at=ahead.at,
        quota_since_at=ahead.window.start_at if ahead.window else 0,
        gates=person_gates(ahead),
        known=ahead.known,
        userids=(there := tuple(userids)),
        stand_ins=tuple(pair for pair in ahead.care.stand_ins(ahead.at) if pair[1] in there),
    )


def plan_audience(whom: Audience, number: int = 1) -> PlanAudience:
    """The action that finds them. `number`: where a slot needs several for one item."""
    return PlanAudience(
        slot=whom.slot,
        item=whom.item,
        digest=whom.digest,
        kind=whom.kind,
        topic=whom.topic,
        weight=whom.weight,
        number=number,
        userids=whom.userids,
        stand_ins=whom.stand_ins,
        at=whom.at,
        quota_since_at=whom.quota_since_at,
        known=_json([[to_json(fact), to_json(value)] for fact, value in whom.known.items()]),
        gates=tuple(_written(gate) for gate in whom.gates),
    )


def audience_of(action: PlanAudience) -> Audience:
    """The same again, as it was decided."""
    return Audience(
        slot=action.slot,
        item=action.item,
        digest=action.digest,
        kind=action.kind,
        topic=action.topic,
        weight=action.weight,
        at=action.at,
        quota_since_at=action.quota_since_at,
        gates=tuple(_gate(gate) for gate in action.gates),
        known={from_json(fact): from_json(value) for fact, value in json.loads(action.known)},
        userids=action.userids,
        stand_ins=action.stand_ins,
    )


def _written(gate: PersonGate) -> WrittenGate:
    return WrittenGate(
        name=gate.name,
        condition=_json(to_json(gate.condition.tree)),
        text=said(gate.condition),
        because=gate.because,
        source=gate.source,
        unless=gate.unless,
        passes=gate.passes,
    )


def _gate(written: WrittenGate) -> PersonGate:
    return PersonGate(
        name=written.name,  # type: ignore[arg-type]
        condition=Condition(from_json(json.loads(written.condition)), written.text),
        because=written.because,
        source=written.source,
        unless=written.unless,
        passes=written.passes,
    )


def _json(written: object) -> str:
    return json.dumps(written, ensure_ascii=False)


def numbered(gates: tuple[PersonGate, ...]) -> Iterator[tuple[int, PersonGate]]:
    """Gates with their numbers, from 1; 0 stands for nobody in the way."""
    return enumerate(gates, 1)


def _ordered(gate: PersonGate) -> list[Fact]:
    return sorted(gate.condition.facts, key=lambda f: (f.name, f.seconds, f.touchpoint or "", f.kind or ""))

"""An audience as one statement: of each of its people which gate is shut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, case, cast, func, literal, not_, select

from bot.scrm.gates.audience import Audience, numbered
from bot.scrm.gates.people import PersonGate
from bot.store.audience_facts import CERTAIN, joined
from bot.store.condition_sql import ALWAYS, NEVER, predicate, tag_of


class Statement:
    """A statement in the words of its database: SQLAlchemy takes longer to find a large one again than it runs."""

    def __init__(self, conn: Connection, query: Select[Any]) -> None:
        compiled = query.compile(dialect=conn.dialect, compile_kwargs={"render_postcompile": True})
        self._sql, self._names, self._values = str(compiled), compiled.positiontup or (), compiled.params

    def rows(self, conn: Connection, **values: int) -> Sequence[Any]:
        """Its rows, with these values in place of its own."""
        here = {**self._values, **values}
        return conn.exec_driver_sql(self._sql, tuple(here[name] for name in self._names)).all()


def gate_number(gates: Sequence[tuple[int, PersonGate]], ask: Any) -> ColumnElement[int]:
    """The number of the first gate that is shut, 0 for none. `ask`: a condition as SQL."""
    cases = []
    for at, (number, gate) in enumerate(gates):
        holds = ask(gate.condition)
        if holds is (ALWAYS if gate.unless else NEVER):
            continue
        then: Any = number
        if gate.passes:
            then = gate_number([(n, later) for n, later in gates[at + 1 :] if not later.is_rule], ask)
        cases.append((not_(holds) if gate.unless else holds, then))
    return case(*cases, else_=0) if cases else literal(0)


def verdicts(audience: Audience) -> Select[Any]:
    """Everybody of a range of people, (person_id, planned_id, gate)."""
    whom, source, asked = joined(audience)
    known = {fact: value for fact, value in audience.known.items() if fact not in asked}
    certain = {fact for fact in asked if fact.name in CERTAIN}
    has_tag = tag_of(whom.c.person_id)

    def ask(condition: Any) -> ColumnElement[bool]:
        return predicate(condition, known=known, asked=asked, has_tag=has_tag, certain=certain)

    number = gate_number(list(numbered(audience.gates)), ask).label("gate")
    return select(whom.c.person_id, whom.c.planned_id, number).select_from(source)


def by_gate(audience: Audience) -> Select[Any]:
    """(gate, people, who is kept) of a range of people: a few rows, however many they are."""
    # Materialised: SQLite would else put the CASE wherever the gate stands, and ask everything three times.
    each = verdicts(audience).cte("each").prefix_with("MATERIALIZED")
    pair = "[" + cast(each.c.person_id, Text) + "," + cast(each.c.planned_id, Text) + "]"
    kept = func.aggregate_strings(pair, ",").filter(each.c.gate.in_((0, *audience.held_out)))
    return select(each.c.gate, func.count(), kept).group_by(each.c.gate)

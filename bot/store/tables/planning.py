"""What was decided to be sent, whom it reaches, and what each pool is owed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text, text

from bot.store.tables.columns import ROWID, Table, partial_index, personal, plain

HELD = text("retry_at IS NOT NULL")


class Planned(Table, table=True):
    """What became of one slot for one pool (a group's chat_id, a guide's userid). The newest decision stands.

    `outcome`: as in `gates.decide`. `settled_at`: when what was let go left, or was known not to; None: it waits for
    a member. `said`: what the mix chose. `stops`: the gates that were shut.
    `by_hand`: 导购手发. `at`: the slot; `by_at`: until when it may leave.
    `reached`: people, once its audience was planned.
    """

    __tablename__ = "planned"
    __table_args__ = (
        Index("planned_slot", "calendar", "entry", "at", "pool", unique=True),
        Index("planned_pool", "pool", "touchpoint", "at"),
        Index("planned_touchpoint", "touchpoint", "at"),
        Index("planned_at", "at"),
        partial_index("planned_held", "retry_at", where=HELD),
        {"sqlite_autoincrement": True},
    )
    id: int | None = plain(ROWID, default=None, primary_key=True)
    calendar: str = plain()
    entry: str = plain()
    at: int = plain(BigInteger)
    by_at: int = plain(BigInteger)
    pool: str = personal()
    userid: str = personal()
    touchpoint: str = plain()
    fixed: bool = plain()
    by_hand: bool = plain()
    outcome: str = plain()
    because: str = plain(Text)
    kind: str | None = plain(default=None)
    topic: str | None = plain(default=None)
    item: str | None = plain(default=None)
    digest: str | None = plain(default=None)
    weight: int = plain(begins="0")
    stops: list[dict[str, Any]] = plain(JSON)
    said: dict[str, Any] = plain(JSON)
    retry_at: int | None = plain(BigInteger, default=None)
    version: str = plain()
    decided_at: int = plain(BigInteger)
    reached: int | None = plain(default=None)
    settled_at: int | None = plain(BigInteger, default=None)


class Touches(Table, table=True):
    """One person whom a planned one-to-one message addresses. `at`: sent, or while reserved the last moment it may be.

    Keyed by person first, so that what somebody got lies together, and a million are read and written in one walk. No
    index by planned_id: each chunk of people would touch as many of its pages as there are guides. Who is in a plan
    is asked through the guide's customers. What everybody is asked of it (kind, item, weight) stands in the row: to
    look each up in `planned` would be a fifth of judging.

    `state`: reserved, sent, held_out (kept without it, to measure by). `planned_as`: the person_id that it was planned
    under, where two persons turned out to be one since; mass sends are ranges of it.
    """

    __tablename__ = "touches"
    __table_args__ = ({"sqlite_with_rowid": False},)
    person_id: int = plain(BigInteger, primary_key=True)
    planned_id: int = plain(BigInteger, primary_key=True)
    at: int = plain(BigInteger)
    state: str = plain()
    kind: str = plain()
    item: str = plain()
    weight: int = plain()
    planned_as: int | None = plain(BigInteger, default=None)


class AudienceRuns(Table, table=True):
    """How far the planning of an audience has come: up to which person, and what was counted so far.

    `counts`: gates (number → people), reached (id in planned → people).
    """

    __tablename__ = "audience_runs"
    key: str = plain(primary_key=True)
    after: int = plain(BigInteger, begins="0")
    counts: dict[str, dict[str, int]] = plain(JSON)
    done_at: int | None = plain(BigInteger, default=None)


class GateCounts(Table, table=True):
    """How many people a gate kept from a one-to-one slot, and by which condition. `run`: of audience_runs."""

    __tablename__ = "gate_counts"
    __table_args__ = (Index("gate_counts_slot", "calendar", "entry", "at"),)
    run: str = plain(primary_key=True)
    number: int = plain(primary_key=True)
    calendar: str = plain()
    entry: str = plain()
    at: int = plain(BigInteger)
    item: str = plain()
    gate: str = plain()
    source: str = plain()
    because: str = plain(Text)
    condition: str = plain(Text)
    people: int = plain(BigInteger)


class MixStates(Table, table=True):
    """What a pool owes to each kind at a touchpoint, since its ratio last changed; and its stage."""

    __tablename__ = "mix_states"
    pool: str = personal(primary_key=True)
    touchpoint: str = plain(primary_key=True)
    ratio: dict[str, int] = plain(JSON)
    balance: dict[str, int] = plain(JSON)
    since_at: int = plain(BigInteger)


class PoolStages(Table, table=True):
    """In which stage a pool is, since when and why; `facts`: what was measured of it, as far as it is known."""

    __tablename__ = "pool_stages"
    pool: str = personal(primary_key=True)
    touchpoint: str = plain(primary_key=True)
    stage: str = plain()
    since_at: int = plain(BigInteger)
    because: str = plain(Text)
    pinned: bool = plain(begins="false")
    facts: dict[str, Any] = plain(JSON)
    measured_at: int = plain(BigInteger)


class Approvals(Table, table=True):
    """Somebody has seen these very words (`digest`) and lets them go; `role`: as whom a rule wanted it, or empty."""

    __tablename__ = "approvals"
    digest: str = plain(primary_key=True)
    role: str = plain(primary_key=True)
    item: str = plain()
    by: str = personal()
    approved_at: int = plain(BigInteger)


class Switches(Table, table=True):
    """What a person has stopped, and why."""

    __tablename__ = "switches"
    scope: str = plain(primary_key=True)
    name: str = plain(primary_key=True)
    by: str = personal()
    because: str = plain(default="")
    stopped_at: int = plain(BigInteger)


class SeenItems(Table, table=True):
    """When an item of the library first went live."""

    __tablename__ = "seen_items"
    item: str = plain(primary_key=True)
    first_seen_at: int = plain(BigInteger)

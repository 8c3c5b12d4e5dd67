"""A customer group (客户群), as groupchat/get tells of it, and what changed since we read it last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SeatKind = Literal["customer", "member"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person's place in a group. join_scene: 1 invited, 2 by link, 3 by code. `state`: of the join way, if told."""

    member_id: str
    kind: SeatKind
    joined_at: int
    join_scene: int | None = None
    invitor: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSnapshot:
    """A group at `read_at`. `read_no` orders what was read in the same second."""

    chat_id: str
    name: str
    owner: str
    notice: str
    created_at: int
    member_version: str
    seats: tuple[Seat, ...]
    read_at: int
    read_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a decision may know of a group."""

    chat_id: str
    name: str
    owner: str
    member_version: str
    state: Literal["active", "dismissed"]

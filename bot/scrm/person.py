"""Who somebody is to us: the person, and the follow that joins a customer to a guide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FollowStatus = Literal["half", "active", "ended"]
"""half: the customer scanned, the guide has not accepted yet; active: both are connected; ended: one side left."""

EndedBy = Literal["customer", "member", "transfer", "unknown"]
"""unknown: a reconcile found it ended, nobody told us who left."""

FollowSource = Literal["callback", "history", "reconcile", "transfer"]
"""How we came to know: told at once; there before us; found later since its callback was lost; handed over."""

WelcomeState = Literal["waiting", "sent", "withheld", "refused", "unknown", "history"]
"""waiting: in the outbox; withheld: too late or no code, a task was made; unknown: maybe sent, nobody can tell;
history: was there before us, or was handed over by another guide, and is not greeted for it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One human, whatever ids WeCom knows them by."""

    person_id: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """One guide and one customer (WeCom: follow_user)."""

    person_id: int
    userid: str
    external_userid: str
    status: FollowStatus
    state: str | None = None
    added_at: int
    ended_at: int | None = None
    welcome: WelcomeState | None = None
    version: int = 0

    @property
    def was_welcomed(self) -> bool:
        """A welcome is out, or on its way, in the present relation."""
        return self.status != "ended" and self.welcome in ("waiting", "sent", "unknown")


@dataclass(frozen=True, slots=True)
class Member:
    """A guide or another employee (WeCom: 成员)."""

    userid: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowInfo:
    """What externalcontact/get says of one guide's relation to a customer."""

    userid: str
    added_at: int
    remark: str | None = None
    description: str | None = None
    state: str | None = None
    add_way: int | None = None
    tags: tuple[tuple[str, str], ...] = ()
    """Corp tags as (tag_id, "组/名")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What externalcontact/get says of a customer."""

    name: str | None = None
    avatar: str | None = None
    type: int | None = None
    gender: int | None = None
    unionid: str | None = None
    corp_name: str | None = None

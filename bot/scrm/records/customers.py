"""What is remembered of customers, guides and their relations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.actions import Text
from bot.scrm.person import EndedBy, FollowInfo, FollowSource, FollowStatus, Profile, WelcomeState
from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFollow(Record):
    """A guide and a customer are (half) connected. Makes the person when nobody knew them."""

    userid: str
    external_userid: str
    status: FollowStatus
    added_at: int
    state: str | None = None
    channel_id: str | None = None
    source: FollowSource = "callback"
    expected_version: int | None = None
    """Version of the follow this was decided on; None: there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFollow(Record):
    """One side left."""

    userid: str
    external_userid: str
    ended_by: EndedBy
    ended_at: int
    expected_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWelcome(Record):
    """Where the welcome of a follow stands: every new contact is counted as greeted, or not and why."""

    userid: str
    external_userid: str
    state: WelcomeState
    at: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDelivery(Record):
    """A message reached a person."""

    external_userid: str
    userid: str
    touchpoint: Literal["welcome"]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask(Record):
    """Something a guide should do, with the words ready."""

    userid: str
    kind: Literal["welcome", "transfer", "survey"]
    external_userid: str
    reason: str
    ready_text: Text
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPerson(Record):
    """A tag of a guide's customer, with who or what set it. Not `shown`: it stays with us, WeCom never hears of it."""

    userid: str
    external_userid: str
    tag: str
    source: str
    at: int
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCustomer(Record):
    """What WeCom says of a customer, at `at`: profile, follows and corp tags."""

    external_userid: str
    profile: Profile
    follows: tuple[FollowInfo, ...]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveMember(Record):
    """A member we know of; `name` None leaves the known one."""

    userid: str
    at: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMemberLeft(Record):
    """A member left the corp, or is there again (`left` false)."""

    userid: str
    left: bool
    at: int

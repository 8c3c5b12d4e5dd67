"""What is remembered of customers, guides and their relations."""

from __future__ import annotations

from typing import Literal

from bot.scrm.actions import Text
from bot.scrm.person import EndedBy, FollowInfo, FollowSource, FollowStatus, Profile, WelcomeState
from bot.scrm.records.base import Record


class StartFollow(Record, frozen=True, kw_only=True):
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


class EndFollow(Record, frozen=True, kw_only=True):
    """One side left."""

    userid: str
    external_userid: str
    ended_by: EndedBy
    ended_at: int
    expected_version: int


class NoteWelcome(Record, frozen=True, kw_only=True):
    """Where the welcome of a follow stands: every new contact is counted as greeted, or not and why."""

    userid: str
    external_userid: str
    state: WelcomeState
    at: int
    reason: str = ""


class NoteDelivery(Record, frozen=True, kw_only=True):
    """A message reached a person."""

    external_userid: str
    userid: str
    touchpoint: Literal["welcome"]
    at: int


class AddTask(Record, frozen=True, kw_only=True):
    """Something a guide should do, with the words ready."""

    userid: str
    kind: Literal["welcome", "transfer", "survey"]
    external_userid: str
    reason: str
    ready_text: Text
    created_at: int


class TagPerson(Record, frozen=True, kw_only=True):
    """A tag of a guide's customer, with who or what set it. Not `shown`: it stays with us, WeCom never hears of it."""

    userid: str
    external_userid: str
    tag: str
    source: str
    at: int
    shown: bool = True


class SaveCustomer(Record, frozen=True, kw_only=True):
    """What WeCom says of a customer, at `at`: profile, follows and corp tags."""

    external_userid: str
    profile: Profile
    follows: tuple[FollowInfo, ...]
    at: int


class SaveMember(Record, frozen=True, kw_only=True):
    """A member we know of; `name` None leaves the known one."""

    userid: str
    at: int
    name: str | None = None


class NoteMemberLeft(Record, frozen=True, kw_only=True):
    """A member left the corp, or is there again (`left` false)."""

    userid: str
    left: bool
    at: int

"""Everything the product can remember as the outcome of a decision: a closed set, one store function each.

A record may carry a guard (`expected_version`); when the world has moved on, nothing is written and the
handler decides again on the new facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.actions import Text
from bot.scrm.events import CorpTag
from bot.scrm.person import EndedBy, FollowInfo, FollowStatus, Profile, WelcomeState


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFollow:
    """A guide and a customer are (half) connected. Makes the person when nobody knew them."""

    userid: str
    external_userid: str
    status: FollowStatus
    added_at: int
    state: str | None = None
    channel_id: str | None = None
    expected_version: int | None = None
    """Version of the follow this was decided on; None: there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFollow:
    """One side left."""

    userid: str
    external_userid: str
    ended_by: EndedBy
    ended_at: int
    expected_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWelcome:
    """Where the welcome of a follow stands: every new contact is counted as greeted, or not and why."""

    userid: str
    external_userid: str
    state: WelcomeState
    at: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDelivery:
    """A message reached a person."""

    external_userid: str
    userid: str
    touchpoint: Literal["welcome"]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """Something a guide should do, with the words ready."""

    userid: str
    kind: Literal["welcome", "transfer"]
    external_userid: str
    reason: str
    ready_text: Text
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPerson:
    """A tag of a guide's customer, with who or what set it."""

    userid: str
    external_userid: str
    tag: str
    source: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCustomer:
    """What WeCom says of a customer, at `at`: profile, follows and corp tags."""

    external_userid: str
    profile: Profile
    follows: tuple[FollowInfo, ...]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveMember:
    """A member we know of; `name` None leaves the known one."""

    userid: str
    at: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCorpTags:
    """Replace the mirrored tag library."""

    tags: tuple[CorpTag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveMedia:
    """A file has a media_id since `uploaded_at`."""

    path: str
    sha256: str
    media_id: str
    uploaded_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveContactWay:
    """A channel's contact way: the config_id is shown nowhere else, so it must never be lost."""

    channel_id: str
    config_id: str
    qr_code: str
    userids: tuple[str, ...]
    at: int


Record = (
    StartFollow
    | EndFollow
    | NoteWelcome
    | NoteDelivery
    | AddTask
    | TagPerson
    | SaveCustomer
    | SaveMember
    | SaveCorpTags
    | SaveMedia
    | SaveContactWay
)

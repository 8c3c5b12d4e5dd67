"""Events of our own making: results that come back, and content that changed.

They enter by the same door as WeCom's callbacks, so that one log, one replay and one order hold for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.person import FollowInfo, Profile

MediaKind = Literal["image", "video", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvent:
    """Base of our own events. `created_at`: when it came to be."""

    created_at: int

    @property
    def line(self) -> str:
        """Events of one line are handled in order."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeSettled(OwnEvent):
    """What became of a welcome: sent, or why not, with the words a guide can send by hand instead."""

    userid: str
    external_userid: str
    state: Literal["sent", "expired", "refused", "failed", "unknown"]
    reason: str = ""
    errcode: int | None = None
    ready_text: str = ""

    @property
    def line(self) -> str:
        return f"customer/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSynced(OwnEvent):
    """externalcontact/get answered: the truth about one customer at `created_at`."""

    external_userid: str
    profile: Profile
    follows: tuple[FollowInfo, ...]

    @property
    def line(self) -> str:
        return f"customer/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSynced(OwnEvent):
    """user/get answered."""

    userid: str
    name: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


@dataclass(frozen=True, slots=True)
class CorpTag:
    """A tag of the corp's library."""

    tag_id: str
    group_id: str
    group: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpTagsSynced(OwnEvent):
    """The whole tag library as WeCom has it now."""

    tags: tuple[CorpTag, ...]

    @property
    def line(self) -> str:
        return "tag/"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaUploaded(OwnEvent):
    """A file has a media_id, good for 3 days from `created_at` (official page 90253)."""

    path: str
    sha256: str
    media_id: str

    @property
    def line(self) -> str:
        return f"media/{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaDue(OwnEvent):
    """A file that content uses has no media_id, or one that ends soon."""

    path: str
    sha256: str
    kind: MediaKind

    @property
    def line(self) -> str:
        return f"media/{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWayKept(OwnEvent):
    """A channel has its contact way (渠道活码) at WeCom, and these members receive."""

    channel_id: str
    config_id: str
    qr_code: str
    userids: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"channel/{self.channel_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChanged(OwnEvent):
    """By the rota others (`userids`) receive on this channel than its contact way says."""

    channel_id: str
    userids: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"channel/{self.channel_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentWentLive(OwnEvent):
    """A valid edition of content/ is in use from now on."""

    version: str

    @property
    def line(self) -> str:
        return "content/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBroken(OwnEvent):
    """An event of this line was parked; what it would have told us must be read back from WeCom."""

    broken_line: str
    inbox_id: int

    @property
    def line(self) -> str:
        return self.broken_line


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAsked(OwnEvent):
    """A person wants one customer read back from WeCom."""

    external_userid: str

    @property
    def line(self) -> str:
        return f"customer/{self.external_userid}"


OWN_EVENTS: tuple[type[OwnEvent], ...] = (
    WelcomeSettled,
    CustomerSynced,
    MemberSynced,
    CorpTagsSynced,
    MediaUploaded,
    MediaDue,
    ContactWayKept,
    DutyChanged,
    ContentWentLive,
    LineBroken,
    SyncAsked,
)

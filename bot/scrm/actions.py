"""Everything the product can do to the outside world: a closed set of values.

Each action knows its `target` (part of its outbox key, so that it is done once), the `line` in which actions
wait for each other, and its `priority` among those without a deadline (small goes first).
All of these may safely be repeated when an answer was lost: a second welcome is refused with 41051,
app messages carry WeCom's own duplicate check, the rest set a state or read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.events import MediaKind
from bot.scrm.words import Words

Text = Words | str
"""Words as decided; a plain string once rendered (which happens when the outbox row is written)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Base of all actions. `not_before_at` / `not_after_at`: epoch seconds."""

    priority: ClassVar[int] = 50
    not_before_at: int = 0
    not_after_at: int | None = None

    @property
    def target(self) -> str:
        raise NotImplementedError

    @property
    def line(self) -> str | None:
        """Actions of one line are never under way at the same time; None: they need not wait for any other."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One attachment of a welcome. `media` is a path below content/media; it becomes a media_id when sent."""

    kind: str
    media: str | None = None
    title: str = ""
    url: str = ""
    desc: str = ""
    appid: str = ""
    page: str = ""
    picurl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWelcome(Action):
    """send_welcome_msg: once, within 20 s of the add (official page 92137). `ready`: the guide's words if it cannot."""

    priority: ClassVar[int] = 0
    userid: str
    external_userid: str
    text: Text
    ready: Text
    attached: tuple[Attached, ...] = ()

    @property
    def target(self) -> str:
        return f"{self.userid}/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAppMessage(Action):
    """message/send to one member (official page 90236)."""

    priority: ClassVar[int] = 10
    userid: str
    text: Text

    @property
    def target(self) -> str:
        return self.userid

    @property
    def line(self) -> str:
        return f"message/{self.userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkTags(Action):
    """mark_tag for one member and customer (official page 92118). Tags as "组/名"."""

    priority: ClassVar[int] = 30
    userid: str
    external_userid: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        return f"{self.userid}/{self.external_userid}"

    @property
    def line(self) -> str:
        return f"tags/{self.userid}/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCustomer(Action):
    """Read one customer back (externalcontact/get, official page 92114)."""

    priority: ClassVar[int] = 40
    external_userid: str

    @property
    def target(self) -> str:
        return self.external_userid


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncMember(Action):
    """Read one member (user/get, official page 90196)."""

    priority: ClassVar[int] = 20
    userid: str

    @property
    def target(self) -> str:
        return self.userid


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncCorpTags(Action):
    """Read the corp's tag library, adding the `wanted` tags ("组/名") that it lacks. Never deletes."""

    priority: ClassVar[int] = 20
    wanted: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        return ""

    @property
    def line(self) -> str:
        return "corp_tags"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadMedia(Action):
    """media/upload of a file below content/media (official page 90253)."""

    priority: ClassVar[int] = 15
    path: str
    sha256: str
    kind: MediaKind

    @property
    def target(self) -> str:
        return self.path

    @property
    def line(self) -> str:
        return f"media/{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepContactWay(Action):
    """See that a channel has a contact way with `state` = channel id, received by `userids` (official page 92228).

    One that exists already is adopted.
    """

    priority: ClassVar[int] = 25
    channel_id: str
    title: str
    userids: tuple[str, ...]

    @property
    def target(self) -> str:
        return self.channel_id

    @property
    def line(self) -> str:
        return "contact_ways"


ACTIONS: tuple[type[Action], ...] = (
    SendWelcome,
    SendAppMessage,
    MarkTags,
    SyncCustomer,
    SyncMember,
    SyncCorpTags,
    UploadMedia,
    KeepContactWay,
)

"""Own events about what a corp has at WeCom: tags, media, codes, and the content we keep them in line with."""

from __future__ import annotations

from typing import Literal

from bot.scrm.channel import Way
from bot.scrm.events.base import OwnEvent
from bot.value import Value

MediaKind = Literal["image", "video", "file"]


class CorpTag(Value, frozen=True):
    """A tag of the corp's library."""

    tag_id: str
    group_id: str
    group: str
    name: str


class CorpTagsSynced(OwnEvent, frozen=True, kw_only=True):
    """The whole tag library as WeCom has it now. `refused`: what WeCom would not let us do, for people."""

    tags: tuple[CorpTag, ...]
    refused: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return "tag/"


class MediaUploaded(OwnEvent, frozen=True, kw_only=True):
    """A file has a media_id, good for 3 days from `created_at` (official page 90253)."""

    path: str
    sha256: str
    media_id: str

    @property
    def line(self) -> str:
        return f"media/{self.path}"


class MediaDue(OwnEvent, frozen=True, kw_only=True):
    """A file that content uses has no media_id, or one that ends soon."""

    path: str
    sha256: str
    kind: MediaKind

    @property
    def line(self) -> str:
        return f"media/{self.path}"


class ContactWayKept(OwnEvent, frozen=True, kw_only=True):
    """A channel has its code or link at WeCom, and these members (or for a join way, groups) receive.

    `config_id`: for a link, its link_id; `qr_code`: where a picture of the code is; `url`: the link.
    """

    channel_id: str
    config_id: str
    qr_code: str
    userids: tuple[str, ...]
    way: Way = "联系我"
    url: str = ""
    chat_ids: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"channel/{self.channel_id}"


class WaysDue(OwnEvent, frozen=True, kw_only=True):
    """A person wants to know whether the ways in are still as we made them."""

    @property
    def line(self) -> str:
        return "content/"


class WayDiffers(OwnEvent, frozen=True, kw_only=True):
    """A channel's code or link was changed or deleted at WeCom, not by us. What it has there now, unless `gone`;
    nobody receives by one that carries another channel's name."""

    channel_id: str
    config_id: str
    gone: bool = False
    userids: tuple[str, ...] = ()
    chat_ids: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"channel/{self.channel_id}"


class DutyChanged(OwnEvent, frozen=True, kw_only=True):
    """Others should receive on this channel now (`userids`; for a join way, chat_ids) than do at WeCom."""

    channel_id: str
    userids: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"channel/{self.channel_id}"


class CodesRunLow(OwnEvent, frozen=True, kw_only=True):
    """The one-use codes of an offer will not last: so many are `left` of all, so many were given `lately`."""

    offer: str
    total: int
    left: int
    lately: int

    @property
    def line(self) -> str:
        return f"codes/{self.offer}"


class ContentWentLive(OwnEvent, frozen=True, kw_only=True):
    """A valid edition of content/ is in use from now on."""

    version: str

    @property
    def line(self) -> str:
        return "content/"


EVENTS = (
    CorpTagsSynced,
    MediaUploaded,
    MediaDue,
    ContactWayKept,
    WaysDue,
    WayDiffers,
    DutyChanged,
    CodesRunLow,
    ContentWentLive,
)

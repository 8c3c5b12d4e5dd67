"""What is remembered of tags, media and codes at WeCom."""

from __future__ import annotations

from bot.scrm.channel import Way
from bot.scrm.events import CorpTag
from bot.scrm.records.base import Record
from bot.value import Value


class SaveCorpTags(Record, frozen=True, kw_only=True):
    """Replace the mirrored tag library."""

    tags: tuple[CorpTag, ...]


class SaveMedia(Record, frozen=True, kw_only=True):
    """A file has a media_id since `uploaded_at`."""

    path: str
    sha256: str
    media_id: str
    uploaded_at: int


class SaveContactWay(Record, frozen=True, kw_only=True):
    """A channel's code or link: the config_id is shown nowhere else, so it must never be lost."""

    channel_id: str
    config_id: str
    qr_code: str
    userids: tuple[str, ...]
    at: int
    way: Way = "联系我"
    url: str = ""
    chat_ids: tuple[str, ...] = ()
    printed: bool = False


class NoteWay(Record, frozen=True, kw_only=True):
    """Who receives on a code or link at WeCom, changed by others than us; or, with `gone_at`, that it is there no more:
    then all the rest stays as it was."""

    channel_id: str
    config_id: str
    userids: tuple[str, ...] = ()
    chat_ids: tuple[str, ...] = ()
    gone_at: int | None = None


class NotePrinted(Record, frozen=True, kw_only=True):
    """Which codes are on paper, by the file; a channel that is in the file no more keeps what was noted."""

    printed: tuple[str, ...]
    unprinted: tuple[str, ...]


class KeptLink(Value, frozen=True):
    """A link of an item that goes by us: its name in the address, and where it leads."""

    code: str
    item: str
    url: str


class KeepLinks(Record, frozen=True, kw_only=True):
    """Where links lead that are about to be out."""

    links: tuple[KeptLink, ...]
    at: int

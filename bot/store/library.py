"""What is kept at WeCom for us: tags, media, contact ways."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.scrm.channel import KeptWay
from bot.scrm.events import CorpTag
from bot.scrm.records import Record, SaveContactWay, SaveCorpTags, SaveMedia
from bot.scrm.records.library import NotePrinted, NoteWay
from bot.store.tables import Channels, CorpTags, Media
from bot.store.tables.groups import GroupChats
from bot.store.upsert import columns, save

MEDIA_SECONDS = 3 * 24 * 3600
"""A media_id lives 3 days (official page 90253)."""

media, corp_tags, channels = columns(Media), columns(CorpTags), columns(Channels)
groups = columns(GroupChats)

_TAG_PATH = corp_tags.c.group_name + "/" + corp_tags.c.name
_TAG_IDS = select(_TAG_PATH, corp_tags.c.tag_id).where(_TAG_PATH.in_(bindparam("tags", expanding=True)))
_MEDIA_IDS = select(media.c.path, media.c.media_id).where(media.c.path.in_(bindparam("paths", expanding=True)))
_USABLE = select(media.c.path, media.c.sha256).where(media.c.uploaded_at > bindparam("uploaded_after"))


def usable_media(conn: Connection, until_at: int) -> dict[str, str]:
    """path → sha256 of every file whose media_id lives beyond `until_at`."""
    rows = conn.execute(_USABLE, {"uploaded_after": until_at - MEDIA_SECONDS})
    return {path: sha256 for path, sha256 in rows}


def media_ids(conn: Connection, paths: Collection[str]) -> dict[str, str]:
    """path → media_id."""
    return {path: media_id for path, media_id in conn.execute(_MEDIA_IDS, {"paths": list(paths)})}


def tag_ids(conn: Connection, tags: Collection[str]) -> dict[str, str]:
    """ "组/名" → tag_id, for those that WeCom has."""
    return {tag: tag_id for tag, tag_id in conn.execute(_TAG_IDS, {"tags": list(tags)})}


_WAYS = select(*(channels.c[name] for name in KeptWay.__slots__))


def kept_ways(conn: Connection) -> dict[str, KeptWay]:
    """channel id → what it has at WeCom."""
    rows = conn.execute(_WAYS).mappings()
    lists = ("userids", "chat_ids")
    return {row["channel_id"]: KeptWay(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in rows}


_ACTIVE_GROUPS = (
    select(groups.c.chat_id, groups.c.name)
    .where(groups.c.state == "active")
    .order_by(groups.c.created_at.desc(), groups.c.chat_id)
)


def active_groups(conn: Connection) -> tuple[tuple[str, str], ...]:
    """(chat_id, name) of the customer groups, the newest first."""
    return tuple((id_, name) for id_, name in conn.execute(_ACTIVE_GROUPS))


def corp_tags_mirrored(conn: Connection) -> tuple[CorpTag, ...]:
    """The tag library as WeCom had it when it was last read."""
    names = (corp_tags.c.tag_id, corp_tags.c.group_id, corp_tags.c.group_name, corp_tags.c.name)
    return tuple(CorpTag(*row) for row in conn.execute(select(*names).order_by(corp_tags.c.tag_id)))


def _save_corp_tags(conn: Connection, cause: int, record: SaveCorpTags) -> None:
    conn.execute(delete(columns(CorpTags)))
    rows = [{"tag_id": t.tag_id, "group_id": t.group_id, "group_name": t.group, "name": t.name} for t in record.tags]
    if rows:
        conn.execute(columns(CorpTags).insert(), rows)


def _save_media(conn: Connection, cause: int, record: SaveMedia) -> None:
    values = {
        "path": record.path,
        "sha256": record.sha256,
        "media_id": record.media_id,
        "uploaded_at": record.uploaded_at,
    }
    save(conn, Media, ["path"], values)


def _save_contact_way(conn: Connection, cause: int, record: SaveContactWay) -> None:
    values = {
        "channel_id": record.channel_id,
        "config_id": record.config_id,
        "qr_code": record.qr_code,
        "userids": list(record.userids),
        "way": record.way,
        "url": record.url,
        "chat_ids": list(record.chat_ids),
        "printed": record.printed,
        "kept_at": record.at,
        "gone_at": None,
    }
    save(conn, Channels, ["channel_id"], values)


def _note_way(conn: Connection, cause: int, record: NoteWay) -> None:
    here = (channels.c.channel_id == record.channel_id, channels.c.config_id == record.config_id)
    received = {"userids": list(record.userids), "chat_ids": list(record.chat_ids)} if record.gone_at is None else {}
    conn.execute(update(channels).where(*here).values(gone_at=record.gone_at, **received))


def _note_printed(conn: Connection, cause: int, record: NotePrinted) -> None:
    for printed, ids in ((True, record.printed), (False, record.unprinted)):
        conn.execute(update(channels).where(channels.c.channel_id.in_(ids)).values(printed=printed))


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SaveCorpTags: _save_corp_tags,
    SaveMedia: _save_media,
    SaveContactWay: _save_contact_way,
    NoteWay: _note_way,
    NotePrinted: _note_printed,
}

"""What the corp has at WeCom: tags, codes, media."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, UniqueConstraint

from bot.store.tables.columns import Table, personal, plain


class CorpTags(Table, table=True):
    """The corp's tag library, mirrored."""

    __tablename__ = "corp_tags"
    __table_args__ = (UniqueConstraint("group_name", "name"),)
    tag_id: str = plain(primary_key=True)
    group_id: str = plain()
    group_name: str = plain()
    name: str = plain()


class Channels(Table, table=True):
    """What a channel has at WeCom: its contact way, acquisition link or join way. `qr_code`: where its picture is.
    `gone_at`: when it was found deleted there."""

    __tablename__ = "channels"
    channel_id: str = plain(primary_key=True)
    config_id: str = plain()
    qr_code: str = plain()
    userids: list[str] = personal(JSON)
    way: str = plain(begins="'联系我'")
    url: str = plain(begins="''")
    chat_ids: list[str] = plain(JSON, begins="'[]'")
    printed: bool = plain(begins="false")
    kept_at: int = plain(BigInteger)
    gone_at: int | None = plain(BigInteger, default=None)


class Media(Table, table=True):
    """A file's media_id at WeCom."""

    __tablename__ = "media"
    path: str = plain(primary_key=True)
    sha256: str = plain()
    media_id: str = plain()
    uploaded_at: int = plain(BigInteger)

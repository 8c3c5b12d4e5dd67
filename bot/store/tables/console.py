"""Who is in the console, who may come in by a link, and what people changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text

from bot.store.tables.columns import ROWID, Table, personal, plain


class ConsoleLinks(Table, table=True):
    """A way in, good once: `key` is the sha256 of what stands in the link."""

    __tablename__ = "console_links"
    key: str = plain(primary_key=True)
    userid: str = personal()
    ends_at: int = plain(BigInteger)


class ConsoleSessions(Table, table=True):
    """Somebody is in: `key` is the sha256 of what their browser shows."""

    __tablename__ = "console_sessions"
    key: str = plain(primary_key=True)
    userid: str = personal()
    began_at: int = plain(BigInteger)
    ends_at: int = plain(BigInteger)


class ConsoleForms(Table, table=True):
    """A form that did what it was for: sent again, it does nothing while it would be good still."""

    __tablename__ = "console_forms"
    key: str = plain(primary_key=True)
    ends_at: int = plain(BigInteger)


class ContentVersions(Table, table=True):
    """A content file as somebody saved it in the console. `before`: as it was."""

    __tablename__ = "content_versions"
    __table_args__ = (Index("content_versions_name", "name", "id"), {"sqlite_autoincrement": True})
    id: int | None = plain(ROWID, default=None, primary_key=True)
    name: str = plain()
    at: int = plain(BigInteger)
    who: str = personal()
    because: str = plain(Text)
    before: str = plain(Text)
    text: str = plain(Text)


class AuditTrail(Table, table=True):
    """A person changed something: `what` of `target` from `before` to `after`. `via`: where they did it."""

    __tablename__ = "audit_trail"
    __table_args__ = (Index("audit_trail_at", "at"), {"sqlite_autoincrement": True})
    id: int | None = plain(ROWID, default=None, primary_key=True)
    at: int = plain(BigInteger)
    who: str = personal()
    via: str = plain()
    what: str = plain()
    target: str = plain()
    before: dict[str, Any] = plain(JSON)
    after: dict[str, Any] = plain(JSON)
    because: str = plain(Text)

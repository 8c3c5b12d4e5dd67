"""Ways into the console, and who is in. What opens it is kept as a hash only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from bot.store.tables import ConsoleForms, ConsoleLinks, ConsoleSessions
from bot.store.upsert import columns, insert_new

links, sessions, forms = columns(ConsoleLinks), columns(ConsoleSessions), columns(ConsoleForms)

LINK_SECONDS = 10 * 60
SESSION_SECONDS = 12 * 3600
"""A working day; then one logs in anew."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is in. `key` names it, and opens nothing."""

    key: str
    userid: str
    ends_at: int


def make_link(conn: Connection, secret: str, userid: str, now: int) -> None:
    """Let whoever shows this secret come in as `userid`, once, soon."""
    conn.execute(delete(links).where(links.c.ends_at <= now))
    conn.execute(insert(links).values(key=_key(secret), userid=userid, ends_at=now + LINK_SECONDS))


def use_link(conn: Connection, secret: str, now: int) -> str | None:
    """Whom a link lets in; it is gone with that. None: there is none, or it is too old."""
    mine = (links.c.key == _key(secret), links.c.ends_at > now)
    userid: str | None = conn.execute(delete(links).where(*mine).returning(links.c.userid)).scalar()
    return userid


def begin(conn: Connection, secret: str, userid: str, now: int) -> None:
    """Somebody came in; those whose time is over are forgotten."""
    conn.execute(delete(sessions).where(sessions.c.ends_at <= now))
    row = {"key": _key(secret), "userid": userid, "began_at": now, "ends_at": now + SESSION_SECONDS}
    conn.execute(insert(sessions).values(**row))


def session(conn: Connection, secret: str, now: int) -> Session | None:
    """Who shows this secret; None: nobody who is in."""
    query = select(sessions.c.key, sessions.c.userid, sessions.c.ends_at)
    row = conn.execute(query.where(sessions.c.key == _key(secret), sessions.c.ends_at > now)).one_or_none()
    return Session(*row) if row else None


def end(conn: Connection, key: str) -> None:
    """They went."""
    conn.execute(delete(sessions).where(sessions.c.key == key))


def spend(conn: Connection, once: str, ends_at: int, now: int) -> bool:
    """Use a form, which is good until `ends_at` (epoch seconds). Returns False when it was used before."""
    conn.execute(delete(forms).where(forms.c.ends_at <= now))
    return conn.execute(insert_new(conn, ConsoleForms), [{"key": once, "ends_at": ends_at}]).rowcount == 1


def take_back(conn: Connection, once: str) -> None:
    """The form did nothing after all."""
    conn.execute(delete(forms).where(forms.c.key == once))


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

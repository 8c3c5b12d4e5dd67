"""微信客服 (kf): accounts and how far they are pulled, and the channels' links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.scrm.records import Record
from bot.scrm.records.kf import SaveKfAccount, SaveKfLink
from bot.store import inbox
from bot.store.inbox import Arrival
from bot.store.tables import Outbox
from bot.store.tables.kf import KfAccounts, KfLinks
from bot.store.upsert import columns, insert, save

accounts, links, outbox_rows = columns(KfAccounts), columns(KfLinks), columns(Outbox)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account, and how far it is pulled. `cursor`: empty for the oldest of three days.

    covered: all that rang before this outbox id is pulled.
    """

    open_kfid: str
    account_id: str | None
    name: str
    cursor: str
    since_at: int
    pulled_at: int
    covered: int


def all_accounts(conn: Connection) -> list[StoredAccount]:
    """Every account that we know."""
    rows = conn.execute(select(*(accounts.c[name] for name in StoredAccount.__slots__)).order_by(accounts.c.open_kfid))
    return [StoredAccount(*row) for row in rows]


def account(conn: Connection, open_kfid: str) -> StoredAccount | None:
    """One account."""
    query = select(*(accounts.c[name] for name in StoredAccount.__slots__)).where(accounts.c.open_kfid == open_kfid)
    row = conn.execute(query).one_or_none()
    return None if row is None else StoredAccount(*row)


def link(conn: Connection, channel_id: str) -> tuple[str, str] | None:
    """(open_kfid, url) of a channel's link."""
    row = conn.execute(select(links.c.open_kfid, links.c.url).where(links.c.channel_id == channel_id)).one_or_none()
    return None if row is None else (row[0], row[1])


def keep_page(
    conn: Connection, *, open_kfid: str, cursor: str, since_at: int, arrivals: Sequence[Arrival], now: int
) -> None:
    """What a page brought, and the cursor behind it: both or neither."""
    if arrivals:
        inbox.put(conn, arrivals)
    fresh = {"open_kfid": open_kfid, "since_at": since_at, "cursor": cursor, "pulled_at": now, "name": "", "covered": 0}
    kept = insert(conn, KfAccounts).values(fresh)
    changes = {"cursor": kept.excluded.cursor, "pulled_at": kept.excluded.pulled_at}
    conn.execute(kept.on_conflict_do_update(index_elements=["open_kfid"], set_=changes))


def newest_action(conn: Connection) -> int:
    """The outbox id of the newest action: what rang for an older one has rung before now."""
    newest: int = conn.execute(select(func.coalesce(func.max(outbox_rows.c.id), 0))).scalar_one()
    return newest


def cover(conn: Connection, open_kfid: str, until: int) -> None:
    """All that rang for an action up to this outbox id is pulled."""
    conn.execute(update(accounts).where(accounts.c.open_kfid == open_kfid).values(covered=until))


def message_cause(open_kfid: str, msgid: str) -> str:
    """The cause of the own event that stands for a message of sync_msg: the same message is kept once."""
    return f"kf/{open_kfid}/{msgid}"


def _save_account(conn: Connection, cause: int, record: SaveKfAccount) -> None:
    elsewhere = (accounts.c.account_id == record.account_id, accounts.c.open_kfid != record.open_kfid)
    conn.execute(update(accounts).where(*elsewhere).values(account_id=None))
    fresh = {"open_kfid": record.open_kfid, "cursor": "", "since_at": record.at, "pulled_at": 0, "covered": 0}
    named = {"account_id": record.account_id, "name": record.name}
    kept = insert(conn, KfAccounts).values(**fresh, **named)
    conn.execute(kept.on_conflict_do_update(index_elements=["open_kfid"], set_=named))


def _save_link(conn: Connection, cause: int, record: SaveKfLink) -> None:
    values = {"channel_id": record.channel_id, "open_kfid": record.open_kfid, "url": record.url, "kept_at": record.at}
    save(conn, KfLinks, ["channel_id"], values)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SaveKfAccount: _save_account,
    SaveKfLink: _save_link,
}

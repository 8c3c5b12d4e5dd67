"""微信客服 (kf): accounts, links, sessions, messages."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text

from bot.store.tables.columns import Table, personal, plain


class KfAccounts(Table, table=True):
    """An account, and how far its messages are pulled. What was sent before `since_at` is history.

    covered: all that rang before this outbox id is pulled.
    """

    __tablename__ = "kf_accounts"
    open_kfid: str = plain(primary_key=True)
    account_id: str | None = plain(default=None, unique=True)
    name: str = plain(default="")
    cursor: str = plain(default="")
    since_at: int = plain(BigInteger)
    pulled_at: int = plain(BigInteger, default=0)
    covered: int = plain(BigInteger, default=0)


class KfLinks(Table, table=True):
    """A channel's link into an account."""

    __tablename__ = "kf_links"
    channel_id: str = plain(primary_key=True)
    open_kfid: str = plain()
    url: str = plain(Text)
    kept_at: int = plain(BigInteger)


class KfSessions(Table, table=True):
    """One customer at one account."""

    __tablename__ = "kf_sessions"
    open_kfid: str = plain(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    person_id: int = plain(BigInteger, index=True)
    service_state: int = plain(default=0)
    servicer_userid: str = personal(default="")
    customer_at: int = plain(BigInteger, default=0)
    sends: int = plain(default=0)
    scene: str = plain(default="")
    scene_param: str = personal(default="")
    channel_id: str | None = plain(default=None, index=True)
    entered_at: int | None = plain(BigInteger, default=None)


class KfMessages(Table, table=True):
    """What was said. `origin`: customer, servicer or bot. `state`: ours `waiting`, then as the outbox; `counted`: it is
    one of the five, and not the one that a code allows beside them."""

    __tablename__ = "kf_messages"
    open_kfid: str = plain(primary_key=True)
    msgid: str = plain(primary_key=True)
    external_userid: str = personal(index=True)
    person_id: int = plain(BigInteger, index=True)
    origin: str = plain()
    msgtype: str = plain()
    text: str = personal(Text, default="")
    menu_id: str | None = personal(default=None)
    media_id: str | None = personal(default=None)
    said_at: int = plain(BigInteger)
    state: str = plain(default="")
    counted: bool = plain(default=False)
    reason: str = plain(default="")
    recalled: bool = plain(default=False)
    history: bool = plain(default=False)

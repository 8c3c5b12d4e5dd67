"""Customer groups: who is in which, and how they came."""

from __future__ import annotations

from sqlalchemy import BigInteger

from bot.store.tables.columns import Table, personal, plain


class GroupChats(Table, table=True):
    """A customer group, as WeCom had it at `read_at`."""

    __tablename__ = "group_chats"
    chat_id: str = plain(primary_key=True)
    name: str = plain(default="")
    owner: str = personal(default="", index=True)
    notice: str = plain(default="")
    created_at: int = plain(BigInteger)
    member_version: str = plain(default="")
    state: str = plain(begins="'active'")
    read_at: int = plain(BigInteger)
    read_no: int = plain(BigInteger, begins="0")


class GroupMembers(Table, table=True):
    """Somebody who is or was in a group; `kind`: customer or member. `state`: of the join way they came by."""

    __tablename__ = "group_members"
    chat_id: str = plain(primary_key=True)
    member_id: str = personal(primary_key=True, index=True)
    kind: str = plain()
    person_id: int | None = plain(BigInteger, default=None, index=True)
    joined_at: int = plain(BigInteger)
    join_scene: int | None = plain(default=None)
    invitor: str | None = personal(default=None, index=True)
    state: str | None = plain(default=None, index=True)
    left_at: int | None = plain(BigInteger, default=None)
    left_scene: int | None = plain(default=None)


class GroupWelcomes(Table, table=True):
    """A group welcome in WeCom's library. Without a `template_id` it was asked for, and the answer never came."""

    __tablename__ = "group_welcomes"
    welcome_id: str = plain(primary_key=True)
    template_id: str = plain(default="")
    digest: str = plain()
    kept_at: int = plain(BigInteger)

"""Speaking and listening in 微信客服 (kf). Source: reference section 6."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import ClassVar

from bot.scrm.actions.base import Action, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PullKfMessages(Action):
    """sync_msg, page after page from the stored cursor, until nothing is left. kf_token: good for 10 minutes."""

    priority: ClassVar[int] = 5
    open_kfid: str
    kf_token: str | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        return self.open_kfid

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One line of a msgmenu: `id` comes back as menu_id when it is tapped (≤ 64 bytes); `say` ≤ 128 bytes."""

    id: str
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendKfMessage(Action):
    """send_msg: a text, or with `menu` a msgmenu under it. With a `code`, send_msg_on_event: once, while it lives.

    `msgid`: ours and deterministic, so that a repeated try is one message (≤ 32 bytes of `[0-9a-zA-Z_-]`).
    The session's state is read before it is sent; while a human has it, nothing is said.
    """

    priority: ClassVar[int] = 6
    in_order: ClassVar[bool] = True
    open_kfid: str
    external_userid: str
    msgid: str
    text: Text
    menu: tuple[MenuItem, ...] = ()
    tail: str = ""
    code: str | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        return self.msgid

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveKfSession(Action):
    """service_state/trans to people: to `servicer_userid`; when that one receives nobody, or none is named, the pool.

    `say`: a text for the customer, by the code that the move brings, under our own `msgid`. It has a deadline as
    SendKfMessage has, so that the two of a session go one after the other.
    """

    priority: ClassVar[int] = 6
    in_order: ClassVar[bool] = True
    open_kfid: str
    external_userid: str
    servicer_userid: str = ""
    say: Text = ""
    msgid: str = ""

    @property
    def target(self) -> str:
        return f"{self.open_kfid}/{self.external_userid}"

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}/{self.external_userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncKfCustomers(Action):
    """customer/batchget: what 微信客服 knows of up to 100 customers."""

    priority: ClassVar[int] = 40
    external_userids: tuple[str, ...]

    @property
    def target(self) -> str:
        return hashlib.sha256("/".join(self.external_userids).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepKfAccount(Action):
    """An account of content/kf.yaml is to be at WeCom, and its guides among the servicers. Nothing is ever deleted."""

    priority: ClassVar[int] = 20
    account_id: str
    name: str
    guides: tuple[str, ...]
    avatar: str

    @property
    def target(self) -> str:
        return self.account_id

    @property
    def line(self) -> str:
        return "kf-accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepKfLink(Action):
    """A channel is to have a link into an account, with its id as the scene; one that is known is never made again."""

    priority: ClassVar[int] = 20
    channel_id: str
    open_kfid: str

    @property
    def target(self) -> str:
        return self.channel_id

    @property
    def line(self) -> str:
        return f"kf-link/{self.channel_id}"


ACTIONS = (PullKfMessages, SendKfMessage, MoveKfSession, SyncKfCustomers, KeepKfAccount, KeepKfLink)

"""Speaking and listening in 微信客服 (kf). Source: reference section 6."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from bot.scrm.actions.base import Action, Text
from bot.value import Value


class PullKfMessages(Action, frozen=True, kw_only=True):
    """sync_msg, page after page from the stored cursor, until nothing is left. kf_token: good for 10 minutes."""

    hidden: ClassVar[tuple[str, ...]] = ("kf_token",)
    priority: ClassVar[int] = 5
    open_kfid: str
    kf_token: str | None = None

    @property
    def target(self) -> str:
        return self.open_kfid

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}"


class MenuItem(Value, frozen=True, kw_only=True):
    """One line of a msgmenu: `id` comes back as menu_id when it is tapped (≤ 64 bytes); `say` ≤ 128 bytes."""

    id: str
    say: str


class SendKfMessage(Action, frozen=True, kw_only=True):
    """send_msg: a text, or with `menu` a msgmenu under it. With a `code`, send_msg_on_event: once, while it lives.

    `msgid`: ours and deterministic, so that a repeated try is one message (≤ 32 bytes of `[0-9a-zA-Z_-]`).
    The session's state is read before it is sent; while a human has it, nothing is said.
    """

    hidden: ClassVar[tuple[str, ...]] = ("code",)
    priority: ClassVar[int] = 6
    in_order: ClassVar[bool] = True
    open_kfid: str
    external_userid: str
    msgid: str
    text: Text
    menu: tuple[MenuItem, ...] = ()
    tail: str = ""
    code: str | None = None

    @property
    def target(self) -> str:
        return self.msgid

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}/{self.external_userid}"


class MoveKfSession(Action, frozen=True, kw_only=True):
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


class SyncKfCustomers(Action, frozen=True, kw_only=True):
    """customer/batchget: what 微信客服 knows of up to 100 customers."""

    priority: ClassVar[int] = 40
    external_userids: tuple[str, ...]

    @property
    def target(self) -> str:
        return hashlib.sha256("/".join(self.external_userids).encode()).hexdigest()


class KeepKfAccount(Action, frozen=True, kw_only=True):
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


class KeepKfLink(Action, frozen=True, kw_only=True):
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

"""Speaking and listening in 微信客服 (kf). Source: reference section 6."""

from __future__ import annotations

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
    """service_state/trans: 1 bot, 2 pool, 3 a human (then `servicer_userid`), 4 ended."""

    priority: ClassVar[int] = 7
    open_kfid: str
    external_userid: str
    service_state: int
    servicer_userid: str = ""

    @property
    def target(self) -> str:
        return f"{self.open_kfid}/{self.external_userid}"

    @property
    def line(self) -> str:
        return f"kf/{self.open_kfid}/{self.external_userid}"


ACTIONS = (PullKfMessages, SendKfMessage, MoveKfSession)

"""Speaking to customers and members, and reading them back."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action, Text
from bot.value import Value


class Attached(Value, frozen=True, kw_only=True):
    """One attachment of a welcome. `media` is a path below content/media; it becomes a media_id when sent."""

    kind: str
    media: str | None = None
    title: str = ""
    url: str = ""
    desc: str = ""
    appid: str = ""
    page: str = ""
    picurl: str = ""


class SendWelcome(Action, frozen=True, kw_only=True):
    """send_welcome_msg: once, within 20 s of the add (official page 92137). `ready`: the guide's words if it cannot."""

    priority: ClassVar[int] = 0
    userid: str
    external_userid: str
    text: Text
    ready: Text
    attached: tuple[Attached, ...] = ()

    @property
    def target(self) -> str:
        return f"{self.userid}/{self.external_userid}"


class SendAppMessage(Action, frozen=True, kw_only=True):
    """message/send to one member (official page 90236). `about`: what tells several of one decision apart."""

    priority: ClassVar[int] = 10
    userid: str
    text: Text
    attached: tuple[Attached, ...] = ()
    about: str = ""

    @property
    def target(self) -> str:
        return f"{self.userid}/{self.about}" if self.about else self.userid

    @property
    def line(self) -> str:
        return f"message/{self.userid}"


class MarkTags(Action, frozen=True, kw_only=True):
    """mark_tag for one member and customer (official page 92118). Tags as "组/名"."""

    priority: ClassVar[int] = 30
    userid: str
    external_userid: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        marks = "".join([*(f"+{tag}" for tag in self.add), *(f"-{tag}" for tag in self.remove)])
        return f"{self.userid}/{self.external_userid}/{marks}"

    @property
    def line(self) -> str:
        return f"tags/{self.userid}/{self.external_userid}"


class SyncCustomer(Action, frozen=True, kw_only=True):
    """Read one customer back (externalcontact/get, official page 92114)."""

    priority: ClassVar[int] = 40
    external_userid: str

    @property
    def target(self) -> str:
        return self.external_userid


class SyncMember(Action, frozen=True, kw_only=True):
    """Read one member (user/get, official page 90196)."""

    priority: ClassVar[int] = 20
    userid: str

    @property
    def target(self) -> str:
        return self.userid


ACTIONS = (SendWelcome, SendAppMessage, MarkTags, SyncCustomer, SyncMember)

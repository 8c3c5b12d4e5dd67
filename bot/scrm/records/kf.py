"""What is remembered of 微信客服 (kf): accounts, links, sessions and messages."""

from __future__ import annotations

from typing import ClassVar, Literal

from bot.scrm.actions.base import Text
from bot.scrm.person import Profile
from bot.scrm.records.base import Record

Origin = Literal["customer", "servicer", "bot"]


class SpendKfSend(Record, frozen=True, kw_only=True):
    """One of the five messages of a window is used; guarded: fewer than five were. The same `msgid` counts once."""

    hidden: ClassVar[tuple[str, ...]] = ("text",)
    open_kfid: str
    external_userid: str
    msgid: str
    msgtype: str = "text"
    text: Text
    at: int


class NoteKfMessage(Record, frozen=True, kw_only=True):
    """A message of a session: WeCom keeps three days, and never tells what we sent."""

    hidden: ClassVar[tuple[str, ...]] = ("text",)
    open_kfid: str
    external_userid: str
    msgid: str
    origin: Origin
    msgtype: str
    at: int
    text: Text = ""
    menu_id: str | None = None
    media_id: str | None = None
    history: bool = False


class HearKf(Record, frozen=True, kw_only=True):
    """The customer said something at `at` that opens a window; what is out already counts into it."""

    open_kfid: str
    external_userid: str
    at: int


class NoteKfEntered(Record, frozen=True, kw_only=True):
    """A customer came in by a link; `channel_id`: the channel that its scene names."""

    hidden: ClassVar[tuple[str, ...]] = ("scene_param",)
    open_kfid: str
    external_userid: str
    at: int
    scene: str = ""
    scene_param: str = ""
    channel_id: str | None = None


class SaveKfState(Record, frozen=True, kw_only=True):
    """Who has a session: 0 new, 1 bot, 2 waiting in the pool, 3 a human, 4 ended."""

    open_kfid: str
    external_userid: str
    service_state: int
    servicer_userid: str = ""
    at: int


class NoteKfSettled(Record, frozen=True, kw_only=True):
    """What became of a message of ours; one that did not leave is no longer counted among the five."""

    open_kfid: str
    external_userid: str
    msgid: str
    state: str
    reason: str
    at: int


class NoteKfFailed(Record, frozen=True, kw_only=True):
    """A message of ours was accepted and did not arrive. `full`: since five were out already."""

    open_kfid: str
    external_userid: str
    msgid: str
    reason: str
    full: bool = False


class ForgetKfText(Record, frozen=True, kw_only=True):
    """A message was taken back: its words and its file are deleted wherever we kept them."""

    open_kfid: str
    external_userid: str
    msgid: str


class SaveKfCustomer(Record, frozen=True, kw_only=True):
    """What 微信客服 knows of a customer; it fills gaps, and overwrites nothing that a guide's side knows."""

    external_userid: str
    profile: Profile
    at: int


class SaveKfAccount(Record, frozen=True, kw_only=True):
    """Which account at WeCom is the one of content/kf.yaml."""

    account_id: str
    open_kfid: str
    name: str
    at: int


class SaveKfLink(Record, frozen=True, kw_only=True):
    """A channel's link: it can be listed nowhere, so it must not be lost."""

    channel_id: str
    open_kfid: str
    url: str
    at: int

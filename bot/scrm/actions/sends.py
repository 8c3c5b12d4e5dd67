"""Tasks of guides at WeCom, made and looked after: 企业群发 and 客户朋友圈."""

from __future__ import annotations

from typing import ClassVar

from bot.scrm.actions.base import Action, Text
from bot.scrm.actions.customers import Attached


class CreateMassSend(Action, frozen=True, kw_only=True):
    """A mass send that a guide has to confirm (add_msg_template, official page 92135). `key`: of the mass send.

    To groups (`chat_ids`, 2,000 at most), or else to 10,000 customers at most (`store.batches.recipients_of`).
    """

    priority: ClassVar[int] = 60
    key: str
    userid: str
    text: Text
    attached: tuple[Attached, ...] = ()
    chat_ids: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        return self.key

    @property
    def line(self) -> str:
        """One guide's tasks are made one after the other, so that WeCom shows them in the order of the day."""
        return f"mass_send/{self.userid}"


class CreateMoment(Action, frozen=True, kw_only=True):
    """A Moment that these guides have to post (add_moment_task, official page 96351).

    `tags`: their customers with one of these see it; empty: all. `key`: of the send.
    """

    priority: ClassVar[int] = 60
    key: str
    userids: tuple[str, ...]
    tags: tuple[str, ...]
    text: Text
    attached: tuple[Attached, ...] = ()

    @property
    def target(self) -> str:
        return self.key

    @property
    def line(self) -> str:
        """One after the other: ten a minute are let through."""
        return "moments"


class ReadSend(Action, frozen=True, kw_only=True):
    """How far a send is. `last`: its time is over, or it was `stopped` (by whom and why), so what nobody sent is taken
    back first. `looked_at`: when it was decided to look."""

    priority: ClassVar[int] = 70
    key: str
    by_at: int
    last: bool
    looked_at: int
    stopped: str = ""

    @property
    def target(self) -> str:
        return f"{self.key}/{self.looked_at}"

    @property
    def line(self) -> str:
        return f"send/{self.key}"


class ReadMassSend(ReadSend, frozen=True, kw_only=True):
    """A mass send (get_groupmsg_task, get_groupmsg_send_result, official page 93338)."""

    msgid: str
    userid: str


class ReadMoment(ReadSend, frozen=True, kw_only=True):
    """A Moment (get_moment_task_result, get_moment_task, official pages 96350 to 96352). `moment_id`: None until its
    job has made it."""

    job_id: str
    moment_id: str | None


class ReadReactions(Action, frozen=True, kw_only=True):
    """Who commented on a Moment and who likes it (get_moment_comments, official page 96352)."""

    priority: ClassVar[int] = 80
    key: str
    moment_id: str
    looked_at: int

    @property
    def target(self) -> str:
        return f"{self.key}/{self.looked_at}"

    @property
    def line(self) -> str:
        return f"send/{self.key}"


ACTIONS = (CreateMassSend, CreateMoment, ReadMassSend, ReadMoment, ReadReactions)

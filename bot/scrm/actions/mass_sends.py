"""企业群发: tasks of guides at WeCom, made and looked after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.scrm.actions.base import Action, Text
from bot.scrm.actions.customers import Attached


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateMassSend(Action):
    """A mass send that a guide has to confirm (add_msg_template, official page 92135). `key`: of the mass send.

    To groups (`chat_ids`, 2,000 at most), or else to 10,000 customers at most: the reserved touches of `planned_id`
    with person_id above `after`, up to `upto` (`store.mass_sends.recipients`).
    """

    priority: ClassVar[int] = 60
    key: str
    userid: str
    text: Text
    attached: tuple[Attached, ...] = ()
    chat_ids: tuple[str, ...] = ()
    planned_id: int = 0
    after: int = 0
    upto: int = 0

    @property
    def target(self) -> str:
        return self.key

    @property
    def line(self) -> str:
        """One guide's tasks are made one after the other, so that WeCom shows them in the order of the day."""
        return f"mass_send/{self.userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMassSend(Action):
    """How far a mass send is (get_groupmsg_task, get_groupmsg_send_result, official page 93338).

    `last`: its time is over, so what the guide has not sent is taken back first (cancel_groupmsg_send). `looked_at`:
    when it was decided to look.
    """

    priority: ClassVar[int] = 70
    key: str
    msgid: str
    userid: str
    by_at: int
    last: bool
    looked_at: int

    @property
    def target(self) -> str:
        return f"{self.key}/{self.looked_at}"

    @property
    def line(self) -> str:
        return f"mass_send/{self.userid}"


ACTIONS = (CreateMassSend, ReadMassSend)

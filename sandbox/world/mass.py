"""企业群发: tasks that members must confirm, and what then reaches customers and groups (official pages 92135, 93338).

What the API does with them is in mass_api.py; whom a task is for, in mass_audience.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from sandbox.world.groups import Groups
from sandbox.world.habits import Habit, Habits
from sandbox.world.people import ChatMessage, People
from sandbox.world.quota import MassQuota
from sandbox.world.wire import Ids, NotFoundError

ChatType = Literal["single", "group"]
OWN_RECEIVERS_AT_MOST = 20_000


class SendStatus(IntEnum):
    """What get_groupmsg_send_result says of one recipient."""

    UNSENT = 0
    SENT = 1
    NOT_A_FRIEND = 2
    OVER_QUOTA = 3


@dataclass(slots=True)
class Recipient:
    """One customer or one group of a member's task."""

    id: str
    status: SendStatus = SendStatus.UNSENT
    send_time: int = 0
    deselected: bool = False


@dataclass(slots=True)
class MassTask:
    """What one member has to confirm. `sent_at` 0 = not yet."""

    userid: str
    recipients: dict[str, Recipient]
    sent_at: int = 0


@dataclass(slots=True)
class MassSend:
    """One mass send; `creator` "" = made by API, else the member who sends it for himself.

    `dispatched_at`: when members see it. `selectable`: whether they may leave recipients out.
    """

    ordinal: int
    msgid: str
    chat_type: ChatType
    creator: str
    create_time: int
    text: str
    attachments: tuple[dict[str, Any], ...]
    selectable: bool
    dispatched_at: int
    tasks: dict[str, MassTask] = field(default_factory=dict)
    cancelled_at: int = 0
    reminded_at: list[int] = field(default_factory=list)


class Mass:
    """All mass sends; NotFoundError says what is amiss with what a member does.

    `dispatch_seconds`: from the call to the members' clients; 41063 meanwhile. How long it takes is not published.
    """

    def __init__(self, ids: Ids, people: People, groups: Groups, habits: Habits) -> None:
        self._ids, self._people, self._groups, self._habits = ids, people, groups, habits
        self.quota = MassQuota()
        self.dispatch_seconds = 3
        self._sends: dict[str, MassSend] = {}

    def all(self) -> list[MassSend]:
        """In order of time."""
        return list(self._sends.values())

    def find(self, msgid: str) -> MassSend | None:
        return self._sends.get(msgid)

    def creates(
        self,
        at: int,
        chat_type: ChatType,
        content: tuple[str, tuple[dict[str, Any], ...]],
        audience: Mapping[str, Sequence[str]],
        selectable: bool,
    ) -> MassSend:
        """The corp's task for each member of `audience`, with the customers or groups it is for."""
        send = self._open(at, chat_type, content, audience, selectable, at + self.dispatch_seconds)
        for task in send.tasks.values():
            self._habits.assigned("mass", task.userid, send.dispatched_at, self._press(send, task))
        return send

    def waiting(self, at: int, userid: str) -> list[MassSend]:
        """What the member's client shows as still to be confirmed, oldest first."""
        return [send for send in self._sends.values() if self._waits(at, userid, send)]

    def confirms(self, at: int, *, userid: str, msgid: str, without: Sequence[str] = ()) -> MassTask:
        """The member presses 发送, having left out `without`."""
        member, send = self._people.member(userid), self._sends.get(msgid)
        if send is None or not self._waits(at, member.userid, send):
            raise NotFoundError(f"{member.userid} 没有待确认的群发 {msgid}")
        task = send.tasks[member.userid]
        self._deselect(send, task, without)
        self._deliver(at, send, task)
        return task

    def sends_own(
        self,
        at: int,
        *,
        userid: str,
        text: str,
        attachments: Sequence[dict[str, Any]] = (),
        to: Sequence[str] | None = None,
        chat_type: ChatType = "single",
    ) -> MassSend:
        """A member's own mass send, to these customers or groups (None: all of his), out at once."""
        member = self._people.member(userid).userid
        receivers = list(self._all_of(member, chat_type) if to is None else to)
        if not receivers or len(receivers) > OWN_RECEIVERS_AT_MOST:
            raise NotFoundError(f"一次群发要有 1 到 {OWN_RECEIVERS_AT_MOST} 位收件人，现在是 {len(receivers)} 位")
        send = self._open(at, chat_type, (text, tuple(attachments)), {member: receivers}, False, at, creator=member)
        self._deliver(at, send, send.tasks[member])
        return send

    def _open(
        self,
        at: int,
        chat_type: ChatType,
        content: tuple[str, tuple[dict[str, Any], ...]],
        audience: Mapping[str, Sequence[str]],
        selectable: bool,
        dispatched_at: int,
        creator: str = "",
    ) -> MassSend:
        msgid, (text, attachments) = self._ids.letters("msg", 29), content
        ordinal = len(self._sends) + 1
        send = MassSend(ordinal, msgid, chat_type, creator, at, text, attachments, selectable, dispatched_at)
        for userid, receivers in audience.items():
            send.tasks[userid] = MassTask(userid, {to: Recipient(to) for to in receivers})
        self._sends[msgid] = send
        return send

    def _press(self, send: MassSend, task: MassTask) -> Callable[[int, Habit], None]:
        def press(at: int, habit: Habit) -> None:
            without = self._habits.some_of(list(task.recipients), habit.deselect) if send.selectable else []
            self.confirms(at, userid=task.userid, msgid=send.msgid, without=without)

        return press

    def _waits(self, at: int, userid: str, send: MassSend) -> bool:
        task = send.tasks.get(userid)
        return task is not None and not task.sent_at and not send.cancelled_at and at >= send.dispatched_at

    def _deselect(self, send: MassSend, task: MassTask, without: Sequence[str]) -> None:
        if without and not send.selectable:
            raise NotFoundError("这次群发不能改选收件人")
        unknown = [to for to in without if to not in task.recipients]
        if unknown or len(set(without)) == len(task.recipients):
            raise NotFoundError(f"不在收件人里：{'、'.join(unknown)}" if unknown else "至少要留一位收件人")
        for to in without:
            task.recipients[to].deselected = True

    def _deliver(self, at: int, send: MassSend, task: MassTask) -> None:
        task.sent_at = at
        for recipient in task.recipients.values():
            if not recipient.deselected:
                recipient.status = self._reach(at, send, task.userid, recipient.id)
                recipient.send_time = at if recipient.status == SendStatus.SENT else 0

    def _reach(self, at: int, send: MassSend, userid: str, to: str) -> SendStatus:
        """Put the message on the phone of one customer or into one group, if it may go there.

        Of a group that is dismissed or another's by now, status 2 too (not published).
        """
        single = send.chat_type == "single"
        group = None if single else self._groups.of_owner(to, userid)
        if not (self._people.are_friends(userid, to) if single else group):
            return SendStatus.NOT_A_FRIEND
        if not self.quota.draw(to, at):
            return SendStatus.OVER_QUOTA
        message = ChatMessage(at, userid, send.text, send.attachments)
        if group is not None:
            group.chat.append(message)
        else:
            self._people.own_follow(userid, to).chat_started = True
            self._people.write(userid, to, message)
        return SendStatus.SENT

    def _all_of(self, userid: str, chat_type: ChatType) -> list[str]:
        if chat_type == "group":
            return [group.chat_id for group in self._groups.owned_by(userid)]
        return [follow.external_userid for follow in self._people.customers_of(userid)]

"""`sandbox.mass`: what members do with mass sends (企业群发), those of the corp and their own; no callback of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from sandbox.handles.base import Handle
from sandbox.world.days import Period
from sandbox.world.mass import ChatType, MassSend, MassTask, SendStatus
from sandbox.world.wire import NotFoundError


class MassHandle(Handle):
    """`msgid` names the mass send, as add_msg_template answered it."""

    async def tasks(self, userid: str) -> list[dict[str, Any]]:
        """What the member's client asks him to confirm, oldest first.

        msgid, chat_type, text, attachments, recipients (ids), selectable, at, reminded_at (instants).
        """
        member = self._world.people.member(userid).userid
        return [_task(send, member) for send in self._world.mass.waiting(self._now(), member)]

    async def member_confirms(self, userid: str, msgid: str, without: Sequence[str] = ()) -> dict[str, int]:
        """He presses 发送, having left out `without` where the task allows it. Recipient → status of the result."""
        task = self._world.mass.confirms(self._now(), userid=userid, msgid=msgid, without=without)
        self._happened("mass.member_confirms", [], userid=task.userid, msgid=msgid, **_counts(task))
        return {recipient.id: int(recipient.status) for recipient in task.recipients.values()}

    async def member_sends(
        self,
        userid: str,
        text: str,
        to: Sequence[str] | None = None,
        chat_type: str = "single",
        attachments: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        """His own mass send to these customers (or, `group`, groups; None: all of his). Draws on the same quota.

        Returns the msgid.
        """
        send = self._world.mass.sends_own(
            self._now(),
            userid=userid,
            text=text,
            to=to,
            chat_type=cast(ChatType, _one_of(ChatType, chat_type)),
            attachments=[dict(item) for item in attachments],
        )
        counts = _counts(send.tasks[send.creator])
        self._happened("mass.member_sends", [], userid=send.creator, msgid=send.msgid, **counts)
        return send.msgid

    async def admin_limits(self, policy: str) -> None:
        """The rule in 群发助手 for each customer and group: `month` (as many as it has days), `week` (7), `day` (1)."""
        self._world.mass.quota.policy = cast(Period, _one_of(Period, policy))
        self._happened("mass.admin_limits", [], policy=policy)


def _counts(task: MassTask) -> dict[str, int]:
    tried = [recipient.status for recipient in task.recipients.values() if not recipient.deselected]
    sent = tried.count(SendStatus.SENT)
    return {"sent": sent, "failed": len(tried) - sent}


def _task(send: MassSend, userid: str) -> dict[str, Any]:
    names = ("msgid", "chat_type", "text", "selectable")
    return {name: getattr(send, name) for name in names} | {
        "at": send.dispatched_at,
        "attachments": list(send.attachments),
        "recipients": list(send.tasks[userid].recipients),
        "reminded_at": list(send.reminded_at),
    }


def _one_of(kinds: Any, value: str) -> str:
    if value not in get_args(kinds):
        raise NotFoundError(f"“{value}”不行，可以是 {'、'.join(get_args(kinds))}")
    return value

"""企业群发 by API: a task is created, looked at, reminded of and cancelled (official pages 92135, 93338, 96355)."""

from __future__ import annotations

from typing import Any

from sandbox.world.listing import listed, makers_of, window_of
from sandbox.world.mass import ChatType, Mass, MassSend, MassTask, Recipient
from sandbox.world.mass_audience import MassAudience
from sandbox.world.media import Media
from sandbox.world.people import People
from sandbox.world.welcome import content_of
from sandbox.world.wire import Answer, ApiError, Body, Call, need, text_of

SENDS_A_PAGE, SENDS_BY_DEFAULT = 100, 50
SEND_RESULTS_A_PAGE, SEND_RESULTS_BY_DEFAULT = 1000, 500
LIST_SPAN_DAYS = 31
REMINDERS_AT_MOST, REMINDER_SECONDS = 3, 24 * 3600


class MassApi:
    """Nothing here sends: that is for the members.

    `tells_deselected`: whether whom a member left out stays in get_groupmsg_send_result with status 0
    (not published).
    """

    def __init__(self, mass: Mass, audience: MassAudience, people: People, media: Media) -> None:
        self._mass, self._audience, self._people, self._media = mass, audience, people, media
        self.tells_deselected = True

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/add_msg_template": self.add_msg_template,
            "externalcontact/get_groupmsg_list_v2": self.get_groupmsg_list_v2,
            "externalcontact/get_groupmsg_task": self.get_groupmsg_task,
            "externalcontact/get_groupmsg_send_result": self.get_groupmsg_send_result,
            "externalcontact/remind_groupmsg_send": self.remind_groupmsg_send,
            "externalcontact/cancel_groupmsg_send": self.cancel_groupmsg_send,
        }

    def add_msg_template(self, call: Call) -> Answer:
        chat_type = _chat_type(call.body, "single")
        content = content_of(call.body, self._media, call.at)
        of_groups = chat_type == "group"
        audience, failed = (self._audience.of_groups if of_groups else self._audience.of_customers)(call.body)
        need(audience, 41048, "no customer to send")
        # An owner who is not told his groups chooses them himself.
        selectable = not call.body.get("chat_id_list") if of_groups else bool(call.body.get("allow_select"))
        send = self._mass.creates(call.at, chat_type, content, audience, selectable)
        return {"fail_list": failed, "msgid": send.msgid}

    def get_groupmsg_list_v2(self, call: Call) -> Answer:
        chat_type, (start, end) = _chat_type(call.body), window_of(call.body, LIST_SPAN_DAYS)
        wanted = makers_of(call.body)
        sends = [
            send
            for send in self._mass.all()
            if send.chat_type == chat_type and start <= send.create_time <= end and wanted(send.creator)
        ]
        limits = {"default": SENDS_BY_DEFAULT, "at_most": SENDS_A_PAGE}
        return listed("group_msg_list", sends, call.body, _send_json, ordinals=[s.ordinal for s in sends], **limits)

    def get_groupmsg_task(self, call: Call) -> Answer:
        return self._results("task_list", list(self._dispatched(call).tasks.values()), call, _task_json)

    def get_groupmsg_send_result(self, call: Call) -> Answer:
        send, userid = self._dispatched(call), self._people.known_userid(text_of(call.body, "userid"))
        task = send.tasks.get(userid)
        if task is None:
            self._people.api_member(userid)
        recipients = list(task.recipients.values()) if task else []
        told = [to for to in recipients if self.tells_deselected or not to.deselected]
        return self._results("send_list", told, call, lambda to: _result_json(send, userid, to))

    def remind_groupmsg_send(self, call: Call) -> Answer:
        send = self._running(self._dispatched(call))
        recent = [at for at in send.reminded_at if at > call.at - REMINDER_SECONDS]
        need(len(recent) < REMINDERS_AT_MOST, 41094, f"over {REMINDERS_AT_MOST} reminders in 24 h")
        send.reminded_at.append(call.at)
        return {}

    def cancel_groupmsg_send(self, call: Call) -> Answer:
        """Members who have sent it have sent it; the others see it no more."""
        self._running(self._known(call)).cancelled_at = call.at
        return {}

    def _results(self, name: str, items: list[Any], call: Call, show: Any) -> Answer:
        return listed(name, items, call.body, show, default=SEND_RESULTS_BY_DEFAULT, at_most=SEND_RESULTS_A_PAGE)

    def _known(self, call: Call) -> MassSend:
        msgid = call.body.get("msgid")
        need(msgid, 41046, "msgid is missing")
        send = self._mass.find(str(msgid))
        if send is None:
            raise ApiError(41047, "invalid msgid")
        return send

    def _dispatched(self, call: Call) -> MassSend:
        send = self._known(call)
        need(call.at >= send.dispatched_at, 41063, "the message is still being dispatched")
        return send

    def _running(self, send: MassSend) -> MassSend:
        need(not send.creator, 41047, "a member's own message")
        need(not send.cancelled_at, 41093, "the message has been cancelled")
        return send


def _chat_type(body: Body, default: str = "") -> ChatType:
    value = body.get("chat_type") or default
    if value == "single":
        return "single"
    need(value == "group", 40035, "invalid parameter: chat_type")
    return "group"


def _send_json(send: MassSend) -> dict[str, Any]:
    # create_time is a string on the wire (official page 93338); what the API made has no creator.
    shown = {"msgid": send.msgid, "create_time": str(send.create_time), "create_type": 1 if send.creator else 0}
    creator = {"creator": send.creator} if send.creator else {}
    return shown | creator | {"text": {"content": send.text}, "attachments": list(send.attachments)}


def _task_json(task: MassTask) -> dict[str, Any]:
    return (
        {"userid": task.userid, "status": 2, "send_time": task.sent_at}
        if task.sent_at
        else {"userid": task.userid, "status": 0}
    )


def _result_json(send: MassSend, userid: str, recipient: Recipient) -> dict[str, Any]:
    key = "chat_id" if send.chat_type == "group" else "external_userid"
    shown = {key: recipient.id, "userid": userid, "status": recipient.status}
    return shown | ({"send_time": recipient.send_time} if recipient.send_time else {})

"""WeCom's endpoints as methods: wechatpy's own, and in the same style those that it lacks or has in an old form.

Every method is awaited, since the client's `_request` is a coroutine. Answers are WeCom's JSON objects.
Sources: developer.work.weixin.qq.com/document/path/92109 ff., reference sections 2, 3, 7 and 8.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from optionaldict import optionaldict
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.work.client.api.external_contact import WeChatExternalContact

Answer = Awaitable[dict[str, Any]]

# Its annotations promise dicts at once; here the same methods are awaited.
_WeChatExternalContact: Any = WeChatExternalContact
_BaseWeChatAPI: Any = BaseWeChatAPI


class _Endpoints(_BaseWeChatAPI):
    _get: Callable[..., Answer]
    _post: Callable[..., Answer]


class ExternalContact(_Endpoints, _WeChatExternalContact):
    """Customers, tags and contact ways (客户联系)."""

    def batch_get_by_user(self, userids: Sequence[str], cursor: str = "", limit: int = 100) -> Answer:
        """Customers of up to 100 members, a page of up to 100; go on with `next_cursor` until it is empty."""
        return self._post(
            "externalcontact/batch/get_by_user",
            data={"userid_list": list(userids), "cursor": cursor, "limit": limit},
        )

    def remark(self, userid: str, external_userid: str, **remarks: str | list[str]) -> Answer:
        """Write `remark` (≤ 20 characters), `description` (≤ 150), `remark_company`, `remark_mobiles`."""
        return self._post(
            "externalcontact/remark", data={"userid": userid, "external_userid": external_userid, **remarks}
        )

    def list_contact_way(
        self, start_time: int | None = None, end_time: int | None = None, cursor: str = "", limit: int = 1000
    ) -> Answer:
        """The `config_id`s made through the API, by default in the last 90 days (epoch seconds)."""
        data = optionaldict(start_time=start_time, end_time=end_time, cursor=cursor or None, limit=limit)
        return self._post("externalcontact/list_contact_way", data=data)

    def update_contact_way(self, config_id: str, **fields: Any) -> Answer:
        """Overwrite the fields given, and no others; type and scene cannot change."""
        return self._post("externalcontact/update_contact_way", data={"config_id": config_id, **fields})


class MassSend(_Endpoints):
    """企业群发: tasks that members confirm (path/92135 and 93338)."""

    def add(self, body: dict[str, Any]) -> Answer:
        """A body of `bot.wecom.messages.mass_send_body`; `msgid` and `fail_list` are in the answer."""
        return self._post("externalcontact/add_msg_template", data=body)

    def made(self, chat_type: str, start_time: int, end_time: int, cursor: str = "", limit: int = 100) -> Answer:
        """Those of the corp that were made in a month at most (epoch seconds)."""
        data = {"chat_type": chat_type, "start_time": start_time, "end_time": end_time, "filter_type": 0}
        return self._post(
            "externalcontact/get_groupmsg_list_v2", data=optionaldict(**data, limit=limit, cursor=cursor or None)
        )

    def tasks(self, msgid: str, cursor: str = "", limit: int = 1000) -> Answer:
        """Which members have it, and who has sent it: `status` 0 not yet, 2 sent."""
        data = optionaldict(msgid=msgid, limit=limit, cursor=cursor or None)
        return self._post("externalcontact/get_groupmsg_task", data=data)

    def results(self, msgid: str, userid: str, cursor: str = "", limit: int = 1000) -> Answer:
        """What became of each receiver: `status` 0 not sent, 1 sent, 2 not a friend, 3 over the quota."""
        data = optionaldict(msgid=msgid, userid=userid, limit=limit, cursor=cursor or None)
        return self._post("externalcontact/get_groupmsg_send_result", data=data)

    def cancel(self, msgid: str) -> Answer:
        """Members who have not sent it yet see it no more; what was sent stays."""
        return self._post("externalcontact/cancel_groupmsg_send", data={"msgid": msgid})


class Moments(_Endpoints):
    """客户朋友圈: Moments that members post (path/96350 to 96352)."""

    def add(self, body: dict[str, Any]) -> Answer:
        """A body of `bot.wecom.messages.moment_body`; `jobid` is in the answer, good for a day."""
        return self._post("externalcontact/add_moment_task", data=body)

    def job(self, jobid: str) -> Answer:
        """`status` 3: over; then `result` has `moment_id`, or why there is none."""
        return self._get("externalcontact/get_moment_task_result", params={"jobid": jobid})

    def made(self, start_time: int, end_time: int, cursor: str = "", limit: int = 20) -> Answer:
        """Those of the corp that were made in 30 days at most (epoch seconds)."""
        data = {"start_time": start_time, "end_time": end_time, "filter_type": 0, "limit": limit}
        return self._post("externalcontact/get_moment_list", data=optionaldict(**data, cursor=cursor or None))

    def tasks(self, moment_id: str, cursor: str = "", limit: int = 1000) -> Answer:
        """Which members have it, and who has posted it: `publish_status` 0 not yet, 1 posted."""
        data = optionaldict(moment_id=moment_id, limit=limit, cursor=cursor or None)
        return self._post("externalcontact/get_moment_task", data=data)

    def comments(self, moment_id: str, userid: str) -> Answer:
        """Who commented on the post of a member, and who likes it now; never what was said."""
        return self._post("externalcontact/get_moment_comments", data={"moment_id": moment_id, "userid": userid})

    def cancel(self, moment_id: str) -> Answer:
        """Members who have not posted it see it no more."""
        return self._post("externalcontact/cancel_moment_task", data={"moment_id": moment_id})


class Message(_Endpoints):
    """Messages of the app to members (path/90236)."""

    def send(self, body: dict[str, Any]) -> Answer:
        """Any body of `bot.wecom.messages`. The answer names receivers that it could not reach."""
        return self._post("message/send", data=body)

    def update_template_card(self, body: dict[str, Any]) -> Answer:
        """Change a card by its `response_code`: 72 h, one use (path/94888)."""
        return self._post("message/update_template_card", data=body)


class Media(_Endpoints):
    """Temporary media: good for 3 days in all apps of the corp (path/90253)."""

    def upload(self, kind: str, file: tuple[str, bytes]) -> Answer:
        """kind: image, voice, video or file. file: its name and bytes. `media_id` is in the answer."""
        return self._post("media/upload", params={"type": kind}, files={"media": file})

    def upload_attachment(self, kind: str, file: tuple[str, bytes]) -> Answer:
        """The same for Moments, which take no other (path/96347). kind: image or video."""
        return self._post(
            "media/upload_attachment", params={"media_type": kind, "attachment_type": 1}, files={"media": file}
        )


class User(_Endpoints):
    """Members (path/90196)."""

    def who(self, code: str) -> Answer:
        """Who logged in: `userid`, by the code that their browser brought, once (path/91023)."""
        return self._get("auth/getuserinfo", params={"code": code})

    def get(self, userid: str) -> Answer:
        """One member: name, departments and what the app may see."""
        return self._get("user/get", params={"userid": userid})


class Network(_Endpoints):
    """WeCom's own addresses, `ip_list`, for firewalls (path/92521)."""

    def get_api_domain_ip(self) -> Answer:
        """Where the API answers."""
        return self._get("get_api_domain_ip")

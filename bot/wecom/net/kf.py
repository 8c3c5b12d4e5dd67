"""WeCom's endpoints of 微信客服 (kf) as methods, in wechatpy's style; its own class has them in an old form.

Every method is awaited. Sources: developer.work.weixin.qq.com/document/path/94670 ff., reference section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optionaldict import optionaldict

from bot.wecom.net.endpoints import Answer, _Endpoints


class Kf(_Endpoints):
    """Accounts, links, servicers, messages and sessions of 微信客服."""

    def account_list(self, offset: int = 0, limit: int = 100) -> Answer:
        """A page of up to 100 accounts that the app may manage."""
        return self._post("kf/account/list", data={"offset": offset, "limit": limit})

    def account_add(self, name: str, media_id: str | None = None) -> Answer:
        """A new account; `open_kfid` is in the answer. name: ≤ 16 characters. media_id: its picture."""
        return self._post("kf/account/add", data=optionaldict(name=name, media_id=media_id))

    def account_update(self, open_kfid: str, **changes: str) -> Answer:
        """Change `name` or `media_id`."""
        return self._post("kf/account/update", data={"open_kfid": open_kfid, **changes})

    def add_contact_way(self, open_kfid: str, scene: str) -> Answer:
        """A link, `url`, which can be neither listed nor deleted. scene: ≤ 32 bytes of `[0-9a-zA-Z_-]`."""
        return self._post("kf/add_contact_way", data={"open_kfid": open_kfid, "scene": scene})

    def servicer_add(self, open_kfid: str, userids: Sequence[str]) -> Answer:
        """Up to 100 members who receive; `result_list` says how it went with each."""
        return self._post("kf/servicer/add", data={"open_kfid": open_kfid, "userid_list": list(userids)})

    def servicer_list(self, open_kfid: str) -> Answer:
        """Who receives, and whether they do now."""
        return self._get("kf/servicer/list", params={"open_kfid": open_kfid})

    def sync_msg(self, open_kfid: str, cursor: str = "", token: str | None = None, limit: int = 1000) -> Answer:
        """A page of what was said and happened. token: a bell's, for 10 minutes; without one it is rarely allowed."""
        data = optionaldict(open_kfid=open_kfid, cursor=cursor or None, token=token, limit=limit)
        return self._post("kf/sync_msg", data=data)

    def send_msg(self, open_kfid: str, external_userid: str, message: dict[str, Any]) -> Answer:
        """Any body of `bot.wecom.kf_messages`: within 48 h of the customer's last message, at most 5."""
        return self._post("kf/send_msg", data={"touser": external_userid, "open_kfid": open_kfid, **message})

    def send_msg_on_event(self, code: str, message: dict[str, Any]) -> Answer:
        """The one message that an event's code allows; text or msgmenu."""
        return self._post("kf/send_msg_on_event", data={"code": code, **message})

    def service_state_get(self, open_kfid: str, external_userid: str) -> Answer:
        """`service_state` and, while a human has the session, `servicer_userid`."""
        data = {"open_kfid": open_kfid, "external_userid": external_userid}
        return self._post("kf/service_state/get", data=data)

    def service_state_trans(
        self, open_kfid: str, external_userid: str, service_state: int, servicer_userid: str = ""
    ) -> Answer:
        """Hand a session over: to the pool (2), to a servicer (3), or end it (4)."""
        data = optionaldict(
            open_kfid=open_kfid,
            external_userid=external_userid,
            service_state=service_state,
            servicer_userid=servicer_userid or None,
        )
        return self._post("kf/service_state/trans", data=data)

    def customer_batchget(self, external_userids: Sequence[str]) -> Answer:
        """`customer_list` of up to 100 customers, as 微信客服 knows them."""
        data = {"external_userid_list": list(external_userids), "need_enter_session_context": 0}
        return self._post("kf/customer/batchget", data=data)

"""WeCom's endpoints for customer groups, handing customers over, and how members work, in wechatpy's style.

Sources: developer.work.weixin.qq.com/document/path/92120 ff. (groups), 92125 ff. (transfer), 92132 (behaviour),
92366 (group welcomes), reference sections 3.8 to 3.10.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.wecom.net.endpoints import Answer, _Endpoints


class GroupChats(_Endpoints):
    """Customer groups (客户群), and the welcomes in their library."""

    def list(self, owners: Sequence[str], cursor: str = "", limit: int = 100) -> Answer:
        """The groups of up to 100 owners, a page of up to 1,000; go on with `next_cursor` until it is empty."""
        data = {"status_filter": 0, "owner_filter": {"userid_list": list(owners)}, "cursor": cursor, "limit": limit}
        return self._post("externalcontact/groupchat/list", data=data)

    def get(self, chat_id: str) -> Answer:
        """One group with everybody in it, without their names."""
        return self._post("externalcontact/groupchat/get", data={"chat_id": chat_id, "need_name": 0})

    def add_welcome(self, body: dict[str, Any]) -> Answer:
        """A welcome for the library; `template_id` is in the answer and can be read nowhere else."""
        return self._post("externalcontact/group_welcome_template/add", data=body)

    def edit_welcome(self, body: dict[str, Any]) -> Answer:
        """Overwrite the welcome `template_id`; only the app that made it may."""
        return self._post("externalcontact/group_welcome_template/edit", data=body)


class Handover(_Endpoints):
    """Handing customers and groups to another member (在职继承, 离职继承). `resigned`: the first one has left."""

    def customers(self, handover: str, takeover: str, external_userids: Sequence[str], *, resigned: bool) -> Answer:
        """Up to 100 customers. On the job it takes effect after 24 h unless the customer refuses."""
        data = {"handover_userid": handover, "takeover_userid": takeover, "external_userid": list(external_userids)}
        return self._post(f"externalcontact/{_of(resigned)}transfer_customer", data=data)

    def results(self, handover: str, takeover: str, *, resigned: bool, cursor: str = "") -> Answer:
        """How every handing over between two members stands, up to 1,000 a page."""
        data = {"handover_userid": handover, "takeover_userid": takeover, "cursor": cursor}
        return self._post(f"externalcontact/{_of(resigned)}transfer_result", data=data)

    def groups(self, chat_ids: Sequence[str], new_owner: str, *, resigned: bool) -> Answer:
        """Up to 100 groups to a new owner; `failed_chat_list` names those that stay."""
        api = "transfer" if resigned else "onjob_transfer"
        return self._post(
            f"externalcontact/groupchat/{api}", data={"chat_id_list": list(chat_ids), "new_owner": new_owner}
        )


class Behaviour(_Endpoints):
    """How members work (联系客户统计)."""

    def of(self, userid: str, start_time: int, end_time: int) -> Answer:
        """One member's days (several would be added up); at most 30 days, up to yesterday."""
        data = {"userid": [userid], "start_time": start_time, "end_time": end_time}
        return self._post("externalcontact/get_user_behavior_data", data=data)


def _of(resigned: bool) -> str:
    return "resigned/" if resigned else ""

"""Ways in that wechatpy does not know: acquisition links and join ways (reference sections 3.5 and 3.6)."""

from __future__ import annotations

from typing import Any

from optionaldict import optionaldict

from bot.wecom.net.endpoints import Answer, _Endpoints


class Acquisition(_Endpoints):
    """获客助手. An app sees only the links that it made; without the paid permission all is refused."""

    def list_link(self, cursor: str = "", limit: int = 100) -> Answer:
        """`link_id_list` of up to 100; go on with `next_cursor` until it is empty."""
        data = optionaldict(cursor=cursor or None, limit=limit)
        return self._post("externalcontact/customer_acquisition/list_link", data=data)

    def get(self, link_id: str) -> Answer:
        """`link` with its name and url, `range` with who receives."""
        return self._post("externalcontact/customer_acquisition/get", data={"link_id": link_id})

    def create_link(self, link_name: str, receivers: dict[str, Any]) -> Answer:
        """receivers: `user_list`, `department_list`. `link` is in the answer."""
        data = {"link_name": link_name, "range": receivers, "skip_verify": True}
        return self._post("externalcontact/customer_acquisition/create_link", data=data)

    def update_link(self, link_id: str, **fields: Any) -> Answer:
        """Overwrite `link_name`, `range` or `skip_verify`."""
        return self._post("externalcontact/customer_acquisition/update_link", data={"link_id": link_id, **fields})


class JoinWays(_Endpoints):
    """加入群聊: a code that leads into one of up to 5 groups."""

    def add(self, **fields: Any) -> Answer:
        """scene 2 (QR), `chat_id_list`, `remark`, `state`. `config_id` is in the answer, the code is not."""
        return self._post("externalcontact/groupchat/add_join_way", data=fields)

    def get(self, config_id: str) -> Answer:
        """`join_way` with its `qr_code`."""
        return self._post("externalcontact/groupchat/get_join_way", data={"config_id": config_id})

    def update(self, config_id: str, **fields: Any) -> Answer:
        """Overwrite all that `add` takes."""
        return self._post("externalcontact/groupchat/update_join_way", data={"config_id": config_id, **fields})

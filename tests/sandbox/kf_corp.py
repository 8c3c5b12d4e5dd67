"""A corp with one kf account and one customer who has entered it: what the tests of 微信客服 speak with."""

from __future__ import annotations

from typing import Any

from sandbox.world.kf import KfSession
from tests.sandbox.corp import Corp, fields_of


class KfCorp(Corp):
    """`say` is send_msg, `sync` everything that waits, `bells` the callbacks since they were last asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.open_kfid = self.made("小测")
        self.customer = self.enters().external_userid

    def made(self, name: str, **more: Any) -> str:
        avatar = self.media()["media_id"]
        return str(self.ask("kf/account/add", {"name": name, "media_id": avatar} | more)["open_kfid"])

    def hires(self, *userids: str) -> None:
        self.ask("kf/servicer/add", {"open_kfid": self.open_kfid, "userid_list": list(userids or ("lihua",))})

    def enters(self, **how: Any) -> KfSession:
        where = {} if "url" in how else {"open_kfid": self.open_kfid}
        return self.world.kf_customers.enters(self.at, **(where | how))

    def writes(self, text: str = "你好", **more: Any) -> str:
        who = {"external_userid": self.customer, "open_kfid": self.open_kfid}
        return self.world.kf_customers.writes(self.at, **(who | {"text": text} | more))

    def taps(self, menu_id: str) -> str:
        return self.world.kf_customers.taps(
            self.at, external_userid=self.customer, open_kfid=self.open_kfid, menu_id=menu_id
        )

    def serves(self, act: str, userid: str = "lihua", **more: Any) -> Any:
        """A servicer in the client: takes, writes, transfers, ends, recalls."""
        who = {"userid": userid, "external_userid": self.customer, "open_kfid": self.open_kfid}
        return getattr(self.world.kf_servicers, act)(self.at, **(who | more))

    def say(self, content: str = "你好", **more: Any) -> dict[str, Any]:
        text = {"msgtype": "text", "text": {"content": content}}
        return self.ask("kf/send_msg", {"touser": self.customer, "open_kfid": self.open_kfid} | text | more)

    def answers(self, code: str, content: str = "欢迎", **more: Any) -> dict[str, Any]:
        text = {"msgtype": "text", "text": {"content": content}}
        return self.ask("kf/send_msg_on_event", {"code": code} | text | more)

    def trans(self, state: int, servicer: str = "") -> dict[str, Any]:
        body = {"open_kfid": self.open_kfid, "external_userid": self.customer, "service_state": state}
        return self.ask("kf/service_state/trans", body | ({"servicer_userid": servicer} if servicer else {}))

    def state(self) -> int:
        body = {"open_kfid": self.open_kfid, "external_userid": self.customer}
        return int(self.ask("kf/service_state/get", body)["service_state"])

    def sync(self, **more: Any) -> dict[str, Any]:
        return self.ask("kf/sync_msg", {"open_kfid": self.open_kfid} | more)

    def told(self) -> list[dict[str, Any]]:
        """Every item there is."""
        return list(self.world.kf.accounts[self.open_kfid].feed)

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        return [item["event"] for item in self.told() if "event" in item and kind in ("", item["event"]["event_type"])]

    def bells(self) -> list[dict[str, str]]:
        return [fields_of(event) for event in self.world.kf.take_events()]

    def phone(self) -> list[str]:
        """What the customer's phone shows, without the grey lines."""
        session = self.world.kf.sessions[self.open_kfid, self.customer]
        return [str(next(iter(line.content.values()))) for line in session.chat if line.sender != "sys"]


MENU = {
    "msgtype": "msgmenu",
    "msgmenu": {
        "head_content": "你的皮肤更接近哪一种？",
        "list": [
            {"type": "click", "click": {"id": "skin/a", "content": "偏干"}},
            {"type": "click", "click": {"id": "skin/b", "content": "偏油"}},
            {"type": "view", "view": {"url": "https://example.com", "content": "看看说明"}},
        ],
        "tail_content": "点一下就好",
    },
}

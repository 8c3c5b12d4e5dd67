"""The XML of the callbacks that the sandbox sends (official pages 90240, 92130, 92277, 90248, 94670)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.world.wire import Event


def to_xml(fields: Mapping[str, Any]) -> str:
    """`<xml>` of the fields in order: numbers bare, text in CDATA, mappings nested, lists repeated, None left out."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_elements(value)}</{name}>"
    inner = str(value) if isinstance(value, int) else "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return f"<{name}>{inner}</{name}>"


def system_event(corpid: str, at: int, event: str, change_type: str, **fields: Any) -> Event:
    """A change that WeCom tells every listening app: customers, customer groups, tags."""
    head = {"ToUserName": corpid, "FromUserName": "sys", "CreateTime": at, "MsgType": "event", "Event": event}
    names = {
        "userid": "UserID",
        "external_userid": "ExternalUserID",
        "id": "Id",
        "welcome_code": "WelcomeCode",
        "chat_id": "ChatId",
        "link_id": "LinkId",
        "update_detail": "UpdateDetail",
    }
    about = {key: fields.get(name) for key, name in names.items()}
    return Event(
        name=f"{event}/{change_type}",
        xml=to_xml({**head, "ChangeType": change_type, **fields}),
        about={key: value for key, value in about.items() if value},
    )


def member_push(corpid: str, at: int, userid: str, agentid: int, msgtype: str, **fields: Any) -> Event:
    """What a member did in one app: wrote to it, entered it, clicked in it."""
    head = {"ToUserName": corpid, "FromUserName": userid, "CreateTime": at, "MsgType": msgtype}
    return Event(
        name=fields.get("Event", msgtype),
        xml=to_xml({**head, **fields, "AgentID": agentid}),
        agentid=agentid,
        about={"userid": userid},
    )


def kf_push(corpid: str, at: int, event: str, open_kfid: str, **fields: str) -> Event:
    """What happens in 微信客服; the bell has no FromUserName (official page 94670)."""
    head = {"ToUserName": corpid, "CreateTime": at, "MsgType": "event", "Event": event}
    return Event(name=event, xml=to_xml({**head, **fields}), about={"open_kfid": open_kfid})

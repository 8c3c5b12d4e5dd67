"""Tasks of mass sends and Moments for the corp of the tests."""

from __future__ import annotations

from typing import Any

from tests.sandbox.corp import Corp

TEXT = {"text": {"content": "新品到店"}}


def asked(corp: Corp, verb: str, **body: Any) -> dict[str, Any]:
    """One call of externalcontact/…"""
    return corp.ask(f"externalcontact/{verb}", body)


def created(corp: Corp, **body: Any) -> str:
    """A mass send, already at its members; its msgid."""
    answer = asked(corp, "add_msg_template", **(TEXT | body))
    assert answer["errcode"] == 0, answer
    corp.at += corp.world.mass.dispatch_seconds
    return str(answer["msgid"])


def confirms(corp: Corp, msgid: str, userid: str = "lihua", **how: Any) -> None:
    corp.world.mass.confirms(corp.at, userid=userid, msgid=msgid, **how)


def statuses(corp: Corp, msgid: str, userid: str = "lihua") -> dict[str, int]:
    """Customer or group → status of get_groupmsg_send_result."""
    results = asked(corp, "get_groupmsg_send_result", msgid=msgid, userid=userid)["send_list"]
    return {result.get("external_userid") or result["chat_id"]: int(result["status"]) for result in results}


def customers(corp: Corp, count: int, userid: str = "lihua") -> list[str]:
    return [corp.adds(userid=userid)[0] for _ in range(count)]


def heard(corp: Corp, customer: str, userid: str = "lihua") -> list[str]:
    """What the customer's phone shows of this member."""
    return [message.text for message in corp.world.people.chats.get((userid, customer), [])]

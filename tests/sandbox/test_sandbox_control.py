"""The control API mirrors the handle; the log and the state can be read from another process."""

from __future__ import annotations

from sandbox import Sandbox
from tests.sandbox.corp import AGENTID, KEY, TOKEN, Listener, Wire


async def test_story_can_be_played_from_another_process(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    await wire.post("externalcontact/add_contact_way", {"type": 1, "scene": 2, "state": "store", "user": ["lihua"]})
    customer = (await wire.control("customer_adds", {"state": "store", "name": "小满"}))["result"]
    await wire.control("callbacks_settled")
    body = {"welcome_code": listener.events[0]["WelcomeCode"], "text": {"content": "你好"}}
    await wire.post("externalcontact/send_welcome_msg", body)
    (message,) = (await wire.control("customer_reads", {"external_userid": customer, "userid": "lihua"}))["result"]
    assert message["text"] == "你好"
    await wire.control("customer_deletes", {"external_userid": customer, "userid": "lihua"})
    async with wire.http.get("/sandbox/state") as response:
        state = await response.json()
    (follow,) = state["follows"]
    assert (follow["status"], follow["chat"][0]["text"]) == ("customer_left", "你好")
    assert state["customers"][0]["name"] == "小满" and state["channels"][0]["state"] == "store"


async def test_log_is_read_on_from_where_it_was_left(wire: Wire) -> None:
    async with wire.http.get("/sandbox/log") as response:
        first = await response.json()
    await wire.post("user/get", userid="lihua")
    async with wire.http.get("/sandbox/log", params={"since": str(first["next"])}) as response:
        (entry,) = (await response.json())["entries"]
    assert (entry["kind"], entry["api"], entry["errcode"]) == ("call", "user/get", 0)
    assert entry["wall_at"] > 0 and entry["took_ms"] >= 0 and entry["token"].endswith("…")


async def test_apps_members_faults_and_limits_are_set_over_http(wire: Wire, sandbox: Sandbox) -> None:
    app = {"name": "新", "agentid": 7, "secret": "s7", "token": TOKEN, "encoding_aes_key": KEY}
    assert (await wire.control("add_app", app))["result"] == 7
    assert (await wire.control("add_member", {"userid": "zhao", "name": "赵敏"}))["result"] == "zhao"
    number = (await wire.control("add_fault", {"kind": "errcode", "where": "user/get", "errcode": 45009}))["result"]
    assert (await wire.post("user/get", userid="zhao"))["errcode"] == 45009
    await wire.control("remove_fault", {"fault_id": number})
    assert (await wire.post("user/get", userid="zhao"))["name"] == "赵敏"
    await wire.control("set_limits", {"per_minute": 1})
    assert [(await wire.post("user/get", userid="zhao"))["errcode"] for _ in range(2)] == [0, 45009]
    await wire.control("revoke_tokens", {"agentid": AGENTID, "errcode": 42001})
    assert (await wire.post("getcallbackip"))["errcode"] == 42001


async def test_burst_adds_as_many_as_asked(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    added = (await wire.control("burst", {"count": 50, "userid": "lihua"}))["result"]
    await sandbox.callbacks_settled()
    assert {event["ExternalUserID"] for event in listener.events} == set(added) and len(added) == 50


async def test_bad_requests_are_told_why(wire: Wire) -> None:
    assert "nobody" in (await wire.control("customer_adds", {"userid": "nobody"}))["error"]
    assert "参数" in (await wire.control("customer_adds", {"colour": "red"}))["error"]
    assert "故障" in (await wire.control("add_fault", {"kind": "gremlin"}))["error"]
    assert not (await wire.control("sing"))["ok"]


async def test_foreign_page_cannot_post_without_asking_first(wire: Wire) -> None:
    async with wire.http.post("/sandbox/clear_faults", data="{}") as response:
        assert response.status == 415
    async with wire.http.post("/play", data={"do": "toggle"}, headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 403

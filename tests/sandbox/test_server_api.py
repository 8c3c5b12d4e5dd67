"""The API on the wire, and what faults do to its answers."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.clock import VirtualClock
from sandbox import Sandbox
from tests.sandbox.corp import AGENTID, CORPID, PNG, Listener, Wire, furnish

WELCOME = "externalcontact/send_welcome_msg"


async def new_code(sandbox: Sandbox, listener: Listener) -> str:
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    return listener.events[-1]["WelcomeCode"]


async def test_answers_are_http_200_with_an_errcode(wire: Wire) -> None:
    assert (await wire.post("externalcontact/get_follow_user_list"))["follow_user"] == ["lihua", "wangfang"]
    assert (await wire.post("user/get", userid="nobody"))["errcode"] == 60111


async def test_wrong_path_is_404_without_a_body(wire: Wire) -> None:
    async with wire.http.post("/cgi-bin/externalcontact/sing") as response:
        assert (response.status, await response.read()) == (404, b"")


async def test_body_that_is_not_a_json_object_is_40035(wire: Wire) -> None:
    for body in (b"{", b"[1]", b'"x"'):
        query = {"access_token": wire.token}
        async with wire.http.post("/cgi-bin/externalcontact/remark", params=query, data=body) as response:
            assert (await response.json())["errcode"] == 40035


async def test_upload_and_download_are_the_same_bytes(wire: Wire) -> None:
    form = aiohttp.FormData()
    form.add_field("media", PNG, filename="欢迎.png", content_type="image/png")
    query = {"access_token": wire.token, "type": "image"}
    async with wire.http.post("/cgi-bin/media/upload", params=query, data=form) as response:
        media_id = (await response.json())["media_id"]
    query = {"access_token": wire.token, "media_id": media_id}
    for path in ("/cgi-bin/media/get", f"/media/{media_id}"):
        async with wire.http.get(path, params=query) as response:
            assert (response.content_type, await response.read()) == ("image/png", PNG)


async def test_no_secret_reaches_the_log(wire: Wire, sandbox: Sandbox) -> None:
    await wire.post("user/get", userid="lihua")
    written = str(sandbox.log.since())
    assert wire.token not in written and "secret" not in written


@pytest.mark.parametrize(("kind", "acted"), [("reset_before", False), ("reset_after", True), ("half", True)])
async def test_lost_answers(wire: Wire, sandbox: Sandbox, listener: Listener, kind: str, acted: bool) -> None:
    code = await new_code(sandbox, listener)
    sandbox.faults.add(kind, "send_welcome_msg", count=1)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await wire.post(WELCOME, {"welcome_code": code, "text": {"content": "你好"}})
    again = await wire.post(WELCOME, {"welcome_code": code, "text": {"content": "你好"}})
    assert again["errcode"] == (41051 if acted else 0)
    assert [call["errcode"] for call in sandbox.log.calls(WELCOME)] == [0 if acted else None, again["errcode"]]


async def test_gateway_answers_instead_of_wecom(wire: Wire, sandbox: Sandbox) -> None:
    sandbox.faults.add("http_503", count=1)
    sandbox.faults.add("html", count=1)
    query = {"access_token": wire.token}
    async with wire.http.get("/cgi-bin/getcallbackip", params=query) as response:
        assert response.status == 503
    async with wire.http.get("/cgi-bin/getcallbackip", params=query) as response:
        assert response.content_type == "text/html"


async def test_errcode_on_request_is_answered_without_acting(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    code = await new_code(sandbox, listener)
    body = {"welcome_code": code, "text": {"content": "你好"}}
    sandbox.faults.add("errcode", "send_welcome_msg", count=1, errcode=-1)
    assert (await wire.post(WELCOME, body))["errcode"] == -1
    assert (await wire.post(WELCOME, body))["errcode"] == 0


async def test_slow_welcome_acts_when_its_wait_is_over_and_not_before(listener: Listener) -> None:
    clock = VirtualClock(1_800_000_000)
    sandbox = furnish(Sandbox(corpid=CORPID, clock=clock), listener)
    base_url = await sandbox.start()
    async with aiohttp.ClientSession(base_url) as http:
        query = {"corpid": CORPID, "corpsecret": "secret"}
        async with http.get("/cgi-bin/gettoken", params=query) as response:
            wire = Wire(http, (await response.json())["access_token"])
        sandbox.faults.add("slow", "send_welcome_msg", seconds=25)
        body = {"welcome_code": await new_code(sandbox, listener), "text": {"content": "你好"}}
        call = asyncio.create_task(wire.post(WELCOME, body))
        while waiting(clock) < 1:
            await asyncio.sleep(0.001)
        await clock.advance(25)
        assert (await call)["errcode"] == 41050
    await sandbox.stop()


def waiting(clock: VirtualClock) -> int:
    """How many wait for the clock (a time-out that was not needed stays in its heap, done)."""
    return sum(not future.done() for *_, future in clock._sleepers)


async def test_marking_one_customer_twice_at_once_is_45035_on_the_wire(wire: Wire, sandbox: Sandbox) -> None:
    customer = await sandbox.customer_adds(userid="lihua")
    tag_id = await sandbox.admin_edits_tags("create", group="来源", name="门店")
    sandbox.faults.add("slow", "mark_tag", seconds=0.05)
    body = {"userid": "lihua", "external_userid": customer, "add_tag": [tag_id]}
    answers = await asyncio.gather(*(wire.post("externalcontact/mark_tag", body) for _ in range(2)))
    assert sorted(answer["errcode"] for answer in answers) == [0, 45035]


async def test_a_thousand_slow_answers_do_not_hold_up_a_welcome(listener: Listener) -> None:
    clock = VirtualClock(1_800_000_000)
    sandbox = furnish(Sandbox(corpid=CORPID, clock=clock), listener)
    base_url = await sandbox.start()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(base_url, connector=connector) as http:
        query = {"corpid": CORPID, "corpsecret": "secret"}
        async with http.get("/cgi-bin/gettoken", params=query) as response:
            wire = Wire(http, (await response.json())["access_token"])
        sandbox.faults.add("slow", unless="send_welcome_msg", seconds=10)
        slow = [asyncio.create_task(wire.post("user/get", userid="lihua")) for _ in range(1000)]
        while waiting(clock) < 1000:
            await asyncio.sleep(0.01)
        body = {"welcome_code": await new_code(sandbox, listener), "text": {"content": "你好"}}
        assert (await wire.post(WELCOME, body))["errcode"] == 0
        assert not any(task.done() for task in slow)
        await clock.advance(10)
        assert {answer["errcode"] for answer in await asyncio.gather(*slow)} == {0}
    await sandbox.stop()


async def test_agent_is_asked_for_its_own_messages_only(wire: Wire) -> None:
    body = {"touser": "lihua", "msgtype": "text", "agentid": AGENTID + 1, "text": {"content": "x"}}
    assert (await wire.post("message/send", body))["errcode"] == 301002

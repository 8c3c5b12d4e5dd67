"""The client against a server on loopback: one token, errors with a meaning, nothing secret told."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import requests
from aiohttp import web

from bot.clock import SystemClock, VirtualClock
from bot.wecom.errors import AnswerLost, NotReached, WeComError
from bot.wecom.messages import app_texts, welcome_body
from bot.wecom.net.client import MAX_ANSWER_BYTES, WeComClient
from bot.wecom.net.governor import Governor, Limits

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
SECRET = "s3cret-of-the-app"


class Platform:
    """Just enough of a WeCom: tokens, a log of requests, and an answer for each API that the test sets."""

    def __init__(self) -> None:
        self.tokens = 0
        self.valid = ""
        self.seen: list[tuple[str, dict[str, str], Any]] = []
        self.answers: dict[str, Answer] = {}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        api = request.path.removeprefix("/cgi-bin/")
        body = await request.read()
        self.seen.append((api, dict(request.query), body))
        if api in self.answers:
            return await self.answers[api](request)
        if api == "gettoken":
            self.tokens += 1
            self.valid = f"token-{self.tokens}"
            return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": self.valid, "expires_in": 7200})
        if request.query.get("access_token") != self.valid:
            return web.json_response({"errcode": 40014, "errmsg": "invalid access_token"})
        return web.json_response({"errcode": 0, "errmsg": "ok", "api": api})

    def calls(self, api: str) -> int:
        return sum(name == api for name, _, _ in self.seen)

    def says(self, api: str, text: str, *, status: int = 200) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(text=text, status=status)

        self.answers[api] = answer


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
async def base_url(platform: Platform) -> AsyncIterator[str]:
    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", platform.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def connected(base_url: str, **options: Any) -> AsyncIterator[WeComClient]:
    options = {"clock": SystemClock(), "governor": Governor()} | options
    async with aiohttp.ClientSession() as http, aiohttp.ClientSession() as welcome_http:
        yield WeComClient("wwcorp", SECRET, http=http, welcome_http=welcome_http, base_url=base_url, **options)


@pytest.fixture
async def client(base_url: str) -> AsyncIterator[WeComClient]:
    async with connected(base_url) as client:
        yield client


async def test_fifty_calls_at_once_fetch_one_token(client: WeComClient, platform: Platform) -> None:
    await asyncio.gather(*(client.external_contact.get("wmA") for _ in range(50)))
    assert platform.tokens == 1
    assert platform.calls("externalcontact/get") == 50
    assert platform.seen[0][1] == {"corpid": "wwcorp", "corpsecret": SECRET}


async def test_a_token_revoked_under_fifty_calls_is_fetched_once_more(client: WeComClient, platform: Platform) -> None:
    await client.user.get("lisi")
    platform.valid = "another"
    answers = await asyncio.gather(*(client.user.get("lisi") for _ in range(50)))
    assert all(answer["errcode"] == 0 for answer in answers)
    assert platform.tokens == 2


@pytest.mark.parametrize("errcode", [40014, 42001, 40001])
async def test_a_token_that_stays_refused_is_renewed_once_and_then_reported(
    client: WeComClient, platform: Platform, errcode: int
) -> None:
    platform.says("user/get", json.dumps({"errcode": errcode, "errmsg": "x"}))
    with pytest.raises(WeComError) as caught:
        await client.user.get("lisi")
    assert (caught.value.errcode, caught.value.kind) == (errcode, "token")
    assert platform.tokens == 2
    assert platform.calls("user/get") == 2


async def test_a_wrong_secret_is_asked_for_once(client: WeComClient, platform: Platform) -> None:
    platform.says("gettoken", json.dumps({"errcode": 40001, "errmsg": "invalid credential"}))
    with pytest.raises(WeComError, match="40001") as caught:
        await client.user.get("lisi")
    assert caught.value.kind == "permanent"
    assert platform.calls("gettoken") == 1


@pytest.mark.parametrize("text", ["", "{}", '{"access_token": "x"}', '{"access_token": "x", "expires_in": "soon"}'])
async def test_a_token_answer_without_a_token_is_lost(client: WeComClient, platform: Platform, text: str) -> None:
    platform.says("gettoken", text)
    with pytest.raises(AnswerLost):
        await client.token.get()


async def test_an_errcode_becomes_an_error_that_hides_its_errmsg(client: WeComClient, platform: Platform) -> None:
    platform.says("externalcontact/get", json.dumps({"errcode": 40096, "errmsg": "invalid wmSECRET"}))
    with pytest.raises(WeComError) as caught:
        await client.external_contact.get("wmSECRET")
    assert str(caught.value) == "externalcontact/get 40096 客户（external_userid）无效"
    assert caught.value.errmsg == "invalid wmSECRET"


async def test_a_missing_errcode_is_success(client: WeComClient, platform: Platform) -> None:
    platform.says("get_api_domain_ip", '{"ip_list": ["101.226.103.*"]}')
    assert (await client.network.get_api_domain_ip())["ip_list"] == ["101.226.103.*"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("<html>busy</html>", 200),
        ('{"errcode": 0, "errm', 200),
        ("", 200),
        ("[]", 200),
        ('{"errcode": "many"}', 200),
        ("[" * 100_000, 200),
        ("busy", 503),
        ("x" * (MAX_ANSWER_BYTES + 1), 200),
    ],
    ids=["html", "half", "empty", "list", "odd errcode", "deep", "503", "endless"],
)
async def test_an_unreadable_answer_is_a_lost_one(
    client: WeComClient, platform: Platform, text: str, status: int
) -> None:
    platform.says("externalcontact/mark_tag", text, status=status)
    with pytest.raises(AnswerLost, match="externalcontact/mark_tag"):
        await client.external_contact.mark_tag("lisi", "wmA", ["et1"], [])
    assert platform.calls("externalcontact/mark_tag") == 1


async def test_a_reset_in_mid_answer_is_a_lost_answer(client: WeComClient, platform: Platform) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "500"})
        await response.prepare(request)
        await response.write(b'{"errcode": 0')
        assert request.transport is not None
        request.transport.abort()
        return response

    platform.answers["message/send"] = half
    with pytest.raises(AnswerLost):
        await client.message.send(app_texts("lisi", 1, "hi")[0])


@pytest.mark.parametrize("status", [301, 404])
async def test_an_answer_from_something_before_wecom_means_it_was_not_reached(
    client: WeComClient, platform: Platform, status: int
) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": "/cgi-bin/getcallbackip"})

    platform.answers["user/get"] = elsewhere
    with pytest.raises(NotReached):
        await client.user.get("lisi")
    assert platform.calls("getcallbackip") == 0


async def test_a_refused_connection_was_not_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with connected(f"http://127.0.0.1:{port}") as client:
        with pytest.raises(NotReached, match="gettoken"):
            await client.user.get("lisi")


async def test_time_outs_follow_the_clock_and_a_welcome_waits_less(base_url: str, platform: Platform) -> None:
    clock = VirtualClock(1_700_000_000)
    here, go = asyncio.Semaphore(0), asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        here.release()
        await go.wait()
        return web.json_response({"errcode": 0})

    platform.answers |= {"user/get": slow, "externalcontact/send_welcome_msg": slow}
    async with connected(base_url, clock=clock) as client:
        await client.token.get()
        welcome = asyncio.create_task(client.external_contact.send_welcome_msg(welcome_body("CODE", "hi")))
        other = asyncio.create_task(client.user.get("lisi"))
        await here.acquire()
        await here.acquire()
        await clock.advance(3)
        with pytest.raises(AnswerLost):
            await welcome
        assert not other.done()
        await clock.advance(7)
        with pytest.raises(AnswerLost):
            await other
    go.set()


async def test_welcomes_pass_while_every_other_connection_is_taken(base_url: str, platform: Platform) -> None:
    taken, go = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.StreamResponse:
        taken.set()
        await go.wait()
        return web.json_response({"errcode": 0})

    platform.answers["user/get"] = slow
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http, aiohttp.ClientSession() as own:
        client = WeComClient(
            "ww", SECRET, http=http, welcome_http=own, governor=Governor(), clock=SystemClock(), base_url=base_url
        )
        others = [asyncio.create_task(client.user.get("lisi")) for _ in range(5)]
        await taken.wait()
        platform.valid = "revoked, so that a new token is wanted as well"
        answer = await client.external_contact.send_welcome_msg(welcome_body("CODE", "hi"))
        assert answer["errcode"] == 0
        assert not any(other.done() for other in others)
        go.set()
        await asyncio.gather(*others)


async def test_pulling_without_a_bell_has_a_limit_of_its_own(base_url: str, platform: Platform) -> None:
    """It is a strict one: met, it must not keep the bells of customers waiting."""
    clock = VirtualClock(1_700_000_000)
    async with connected(base_url, clock=clock) as client:
        platform.says("kf/sync_msg", json.dumps({"errcode": 45009, "errmsg": "reach max api daily quota limit"}))
        with pytest.raises(WeComError):
            await client.kf.sync_msg("wk")
        del platform.answers["kf/sync_msg"]
        with pytest.raises(WeComError):
            await client.kf.sync_msg("wk")
        assert platform.calls("kf/sync_msg") == 1
        await client.kf.sync_msg("wk", "CURSOR", "TOKEN", 100)
    sent = {"open_kfid": "wk", "cursor": "CURSOR", "token": "TOKEN", "limit": 100}
    assert json.loads(platform.seen[-1][2]) == sent


async def test_45009_parks_the_api_and_asks_wecom_no_more(base_url: str, platform: Platform) -> None:
    clock = VirtualClock(1_700_000_000)
    platform.says("user/get", json.dumps({"errcode": 45009, "errmsg": "reach max api daily quota limit"}))
    async with connected(base_url, clock=clock) as client:
        for _ in range(3):
            with pytest.raises(WeComError) as caught:
                await client.user.get("lisi")
            assert (caught.value.kind, caught.value.retry_at) == ("rate", 1_700_000_060)
        assert platform.calls("user/get") == 1
        assert (await client.external_contact.get("wmA"))["errcode"] == 0
        await clock.advance(60)
        with pytest.raises(WeComError):
            await client.user.get("lisi")
    assert platform.calls("user/get") == 2


async def test_a_call_over_our_own_limit_never_leaves(base_url: str, platform: Platform) -> None:
    governor = Governor(Limits(per_member_minute=2))
    clock = VirtualClock(1_700_000_000)
    async with connected(base_url, clock=clock, governor=governor) as client:
        await client.message.send(app_texts("lisi", 1, "1")[0])
        await client.message.send(app_texts("lisi", 1, "2")[0])
        with pytest.raises(WeComError) as caught:
            await client.message.send(app_texts("lisi", 1, "3")[0])
        await client.message.send(app_texts("wangwu", 1, "4")[0])
    assert (caught.value.errcode, caught.value.retry_at) == (45009, 1_700_000_061)
    assert platform.calls("message/send") == 3


async def test_words_leave_as_utf8_json(client: WeComClient, platform: Platform) -> None:
    await client.message.send(app_texts("lisi", 1, "您好")[0])
    api, query, body = platform.seen[-1]
    assert (api, query) == ("message/send", {"access_token": "token-1"})
    assert "您好".encode() in body
    assert json.loads(body)["enable_duplicate_check"] == 1


async def test_a_file_is_uploaded_under_its_chinese_name_also_after_a_token_renewal(
    client: WeComClient, platform: Platform
) -> None:
    await client.token.get()
    platform.valid = "another"
    await client.media.upload("image", ("护肤.png", b"\x89PNG data"))
    api, query, body = platform.seen[-1]
    assert api == "media/upload"
    assert query == {"access_token": "token-2", "type": "image"}
    assert 'name="media"; filename="护肤.png"'.encode() in body
    assert b"\x89PNG data" in body


@pytest.mark.parametrize(
    ("call", "api", "expected"),
    [
        (lambda c: c.external_contact.get_follow_user_list(), "externalcontact/get_follow_user_list", None),
        (lambda c: c.external_contact.list("lisi"), "externalcontact/list", {"userid": "lisi"}),
        (lambda c: c.external_contact.get("wmA"), "externalcontact/get", {"external_userid": "wmA"}),
        (
            lambda c: c.external_contact.batch_get_by_user(["a", "b"]),
            "externalcontact/batch/get_by_user",
            {"userid_list": ["a", "b"], "cursor": "", "limit": 100},
        ),
        (
            lambda c: c.external_contact.add_contact_way(type=2, scene=2, state="parcel", user=["a"]),
            "externalcontact/add_contact_way",
            {"type": 2, "scene": 2, "state": "parcel", "user": ["a"], "skip_verify": True, "is_temp": False},
        ),
        (
            lambda c: c.external_contact.get_contact_way("cfg"),
            "externalcontact/get_contact_way",
            {"config_id": "cfg"},
        ),
        (
            lambda c: c.external_contact.update_contact_way("cfg", user=["a"]),
            "externalcontact/update_contact_way",
            {"config_id": "cfg", "user": ["a"]},
        ),
        (
            lambda c: c.external_contact.list_contact_way(start_time=1, cursor="next"),
            "externalcontact/list_contact_way",
            {"start_time": 1, "cursor": "next", "limit": 1000},
        ),
        (
            lambda c: c.external_contact.remark("a", "wmA", remark="王姐"),
            "externalcontact/remark",
            {"userid": "a", "external_userid": "wmA", "remark": "王姐"},
        ),
        (
            lambda c: c.external_contact.mark_tag("a", "wmA", ["et1"], ["et2"]),
            "externalcontact/mark_tag",
            {"userid": "a", "external_userid": "wmA", "add_tag": ["et1"], "remove_tag": ["et2"]},
        ),
        (lambda c: c.external_contact.get_corp_tag_list(), "externalcontact/get_corp_tag_list", {}),
        (
            lambda c: c.external_contact.add_corp_tag(None, "渠道", None, [{"name": "门店"}]),
            "externalcontact/add_corp_tag",
            {"group_name": "渠道", "tag": [{"name": "门店"}]},
        ),
        (
            lambda c: c.external_contact.send_welcome_msg(welcome_body("CODE", "hi")),
            "externalcontact/send_welcome_msg",
            {"welcome_code": "CODE", "text": {"content": "hi"}},
        ),
        (
            lambda c: c.message.update_template_card({"response_code": "RC"}),
            "message/update_template_card",
            {"response_code": "RC"},
        ),
        (lambda c: c.user.get("lisi"), "user/get", {"userid": "lisi"}),
        (lambda c: c.network.get_api_domain_ip(), "get_api_domain_ip", None),
    ],
)
async def test_a_method_calls_its_documented_endpoint(
    client: WeComClient, platform: Platform, call: Callable[[Any], Awaitable[Any]], api: str, expected: Any
) -> None:
    answer = await call(client)
    assert answer["api"] == api
    _, query, body = platform.seen[-1]
    assert query.pop("access_token") == "token-1"
    assert (json.loads(body) if body else query) == (expected or {})


async def test_the_blocking_transport_cannot_be_used(
    client: WeComClient, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blocked(*_: object, **__: object) -> None:
        raise AssertionError("a blocking call was made")

    monkeypatch.setattr(requests.Session, "request", blocked)
    assert (await client.user.get("lisi"))["errcode"] == 0
    for blocking in ("access_token", "_http", "session"):
        with pytest.raises(AttributeError):
            getattr(client, blocking)


async def test_no_log_line_tells_a_token_a_secret_or_a_person(
    client: WeComClient, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.says("externalcontact/get", "<html>", status=502)
    with pytest.raises(AnswerLost) as caught:
        await client.external_contact.get("wmSECRET")
    assert "token-1" not in str(caught.value) + repr(caught.value)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.access")]
    assert not [line for line in ours if any(secret in line for secret in ("token-1", SECRET, "wmSECRET"))]

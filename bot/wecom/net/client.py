"""Calls WeCom: wechatpy's API classes over aiohttp, with a warm token, inside the limits, errors with a meaning.

wechatpy's methods all end in the client's `_request`; here that is a coroutine, so they are awaited.
Its blocking transport is never made. Nothing is logged: queries hold the token, bodies hold people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import aiohttp
from wechatpy.client.base import BaseWeChatClient

from bot.clock import Clock
from bot.wecom.errors import AnswerLost, NotReached, WeComError
from bot.wecom.net.endpoints import ExternalContact, MassSend, Media, Message, Moments, Network, User
from bot.wecom.net.governor import SEND_WELCOME, Governor
from bot.wecom.net.kf import Kf
from bot.wecom.net.pool import Behaviour, GroupChats, Handover
from bot.wecom.net.token import AccessToken
from bot.wecom.net.ways import Acquisition, JoinWays

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
RATE_LIMITED: Final = 45009

Json = dict[str, Any]


class WeComClient(BaseWeChatClient):
    """One app of a corp: its endpoints, by subject, and its `token`.

    http: for all calls but those that a welcome waits for, which have connections of their own, welcome_http.
    base_url: where `/cgi-bin/` is. Every call raises WeComError, AnswerLost or NotReached.
    """

    external_contact = ExternalContact()
    mass_send = MassSend()
    moment = Moments()
    message = Message()
    media = Media()
    user = User()
    network = Network()
    kf = Kf()
    acquisition = Acquisition()
    join_ways = JoinWays()
    groups = GroupChats()
    handover = Handover()
    behaviour = Behaviour()

    def __init__(
        self,
        corpid: str,
        secret: str,
        *,
        http: aiohttp.ClientSession,
        welcome_http: aiohttp.ClientSession,
        governor: Governor,
        clock: Clock,
        base_url: str = "https://qyapi.weixin.qq.com",
        timeout_seconds: float = 10,
        welcome_timeout_seconds: float = 3,
    ) -> None:
        # Not BaseWeChatClient.__init__: it opens the blocking transport.
        self.token = AccessToken(self._fetch_token, clock)
        self._credentials = {"corpid": corpid, "corpsecret": secret}
        self._pool = http
        self._welcome_pool = welcome_http
        self.governor = governor
        self._clock = clock
        self._base_url = f"{base_url.rstrip('/')}/cgi-bin/"
        self._timeout = timeout_seconds
        self._welcome_timeout = welcome_timeout_seconds

    @property
    def access_token(self) -> str:
        """Where wechatpy would fetch a token and block the loop: not here, see `token`."""
        raise AttributeError("access_token")

    async def _request(
        self,
        method: str,
        url_or_endpoint: str,
        params: Mapping[str, Any] | None = None,
        result_processor: Callable[[Json], Any] | None = None,
        **content: Any,
    ) -> Any:
        """Every endpoint method of wechatpy ends here. A refused token is renewed once, and the call made once more."""
        token = await self.token.get()
        try:
            answer = await self._call(method, url_or_endpoint, {**(params or {}), "access_token": token}, **content)
        except WeComError as error:
            if error.kind != "token":
                raise
            token = await self.token.get(stale=token)
            answer = await self._call(method, url_or_endpoint, {**(params or {}), "access_token": token}, **content)
        return result_processor(answer) if result_processor else answer

    async def _fetch_token(self) -> tuple[str, int]:
        answer = await self._call("get", "gettoken", self._credentials)
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise AnswerLost("gettoken") from None

    async def _call(
        self,
        method: str,
        api: str,
        params: Mapping[str, Any],
        data: Json | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Json:
        counted = _counted_as(api, data)
        again_at = self.governor.admit(counted, self._clock.now(), _member(api, data))
        if again_at is not None:
            raise WeComError(api, RATE_LIMITED, retry_at=again_at)
        answer = _decoded(api, await self._exchange(method, api, params, _payload(data, files)))
        errcode = _errcode(api, answer)
        if errcode == 0:
            return answer
        retry_at = self.governor.block(counted, self._clock.now()) if errcode == RATE_LIMITED else None
        raise WeComError(api, errcode, str(answer.get("errmsg", "")), retry_at)

    async def _exchange(
        self, method: str, api: str, params: Mapping[str, Any], payload: bytes | aiohttp.FormData | None
    ) -> bytes:
        """The bytes of the answer. What an exception says is dropped: it holds the address, and that the token."""
        pool = self._welcome_pool if api in (SEND_WELCOME, "gettoken") else self._pool
        seconds = self._welcome_timeout if api == SEND_WELCOME else self._timeout
        query = {name: str(value) for name, value in params.items()}
        try:
            async with (
                self._clock.timeout(seconds),
                pool.request(
                    method, self._base_url + api, params=query, data=payload, allow_redirects=False
                ) as response,
            ):
                return await _body(api, response)
        except aiohttp.ClientConnectorError:
            raise NotReached(api) from None
        except (aiohttp.ClientError, TimeoutError):
            raise AnswerLost(api) from None


async def _body(api: str, response: aiohttp.ClientResponse) -> bytes:
    if response.status >= 500:
        raise AnswerLost(api)
    if response.status >= 300:  # WeCom answers errors with 200: this came from something before it
        raise NotReached(api)
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise AnswerLost(api)
    return bytes(body)


def _payload(data: Json | None, files: Mapping[str, tuple[str, bytes]] | None) -> bytes | aiohttp.FormData | None:
    if files:
        form = aiohttp.FormData(quote_fields=False)  # file names as UTF-8: WeCom knows no filename*=
        for field, (filename, content) in files.items():
            form.add_field(field, content, filename=filename, content_type="application/octet-stream")
        return form
    return None if data is None else json.dumps(data, ensure_ascii=False).encode()


def _decoded(api: str, body: bytes) -> Json:
    try:
        answer = json.loads(body.decode("utf-8", "replace"), strict=False)  # WeCom leaves control characters in
    except (ValueError, RecursionError):
        raise AnswerLost(api) from None
    if not isinstance(answer, dict):
        raise AnswerLost(api)
    return cast(Json, answer)


def _errcode(api: str, answer: Json) -> int:
    """Some answers leave it out when all is well."""
    try:
        return int(answer.get("errcode", 0))
    except (TypeError, ValueError):
        raise AnswerLost(api) from None


def _counted_as(api: str, data: Json | None) -> str:
    """Without the token of a bell sync_msg has a limit of its own, a strict one (official page 94670)."""
    return f"{api} (no token)" if api == "kf/sync_msg" and data and not data.get("token") else api


def _member(api: str, data: Json | None) -> str | None:
    return data.get("touser") if data and api == "message/send" else None

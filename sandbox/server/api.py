"""`/cgi-bin/…`: HTTP 200 and errcode JSON, 404 without a body for a wrong path; faults are acted out here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.clock import Clock, pause
from sandbox.faults import CallTrouble, Faults
from sandbox.log import Log, masked
from sandbox.world import World
from sandbox.world.media import Stored
from sandbox.world.wire import Answer, ApiError, Body, Event, Upload

BODY_BYTES_AT_MOST = 25 * 1024 * 1024
# Kinds that a gateway answers before WeCom has acted.
_NOT_ACTED = ("reset_before", "html", "http_503")


@dataclass(frozen=True, slots=True)
class _Request:
    api: str
    query: Mapping[str, str]
    body: Body
    upload: Upload | None
    ip: str


class Api:
    """Serves one world."""

    def __init__(
        self, world: World, clock: Clock, faults: Faults, log: Log, send: Callable[[Iterable[Event]], None]
    ) -> None:
        self._world, self._clock, self._faults, self._log, self._send = world, clock, faults, log, send

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One API call: arrive, wait if slow, act, answer as the faults allow, be logged."""
        api = request.match_info["api"]
        if not self._world.knows(api):
            return web.Response(status=404)
        at, began = self._clock.now(), time.time()
        try:
            call = await _read(api, request)
            trouble = self._faults.for_call(api)
            answer = await self._act(call, trouble)
        except ApiError as error:
            call, trouble = _Request(api, request.query, {}, None, request.remote or ""), CallTrouble()
            answer = _refusal(error)
        self._record(call, trouble, answer, at, began)
        return await _respond(request, trouble, answer)

    async def _act(self, call: _Request, trouble: CallTrouble) -> Answer | None:
        """The true answer; None when WeCom never acted."""
        try:
            with self._world.traffic.enter(call.api, call.body, call.query.get("access_token", "")):
                if trouble.slow_seconds:
                    await pause(self._clock, trouble.slow_seconds)
                if trouble.kind in _NOT_ACTED:
                    return None
                if trouble.kind == "errcode":
                    return {"errcode": trouble.errcode, "errmsg": "fault on request"}
                at = self._clock.now()
                answer = self._world.answer(
                    call.api, at=at, ip=call.ip, query=call.query, body=call.body, upload=call.upload
                )
                # An app's own calls are told to nobody, but a message in 微信客服 that does not arrive is.
                self._send(self._world.kf.take_events())
                return {"errcode": 0, "errmsg": "ok", **answer}
        except ApiError as error:
            return _refusal(error)

    def _record(self, call: _Request, trouble: CallTrouble, answer: Answer | None, at: int, began: float) -> None:
        self._log.add(
            "call",
            at=at,
            wall_at=began,
            took_ms=round((time.time() - began) * 1000, 2),
            api=call.api,
            token=masked(call.query.get("access_token", "")),
            query={k: v for k, v in call.query.items() if k not in ("access_token", "corpsecret")},
            body=dict(call.body),
            upload=call.upload and {"filename": call.upload.filename, "bytes": len(call.upload.data)},
            errcode=None if answer is None else answer["errcode"],
            fault=str(trouble),
        )


def _refusal(error: ApiError) -> Answer:
    return {"errcode": error.errcode, "errmsg": error.errmsg}


async def _read(api: str, request: web.Request) -> _Request:
    body: Body = {}
    upload = None
    if request.content_type.startswith("multipart/"):
        upload = await _read_upload(request)
    elif request.can_read_body:
        body = _json_object(await request.read())
    return _Request(api, request.query, body, upload, request.remote or "")


def _json_object(raw: bytes) -> Body:
    try:
        body = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise ApiError(40035, "invalid parameter: the body is not JSON") from None
    if not isinstance(body, dict):
        raise ApiError(40035, "invalid parameter: the body is not a JSON object")
    return body


async def _read_upload(request: web.Request) -> Upload | None:
    """The first part that has a filename, `media` as WeCom names it."""
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename is not None:
            return Upload(part.filename, part.headers.get("Content-Type", ""), bytes(await part.read()))
    return None


async def _respond(request: web.Request, trouble: CallTrouble, answer: Answer | None) -> web.StreamResponse:
    kind = trouble.kind
    if kind in ("reset_before", "reset_after"):
        return _reset(request)
    if kind == "http_503":
        return web.Response(status=503, text="Service Unavailable")
    if kind == "html":
        return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
    assert answer is not None
    stored = answer.get("file")
    if isinstance(stored, Stored):
        return web.Response(body=stored.data, content_type=stored.content_type)
    return await _half(request, answer) if kind == "half" else _json(answer)


def _json(answer: Mapping[str, Any]) -> web.Response:
    return web.json_response(answer, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def _reset(request: web.Request) -> web.Response:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=444)


async def _half(request: web.Request, answer: Mapping[str, Any]) -> web.StreamResponse:
    """Promise a whole answer, send half of it, hang up."""
    payload = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Length": str(len(payload)), "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(payload[: len(payload) // 2])
    if request.transport is not None:
        request.transport.close()
    return response

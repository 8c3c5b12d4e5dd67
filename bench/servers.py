"""The measuring sticks: bare aiohttp + uvloop handlers, one process each.

python -m bench.servers body_read PORT     reads the body and answers
python -m bench.servers wechatpy PORT      wechatpy's own decrypt and parse, and stores nothing
python -m bench.servers wecom PORT         a WeCom whose every API answers "ok" at once
"""

from __future__ import annotations

import asyncio
import sys

import uvloop
from aiohttp import web
from wechatpy.work import parse_message
from wechatpy.work.crypto import WeChatCrypto

from bench.payloads import AES_KEY, CORPID, TOKEN

_crypto = WeChatCrypto(TOKEN, AES_KEY, CORPID)


async def body_read(request: web.Request) -> web.Response:
    await request.read()
    return web.Response()


async def wechatpy(request: web.Request) -> web.Response:
    query = request.query
    body = await request.read()
    plain = _crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    parse_message(plain)
    return web.Response(text="success")


async def wecom(request: web.Request) -> web.Response:
    await request.read()
    customer = {"external_userid": request.query.get("external_userid", ""), "name": "顾客", "type": 1}
    answer = {
        "errcode": 0,
        "access_token": "bench",
        "expires_in": 7200,
        "media_id": "m",
        "config_id": "c",
        "name": "林",
    }
    return web.json_response({**answer, "external_contact": customer, "follow_user": [], "tag_group": []})


async def serve(name: str, port: int) -> None:
    app = web.Application()
    handler = {"body_read": body_read, "wechatpy": wechatpy, "wecom": wecom}[name]
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], int(sys.argv[2])))

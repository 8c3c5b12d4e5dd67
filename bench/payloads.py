"""Distinct, valid, encrypted add callbacks as ready-made HTTP requests."""

from __future__ import annotations

import random
import time
from urllib.parse import urlencode

from sandbox.codec import Codec, envelope, signature

TOKEN = "benchToken"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CORPID = "ww_bench"


def requests(count: int, path: str, *, first: int = 0) -> list[bytes]:
    """`count` POSTs, no two of the same customer. `first`: number of the first customer."""
    codec = Codec(AES_KEY, CORPID)
    dice = random.Random(first)
    return [_request(codec, dice, path, number) for number in range(first, first + count)]


def _request(codec: Codec, dice: random.Random, path: str, number: int) -> bytes:
    now = int(time.time())
    nonce = str(dice.randrange(10**9, 10**10))
    encrypted = codec.encrypt(_add(number, now), dice.randbytes(16))
    signed = signature(TOKEN, str(now), nonce, encrypted)
    query = urlencode({"msg_signature": signed, "timestamp": now, "nonce": nonce})
    body = envelope(CORPID, 1000002, encrypted).encode()
    head = (
        f"POST {path}?{query} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _add(number: int, now: int) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{CORPID}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType>"
        f"<UserID><![CDATA[guide-lin]]></UserID><ExternalUserID><![CDATA[wmBENCHAAAXtWyujaWJHDDGi0m{number:08d}]]>"
        "</ExternalUserID><State><![CDATA[parcel]]></State>"
        f"<WelcomeCode><![CDATA[CODE{number:08d}abcdefghijklmnopqrstuvwxyz0123456789]]></WelcomeCode></xml>"
    )

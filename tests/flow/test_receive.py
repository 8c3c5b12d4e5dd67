"""Hostile input over real HTTP: a quiet 4xx with a counted reason, never a 500, never a row, no growth."""

from __future__ import annotations

import asyncio
import base64
import gzip
import struct
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wecom.callback import MAX_BODY_BYTES
from sandbox.codec import envelope
from tests.house import House, Sender, added, house

Request = tuple[bytes, Mapping[str, str]]

LAUGHS = '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


async def rows(home: House) -> int:
    """Events from WeCom that were kept."""
    return int(await home.scalar("SELECT count(*) FROM inbox WHERE app <> 'zhiyu'"))


DOORS: tuple[Mapping[str, str], ...] = ({}, {"Content-Encoding": "identity"})
"""By the front, and by a header that it leaves to aiohttp."""


async def refused(home: House, request: Request, reason: str, status: int) -> None:
    """Refused for this reason by either door, counted, not kept."""
    for headers in DOORS:
        before = await home.counted(reason)
        assert await home.post(*request, headers=headers) == status, headers
        assert await home.counted(reason) == before + 1, headers
    assert await rows(home) == 0


def raw(sender: Sender, plain: bytes) -> str:
    """Any bytes under the right key, padding and all."""
    encryptor = Cipher(algorithms.AES(sender.aes_key), modes.CBC(sender.aes_key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def packed(text: bytes, corpid: str, *, length: int | None = None, pad: int | None = None) -> bytes:
    """What is encrypted: random, length, text, receive id, padding."""
    plain = b"r" * 16 + struct.pack(">I", len(text) if length is None else length) + text + corpid.encode()
    missing = 32 - len(plain) % 32
    return plain + bytes([missing if pad is None else pad]) * missing


def sealed(sender: Sender, encrypted: str, at: int) -> Request:
    return envelope(sender.corpid, 1, encrypted).encode(), sender.sign(encrypted, at)


def hostile(home: House) -> dict[str, tuple[Request, str, int]]:
    """name → (request, reason, status): each of them an authentic callback with one thing wrong."""
    sender, now = home.sender, home.clock.now()
    xml = added(1, now, code="CODE")
    body, query = sender.seal(xml, now)
    stranger = Sender("otherToken", sender.key, sender.corpid)
    encrypted = sender.encrypt(xml)
    twice = f"<xml><Encrypt>{encrypted}</Encrypt><Encrypt>{encrypted}</Encrypt></xml>".encode()
    doubled = f"<xml><Encrypt>{encrypted}</Encrypt><a><Encrypt>{encrypted}</Encrypt></a></xml>".encode()
    deep = b"<xml>" + b"<a>" * 8000 + b"</a>" * 8000 + f"<Encrypt>{encrypted}</Encrypt></xml>".encode()
    bomb = LAUGHS.encode() + f"<xml><ToUserName>&c;</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()
    bad_pad = raw(sender, packed(xml.encode(), sender.corpid, pad=33))
    no_text = packed(b"\xff\xfe<xml/>", sender.corpid)
    return {
        "forged with another token": (stranger.seal(xml, now), "signature", 403),
        "altered after signing": (
            (body.replace(b"Encrypt><![CDATA[", b"Encrypt><![CDATA[AAAA"), query),
            "signature",
            403,
        ),
        "signature in capitals": ((body, query | {"msg_signature": query["msg_signature"].upper()}), "signature", 403),
        "stale": (sender.seal(xml, now - 301), "stale", 403),
        "from the future": (sender.seal(xml, now + 301), "stale", 403),
        "for another corp": (sender.seal(xml, now, receive_id="ww_other"), "receive_id", 403),
        "oversized": ((body + b" " * MAX_BODY_BYTES, query), "too_large", 413),
        "far oversized": ((b"<" * 900_000, query), "too_large", 413),
        "two Encrypt elements": ((twice, sender.sign(encrypted, now)), "envelope", 400),
        "a second Encrypt inside": ((doubled, sender.sign(encrypted, now)), "envelope", 400),
        "deep": ((deep, sender.sign(encrypted, now)), "envelope", 400),
        "entity bomb": ((bomb, sender.sign(encrypted, now)), "envelope", 400),
        "bad padding": (sealed(sender, raw(sender, b"\0" * 64), now), "padding", 400),
        "padding of another length": (sealed(sender, bad_pad, now), "padding", 400),
        "half a block": (sealed(sender, base64.b64encode(b"x" * 17).decode(), now), "content", 400),
        "nothing sealed": (sealed(sender, "AAAA", now), "content", 400),
        "a length that lies": (
            sealed(sender, raw(sender, packed(xml.encode(), sender.corpid, length=2**31)), now),
            "content",
            400,
        ),
        "not text": (sealed(sender, raw(sender, no_text), now), "content", 400),
        "empty body": ((b"", query), "envelope", 400),
        "JSON": ((b'{"Encrypt": "x"}', query), "envelope", 400),
        "random bytes": ((bytes(range(256)) * 16, query), "envelope", 400),
        "no query": ((body, {}), "query", 400),
        "no signature": ((body, {k: v for k, v in query.items() if k != "msg_signature"}), "query", 400),
        "a timestamp in words": ((body, query | {"timestamp": "now"}), "query", 400),
        "a timestamp in other digits": ((body, query | {"timestamp": "١٢٣"}), "query", 400),
        "a huge timestamp": ((body, query | {"timestamp": "9" * 400}), "query", 400),
        "a negative timestamp": ((body, query | {"timestamp": f"-{now}"}), "query", 400),
        "a nonce of another script": ((body, query | {"nonce": "随机"}), "query", 400),
    }


async def test_every_hostile_callback_is_refused_for_its_own_reason(home: House) -> None:
    """Each differs from an authentic one by one thing; none leaves a row, and the authentic one still passes."""
    for name, (request, reason, status) in hostile(home).items():
        try:
            await refused(home, request, reason, status)
        except AssertionError as error:
            raise AssertionError(name) from error
    assert await home.push(added(1, home.clock.now())) == 200
    assert await rows(home) == 1


async def test_a_replay_within_the_window_has_no_second_effect(home: House) -> None:
    """Answered 200, as WeCom's own redelivery must be; one row, one welcome."""
    push = added(7, home.clock.now(), code="CODE")
    body, query = home.sender.seal(push, home.clock.now())
    assert [await home.post(body, query) for _ in range(3)] == [200, 200, 200]
    assert await home.scalar("SELECT deliveries FROM inbox WHERE line = 'customer/wm-7' AND app = 'main'") == 3
    await home.settled()
    assert await home.scalar("SELECT count(*) FROM outbox WHERE kind = 'SendWelcome'") == 1
    await home.clock.advance(301)
    assert await home.post(body, query) == 403


async def test_wrong_doors(home: House) -> None:
    """Unknown apps and paths are 404, wrong methods 405, and nothing is kept."""
    body, query = home.sender.seal(added(1, home.clock.now()), home.clock.now())
    url = home.app.url
    assert await home.post(body, query, app="nobody") == 404
    for method, path, status in (
        ("GET", "/callback/nobody", 404),
        ("POST", "/", 404),
        ("POST", "/callback/", 404),
        ("POST", "/callback/main/more", 404),
        ("POST", "/callback/../callback/%2e%2e/etc", 404),
        ("PUT", "/callback/main", 405),
        ("DELETE", "/callback/main", 405),
        ("POST", "/metrics", 405),
        ("GET", "/callback/main", 400),
        ("HEAD", "/callback/main", 400),
    ):
        async with home.http.request(method, url + path, params=query, data=body) as answer:
            assert answer.status == status, (method, path)
    assert await rows(home) == 0


async def test_a_body_that_trickles_is_cut_off(home: House) -> None:
    """After five seconds of the bot's own clock; others are served meanwhile."""
    host, port = home.app.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /callback/main HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n<xml>")
    await writer.drain()
    assert await home.push(added(1, home.clock.now())) == 200
    answer = asyncio.ensure_future(reader.readline())
    while not answer.done():
        await home.clock.advance(1)
        await asyncio.sleep(0.01)
    assert b" 400 " in answer.result()
    assert await home.counted("slow") == 1
    assert await rows(home) == 1
    writer.close()
    await writer.wait_closed()


UNSOUND = (
    (b"Content-Encoding: gzip\r\nContent-Length: 5\r\n", b"<xml>"),
    (b"Content-Encoding: deflate\r\nContent-Length: 5\r\n", b"\xff\xff\xff\xff\xff"),
    (b"Transfer-Encoding: chunked\r\n", b"zz\r\n<xml>\r\n"),
    (b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"0\r\n\r\n"),
    (b"Content-Length: -1\r\n", b""),
    (b"Content-Length: 5\r\nContent-Length: 6\r\n", b"<xml>"),
    (b"Expect: a miracle\r\nContent-Length: 5\r\n", b"<xml>"),
)


async def test_http_that_is_not_sound_is_a_4xx(home: House) -> None:
    """What the transport itself cannot read."""
    host, port = home.app.url.removeprefix("http://").split(":")
    for head, body in UNSOUND:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /callback/main HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n" + body)
        await writer.drain()
        status = await reader.readline()
        writer.close()
        await writer.wait_closed()
        assert status.split()[1].startswith(b"4"), (head, status)
    assert await rows(home) == 0


async def test_a_packed_body_may_not_unpack_beyond_the_limit(home: House) -> None:
    """2 MB of nothing in 2 KB of gzip."""
    body, query = gzip.compress(b" " * 2_000_000), home.sender.sign("AAAA", home.clock.now())
    headers = {"Content-Encoding": "gzip"}
    async with home.http.post(f"{home.app.url}/callback/main", params=query, data=body, headers=headers) as answer:
        assert answer.status == 413


async def test_somebody_who_hangs_up_does_no_harm(home: House) -> None:
    """Half a body, then nobody: no row, no answer, and the door is still open."""
    host, port = home.app.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /callback/main HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n<xml>")
    await writer.drain()
    writer.transport.abort()
    assert await home.push(added(1, home.clock.now())) == 200
    assert await rows(home) == 1


ODD = (
    "",
    "not xml",
    "<xml>",
    "<xml/>",
    LAUGHS + "<xml><Event>&c;</Event></xml>",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><Event>&e;</Event></xml>',
    "<xml>" + "<a>" * 5000 + "</a>" * 5000 + "</xml>",
    "<xml><MsgType>event</MsgType><Event>change_external_contact</Event></xml>",
    "<xml><MsgType>event</MsgType><Event>\x01\x02</Event></xml>",
    "<xml>\x00</xml>",
    "<xml><CreateTime>99999999999999999999999999</CreateTime><MsgType>text</MsgType></xml>",
    added(1, 10**30),
    added("'; DROP TABLE inbox; --", 1),
)


async def test_odd_but_authentic_is_kept_and_harms_nobody(database_url: str) -> None:
    """WeCom did write it: kept and closed, whatever it is, on both databases; other lines go on."""
    async with house(database_url, waits=False) as home:
        for xml in ODD:
            for headers in DOORS:
                request = home.sender.seal(xml, home.clock.now())
                assert await home.post(*request, headers=headers) == 200, xml[:80]
        assert await home.push(added(2, home.clock.now())) == 200
        await home.settled()
        states = await home.rows("SELECT state FROM inbox WHERE app = 'main'")
        assert [state for (state,) in states] == ["done"] * (len(ODD) + 1)
        deliveries = await home.rows("SELECT deliveries FROM inbox WHERE app = 'main' ORDER BY deliveries")
        assert [times for (times,) in deliveries] == [1] + [len(DOORS)] * len(ODD)


async def test_the_address_is_verified_with_the_echo_and_nothing_else(home: House) -> None:
    """GET: the decrypted text, byte for byte; a forged, stale or missing one is refused."""
    assert await home.sandbox.verifies_callback(int(home.config.main_app.agentid))
    echo = home.sender.encrypt("1616140317555161061")
    now = home.clock.now()
    for query, status in (
        (home.sender.sign(echo, now) | {"echostr": echo}, 200),
        (home.sender.sign(echo, now) | {"echostr": echo[:-4]}, 403),
        (home.sender.sign(echo, now - 400) | {"echostr": echo}, 403),
        (home.sender.sign(echo, now), 400),
        ({"echostr": echo}, 400),
        (home.sender.sign("%%", now) | {"echostr": "%%"}, 400),
    ):
        async with home.http.get(f"{home.app.url}/callback/main", params=query) as answer:
            assert answer.status == status
            assert await answer.text() == ("1616140317555161061" if status == 200 else "")


QUERIES = st.dictionaries(
    st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr", "x"]), st.text(max_size=60), max_size=5
)
XMLISH = st.text(alphabet=st.sampled_from(list("<>/![]CDATAxmlEncrypt&; \x00=+é")), max_size=400).map(str.encode)


async def test_random_requests_are_refused(home: House) -> None:
    """Whatever the body, whatever the query, by POST or GET: a 4xx and no row."""
    loop, seen = asyncio.get_running_loop(), set[int]()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=400) | XMLISH, QUERIES, st.booleans())
    def storm(body: bytes, query: dict[str, str], signed: bool) -> None:
        if signed:
            query = query | home.sender.sign(body.decode("latin-1"), home.clock.now())
        for method in ("GET", "POST"):
            alike = {
                asyncio.run_coroutine_threadsafe(request(method, body, query, door), loop).result(20) for door in DOORS
            }
            assert len(alike) == 1
            seen.update(alike)

    async def request(method: str, body: bytes, query: dict[str, str], door: Mapping[str, str]) -> int:
        url = f"{home.app.url}/callback/main"
        async with home.http.request(method, url, params=query, data=body, headers=door) as answer:
            return answer.status

    await asyncio.to_thread(storm)
    assert seen and all(400 <= status < 500 for status in seen)
    assert await rows(home) == 0


async def test_a_flood_of_hostile_requests_does_not_grow_memory(home: House) -> None:
    """Some thousand of them: nothing is kept anywhere."""
    requests = [request for request, _, _ in hostile(home).values() if len(request[0]) < 100_000]

    async def flood(times: int) -> None:
        async def one() -> None:
            for request in requests * times:
                assert 400 <= await home.post(*request) < 500

        await asyncio.gather(*(one() for _ in range(8)))

    await flood(3)
    before = resident_bytes()
    await flood(12)
    assert resident_bytes() - before < 4 * 1024 * 1024
    assert await rows(home) == 0


def resident_bytes() -> int:
    """This process: bot and sender together."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096

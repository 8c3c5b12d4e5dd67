"""The front answers what is plain and whole, and hands everything else over, byte for byte; nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.flow import front
from bot.flow.front import MAX_BUFFER_BYTES
from bot.flow.receive import Receiver
from tests.house import House, added, house

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def open_connection(home: House) -> Pair:
    host, port = home.app.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


@asynccontextmanager
async def connection(home: House) -> AsyncIterator[Pair]:
    reader, writer = await open_connection(home)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


def request(home: House, n: int, *headers: str, version: str = "1.1", forged: bool = False) -> bytes:
    body, query = home.sender.seal(added(n, home.clock.now()), home.clock.now())
    if forged:
        query = query | {"msg_signature": "0" * 40}
    lines = [f"POST /callback/main?{urlencode(query)} HTTP/{version}", "Host: x", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


async def answers(reader: asyncio.StreamReader, count: int) -> list[int]:
    """The statuses of so many answers without a body."""
    found = []
    for _ in range(count):
        head = await reader.readuntil(b"\r\n\r\n")
        found.append(int(head.split()[1]))
        assert b"content-length: 0" in head.lower()
    return found


def hold_commits(home: House, gate: asyncio.Event) -> None:
    """No callback is kept until the gate opens."""
    write = home.app.database.write

    async def slow(job: Any, *, urgent: bool = False) -> Any:
        if urgent:
            await gate.wait()
        return await write(job, urgent=urgent)

    home.app.database.write = slow  # type: ignore[method-assign]


@pytest.fixture
def by_aiohttp(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A one for every callback that aiohttp read."""
    read, receive = list[int](), Receiver.receive

    async def noted(self: Receiver, asked: object) -> object:
        read.append(1)
        return await receive(self, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Receiver, "receive", noted)
    return read


ODD_HEADERS = ("Transfer-Encoding: identity", "Expect: 100-continue", "Upgrade: h2c", "Content-Encoding: identity")


async def test_whole_and_plain_is_the_fronts_and_the_rest_is_aiohttps(by_aiohttp: list[int], home: House) -> None:
    """The same 200 and the same row either way."""
    for n, headers in enumerate(((), ("X-Forwarded-For: 1.2.3.4", "Connection: keep-alive", "user-agent: WeCom"))):
        async with connection(home) as (reader, writer):
            writer.write(request(home, n, *headers))
            assert await answers(reader, 1) == [200]
    assert not by_aiohttp
    for n, header in enumerate(ODD_HEADERS[2:], 10):
        async with connection(home) as (reader, writer):
            writer.write(request(home, n, header))
            assert await answers(reader, 1) == [200]
    assert len(by_aiohttp) == 2
    assert await home.scalar("SELECT count(*) FROM inbox WHERE app = 'main'") == 4


async def test_requests_behind_each_other_are_answered_in_order(home: House) -> None:
    """Pipelined: refused and kept ones, then one that is no callback, on one connection."""
    async with connection(home) as (reader, writer):
        several = b"".join(request(home, n, forged=n % 3 == 0) for n in range(400))
        writer.write(several + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert len(several) > 2 * MAX_BUFFER_BYTES
        assert await answers(reader, 400) == [403 if n % 3 == 0 else 200 for n in range(400)]
        assert b" 200 " in await reader.readline()
    assert await home.scalar("SELECT count(*) FROM inbox WHERE app = 'main'") == 266


async def test_pieces_are_put_together(by_aiohttp: list[int], home: House) -> None:
    """Head and body apart, or cut in the middle of a line."""
    whole = request(home, 1)
    async with connection(home) as (reader, writer):
        for first, last in ((0, 9), (9, whole.index(b"\r\n\r\n") + 4), (whole.index(b"\r\n\r\n") + 4, len(whole))):
            writer.write(whole[first:last])
            await asyncio.sleep(0.02)
        assert await answers(reader, 1) == [200]
    assert not by_aiohttp


async def test_who_wants_the_connection_closed_has_it_closed(home: House) -> None:
    """By header, as proxies of HTTP/1.0 do too."""
    for version in ("1.0", "1.1"):
        async with connection(home) as (reader, writer):
            writer.write(request(home, 1, "Connection: close", version=version))
            assert await answers(reader, 1) == [200]
            assert await reader.read() == b""


async def test_two_lengths_are_no_plain_request(home: House) -> None:
    """Nothing may be read one way here and another way there."""
    for second in ("Content-Length: 5", "content-length: 5"):
        async with connection(home) as (reader, writer):
            writer.write(request(home, 1, second))
            assert b" 400 " in await reader.readline()
    assert await home.scalar("SELECT count(*) FROM inbox WHERE app = 'main'") == 0


async def test_nobody_is_waited_for_for_ever(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says nothing, or a byte now and then."""
    monkeypatch.setattr(front, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(front, "HEAD_SECONDS", 0.2)
    async with connection(home) as (silent, _), connection(home) as (slow, drip):
        drip.write(b"P")
        await asyncio.sleep(0.1)
        drip.write(b"O")
        for reader in (silent, slow):
            with suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_who_waits_for_an_answer_gets_it_before_the_end(database_url: str) -> None:
    """A callback under way while the bot stops is kept and answered; a silent connection is closed."""
    gate = asyncio.Event()
    async with house(database_url) as home:
        hold_commits(home, gate)
        reader, writer = await open_connection(home)
        silent, other = await open_connection(home)
        writer.write(request(home, 1))
        await asyncio.sleep(0.1)
        asyncio.get_running_loop().call_later(0.3, gate.set)
    head = await asyncio.wait_for(reader.read(), 10)
    assert head.startswith(b"HTTP/1.1 200 ") and b"connection: close" in head.lower()
    assert await asyncio.wait_for(silent.read(), 10) == b""
    for each in (writer, other):
        each.close()
        await each.wait_closed()


async def test_a_visitor_who_left_before_the_answer_is_no_trouble(home: House) -> None:
    """What was kept is kept, once."""
    async with connection(home) as (_, writer):
        writer.write(request(home, 1))
        await writer.drain()
        writer.transport.abort()
    await home.until("收下", lambda: home.counted("kept"))
    assert await home.scalar("SELECT count(*) FROM inbox WHERE app = 'main'") == 1


Answer = Callable[[int], None]


async def test_small_requests_in_a_row_are_not_copied_again_and_again(home: House) -> None:
    """What waits is cut where the next one begins, and stays where it is."""
    copied = list[int]()

    class Taken:
        def take(self, query: str, body: bytes, answer: Answer) -> None:
            copied.append(len(visitor._buffer))
            answer(200)

    class Transport(asyncio.Transport):
        def write(self, data: object) -> None:
            pass

        def is_closing(self) -> bool:
            return False

    one = b"POST /callback/main?a=b HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    visitor = front.Front({"/callback/main": Taken()}, asyncio.Protocol, home.clock)()  # type: ignore[dict-item]
    visitor.connection_made(Transport())
    began = asyncio.get_running_loop().time()
    visitor.data_received(one * 200_000)
    assert len(copied) == 200_000 and not visitor._buffer
    assert asyncio.get_running_loop().time() - began < 10


async def test_a_head_is_read_once_however_many_pieces_its_body_has(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte at a time costs the sender more than us."""
    read, expression = list[int](), front._HEAD

    class Counted:
        def fullmatch(self, *found: Any) -> Any:
            read.append(1)
            return expression.fullmatch(*found)

    monkeypatch.setattr(front, "_HEAD", Counted())
    whole = request(home, 1)
    end = whole.index(b"\r\n\r\n") + 4
    async with connection(home) as (reader, writer):
        for first in (0, *range(end, end + 10)):
            writer.write(whole[first : end if not first else first + 1])
            await asyncio.sleep(0.005)
        writer.write(whole[end + 10 :] + whole)
        assert await answers(reader, 2) == [200, 200]
    assert len(read) == 2


async def test_so_many_headers_are_no_plain_request(by_aiohttp: list[int], home: House) -> None:
    """A hundred lines are; aiohttp decides about more."""
    for count, read in ((98, 0), (99, 1)):
        async with connection(home) as (reader, writer):
            writer.write(request(home, count, *("a:" for _ in range(count))))
            assert await answers(reader, 1) == [200]
        assert len(by_aiohttp) == read


async def test_an_answer_that_fails_keeps_nobody_waiting(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others of the same commit are answered; who never will be is sent away."""
    monkeypatch.setattr(front, "ANSWER_SECONDS", 0.3, raising=False)
    take, fails = Receiver.take, iter((True, False))

    def failing(self: Receiver, query: str, body: bytes, answer: Answer) -> None:
        broken = next(fails)
        take(self, query, body, lambda status: answer(status // (not broken)))

    monkeypatch.setattr(Receiver, "take", failing)
    async with connection(home) as (lost, first), connection(home) as (reader, second):
        first.write(request(home, 1))
        second.write(request(home, 2))
        assert await asyncio.wait_for(answers(reader, 1), 5) == [200]
        with suppress(ConnectionError):
            assert await asyncio.wait_for(lost.read(), 5) == b""


async def test_a_request_that_cannot_be_taken_ends_its_connection(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it stands behind another one: nobody waits for an answer that will not come."""
    take, fails = Receiver.take, iter((False, True))

    def failing(self: Receiver, query: str, body: bytes, answer: Answer) -> None:
        if next(fails):
            raise ZeroDivisionError("on purpose")
        take(self, query, body, answer)

    monkeypatch.setattr(Receiver, "take", failing)
    async with connection(home) as (reader, writer):
        writer.write(request(home, 1) + request(home, 2))
        assert await answers(reader, 1) == [200]
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_who_sends_no_more_is_answered_all_the_same(home: House) -> None:
    """Half closed, after one request or several; half a request is not waited for."""
    for count in (1, 5):
        async with connection(home) as (reader, writer):
            writer.write(b"".join(request(home, n, forged=n == 3) for n in range(count)))
            writer.write_eof()
            assert await asyncio.wait_for(answers(reader, count), 5) == [403 if n == 3 else 200 for n in range(count)]
            assert await asyncio.wait_for(reader.read(), 5) == b""
    async with connection(home) as (reader, writer):
        writer.write(request(home, 1)[:-1])
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_handed_over_is_not_waited_for_for_ever_either(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty line first, a head without end, the beginning of a second request."""
    monkeypatch.setattr("bot.app.IDLE_SECONDS", 0.3, raising=False)
    monkeypatch.setattr(front, "IDLE_SECONDS", 0.3)
    whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    long = b"GET /healthz HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 500) for n in range(20))
    async with house(database_url) as home:
        for said in (b"\r\n\r\n" + whole[:9], long, whole + whole[:9]):
            async with connection(home) as (reader, writer):
                writer.write(said)
                with suppress(ConnectionError):
                    await asyncio.wait_for(reader.read(), 10)


async def test_what_aiohttp_stops_stays_stopped(home: House) -> None:
    """It was handed more than it wants to have at once: the sender waits."""
    calls, waiting = list[str](), list[Answer]()

    class Slow:
        def take(self, query: str, body: bytes, answer: Answer) -> None:
            waiting.append(answer)

    class Transport(asyncio.Transport):
        def write(self, data: object) -> None: ...
        def set_protocol(self, protocol: object) -> None: ...
        def is_closing(self) -> bool:
            return False

        def pause_reading(self) -> None:
            calls.append("pause")

        def resume_reading(self) -> None:
            calls.append("resume")

    class Beyond(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            calls.append("data")
            transport.pause_reading()

    transport = Transport()
    visitor = front.Front({"/callback/main": Slow()}, Beyond, home.clock)()  # type: ignore[dict-item]
    visitor.connection_made(transport)
    visitor.data_received(b"POST /callback/main?a=b HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    visitor.data_received(b"POST /api/orders HTTP/1.1\r\nContent-Length: 999999\r\n\r\n" + b"x" * MAX_BUFFER_BYTES)
    waiting[0](200)
    assert calls == ["pause", "resume", "data", "pause"]


async def test_both_doors_close_at_once(database_url: str) -> None:
    """What is idle behind the front is closed while an answer in the front is still waited for."""
    gate = asyncio.Event()
    async with house(database_url) as home:
        hold_commits(home, gate)
        (reader, writer), (idle, other) = await open_connection(home), await open_connection(home)
        other.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in await idle.readline()
        writer.write(request(home, 1))
        await asyncio.sleep(0.1)
        first = asyncio.create_task(ended_before(idle, gate))
    assert await first
    assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 200 ")
    for each in (writer, other):
        each.close()
        await each.wait_closed()


async def ended_before(reader: asyncio.StreamReader, gate: asyncio.Event) -> bool:
    """Whether this connection ended before the gate had to be opened."""
    done, _ = await asyncio.wait([asyncio.create_task(reader.read())], timeout=3)
    gate.set()
    return bool(done)

"""Before aiohttp: a callback that comes whole and plain is answered here, everything else is aiohttp's.

What this reads is far stricter than HTTP, so that it never reads anything differently. Whatever it does not know is
handed over, connection and bytes untouched. aiohttp serves callbacks too, and answers them alike, at a higher cost.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple, cast

import structlog

from bot.clock import Clock
from bot.flow.receive import Receiver
from bot.wecom.callback import MAX_BODY_BYTES

MAX_HEAD_BYTES = 8_190
MAX_HEADERS = 100
MAX_BUFFER_BYTES = 2 * MAX_BODY_BYTES
HEAD_SECONDS = 10
"""Whoever takes longer to say what they want is sent away."""

REST_SECONDS = 0.5
"""A body may come this long after its head; then it is aiohttp's to wait for."""

IDLE_SECONDS = 75
"""A connection without a request is kept so long, here and by aiohttp: longer than proxies keep theirs (60 s)."""

ANSWER_SECONDS = 30
"""Whoever waits longer for an answer will not get one: WeCom itself waits 5 s, then sends again."""

LOOK_SECONDS = 0.5
CLOSE_SECONDS = 5
"""How long those who wait for an answer are waited for at the end, here and by aiohttp; WeCom waits no longer."""

# Group 4 is the length: once there is one, no other may follow.
_VALUE = rb":[\t -~]*\r\n"
_HEAD = re.compile(
    rb"POST (?P<path>/callback/[0-9A-Za-z_.-]+)\?(?P<query>[!-\"$-~]*) HTTP/1\.(?:1|(?P<old>0))\r\n"
    rb"(?i:"
    rb"(?!content-length:|connection:|transfer-encoding:|content-encoding:|expect:|upgrade:)[0-9a-z_-]+"
    + _VALUE
    + rb"|"
    rb"(?(4)(?!)|content-length:[ \t]*(?P<length>[0-9]{1,5})[ \t]*\r\n)|"
    rb"connection:[ \t]*(?:keep-alive|(?P<close>close))[ \t]*\r\n"
    rb"){0,%d}\r\n" % MAX_HEADERS
)


log = structlog.get_logger()


class _Asked(NamedTuple):
    """A head that was read. In bytes from its beginning: where it ends, and where its body does."""

    receiver: Receiver
    query: str
    end: int
    whole: int
    close: bool


class Front:
    """Everybody who is at the door.

    receivers: by path, `/callback/main`. beyond: makes the protocol that serves everybody else. How long a connection
    rests is measured by the event loop's time, as aiohttp does.
    """

    def __init__(self, receivers: Mapping[str, Receiver], beyond: Callable[[], asyncio.Protocol], clock: Clock) -> None:
        self.receivers = {path.encode(): receiver for path, receiver in receivers.items()}
        self.beyond = beyond
        self.clock = clock
        self.visitors: set[Visitor] = set()
        self.closing = False
        self._empty = asyncio.Event()

    def __call__(self) -> Visitor:
        """The protocol of a new connection."""
        return Visitor(self)

    async def watch(self) -> None:
        """Send those away who take too long, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = asyncio.get_running_loop().time()
            for visitor in tuple(self.visitors):
                visitor.look(now)

    async def close(self) -> None:
        """Whoever waits for an answer gets it; everybody else goes."""
        self.closing = True
        for visitor in tuple(self.visitors):
            visitor.leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS if self.visitors else 0):
                await self._empty.wait()

    def asked(self, head: re.Match[bytes]) -> _Asked | None:
        """What a head asks for, if that is for us."""
        receiver, length = self.receivers.get(head["path"]), int(head["length"] or MAX_BODY_BYTES + 1)
        if receiver is None or length > MAX_BODY_BYTES or (head["old"] and not head["close"]):
            return None
        return _Asked(receiver, head["query"].decode(), head.end(), head.end() + length, head["close"] is not None)

    def left(self, visitor: Visitor) -> None:
        """Gone, or handed over."""
        self.visitors.discard(visitor)
        if self.closing and not self.visitors:
            self._empty.set()


class Visitor(asyncio.Protocol):
    """One connection: one request at a time, answered in the order in which they came."""

    __slots__ = (
        "_answering",
        "_asked",
        "_buffer",
        "_close",
        "_ended",
        "_front",
        "_full",
        "_loop",
        "_paused",
        "_reading",
        "_since",
        "_transport",
    )

    def __init__(self, front: Front) -> None:
        self._front = front
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()  # what is cut off its front costs no copy of the rest
        self._asked: _Asked | None = None
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._answering = self._reading = self._full = self._paused = self._close = self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is at the door."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._front.visitors.add(self)
        if self._front.closing:  # accepted just before
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone; what was taken of them is kept, and answered to nobody."""
        self._transport = None
        self._front.left(self)

    def data_received(self, data: bytes) -> None:
        """More was sent; too much at once is left in the socket until it is wanted."""
        if not self._buffer:
            self._since = self._loop.time()
        self._buffer += data
        self._read()
        if len(self._buffer) > MAX_BUFFER_BYTES and self._transport and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Whoever sends no more is still owed answers: whether the connection stays open for them."""
        self._ended = True
        return self._answering or self._full

    def pause_writing(self) -> None:
        """They send requests and read no answers: no more is taken until they do."""
        self._full = True

    def resume_writing(self) -> None:
        """They read on."""
        self._full = False
        self._read()
        self._read_on()

    def look(self, now: float) -> None:
        """Go, or go to aiohttp, if this has taken too long."""
        if self._transport is None:
            return
        waited = now - self._since
        if self._answering:
            if waited >= ANSWER_SECONDS:
                self._transport.abort()
        elif self._full or not self._buffer:
            if waited >= IDLE_SECONDS:
                self._transport.abort()
        elif b"\r\n\r\n" in self._buffer:
            if waited >= REST_SECONDS:
                self._hand_over(self._transport)
        elif waited >= HEAD_SECONDS:
            self._transport.abort()

    def leave(self) -> None:
        """The end: now, or after the answer."""
        if self._transport and not self._answering:
            self._transport.close()

    def _read(self) -> None:
        if self._reading:
            return  # answered at once: whoever called goes on
        self._reading = True
        try:
            while self._is_free and self._transport and self._took_one(self._transport):
                pass
        finally:
            self._reading = False
        if self._ended and self._transport and not (self._answering or self._full):
            self._transport.close()

    @property
    def _is_free(self) -> bool:
        """Whether another request could be taken and answered."""
        busy = self._answering or self._full or self._transport is None or self._transport.is_closing()
        return bool(self._buffer) and not busy

    def _took_one(self, transport: asyncio.Transport) -> bool:
        """Whether the buffer began with a whole request."""
        asked = self._asked or self._head(transport)
        if asked is None or len(self._buffer) < asked.whole:
            return False
        body = bytes(self._buffer[asked.end : asked.whole])
        del self._buffer[: asked.whole]
        self._asked, self._answering, self._close = None, True, asked.close
        self._since = self._loop.time()
        try:
            asked.receiver.take(asked.query, body, self._answer)
        except Exception:  # nobody will answer it; the sender tries again
            log.exception("callback_not_taken")
            transport.abort()
        return True

    def _head(self, transport: asyncio.Transport) -> _Asked | None:
        """What the buffer begins with, once its head is there; when that is not for us, the connection is handed over.

        It is read once, however many pieces the body comes in.
        """
        end = self._buffer.find(b"\r\n\r\n", 0, MAX_HEAD_BYTES) + 4
        if end < 4:
            if len(self._buffer) >= MAX_HEAD_BYTES:
                self._hand_over(transport)
            return None
        head = _HEAD.fullmatch(self._buffer, 0, end)
        self._asked = head and self._front.asked(head)
        if self._asked is None:
            self._hand_over(transport)
        return self._asked

    def _answer(self, status: int) -> None:
        if self._transport is None:
            return  # gone meanwhile; what was kept is kept
        last = self._close or self._front.closing
        self._transport.write(_response(status, last, self._front.clock.now()))
        self._answering, self._since = False, self._loop.time()
        if last:
            self._transport.close()
        else:
            self._read()
            self._read_on()

    def _read_on(self) -> None:
        if self._paused and self._transport and len(self._buffer) <= MAX_BUFFER_BYTES:
            self._paused = False
            self._transport.resume_reading()

    def _hand_over(self, transport: asyncio.Transport) -> None:
        """To aiohttp, with what was not read yet; answers already given leave before any of its own."""
        self._transport = None
        self._front.left(self)
        beyond = self._front.beyond()
        transport.set_protocol(beyond)
        beyond.connection_made(transport)
        if self._paused:
            transport.resume_reading()
        beyond.data_received(bytes(self._buffer))  # last: it may stop the sender itself


@lru_cache(64)
def _response(status: int, last: bool, now: int) -> bytes:
    close = "Connection: close\r\n" if last else ""
    date = formatdate(now, usegmt=True)
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: 0\r\nDate: {date}\r\n{close}\r\n".encode()

"""Load over kept connections, closed loop (capacity) or open loop (latency at a rate). Loopback only, bounded."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Result:
    """What came back. Latencies in seconds; in an open loop counted from when each request was due."""

    seconds: float = 0.0
    answered: int = 0
    not_200: int = 0
    client_cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


class _Connection(asyncio.Protocol):
    """One request at a time; the whole answer fits a buffer."""

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._buffer = b""
        self._due = 0.0
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self, request: bytes, due: float) -> None:
        self._due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._buffer = b""
        self._load.answered(self, head.startswith(b"HTTP/1.1 200"), time.perf_counter() - self._due)


class _Load:
    def __init__(self, requests: Sequence[bytes]) -> None:
        self.waiting: deque[bytes] = deque(requests)
        self.result = Result()
        self.free: list[_Connection] = []
        self.due: deque[float] = deque()
        self.open_loop = False
        self.stop_at = float("inf")
        self.expected = len(requests)
        self.done = asyncio.Event()

    def answered(self, connection: _Connection, ok: bool, latency: float) -> None:
        self.result.answered += 1
        self.result.not_200 += not ok
        self.result.latencies.append(latency)
        self.next(connection)

    def falls_due(self, at: float) -> None:
        """One more request is to be sent, or waits for a connection."""
        self.due.append(at)
        if self.free:
            self.free.pop().send(self.waiting.popleft(), self.due.popleft())

    def next(self, connection: _Connection) -> None:
        now = time.perf_counter()
        if self.open_loop:
            if self.due:
                connection.send(self.waiting.popleft(), self.due.popleft())
            else:
                self.free.append(connection)
                if self.result.answered == self.expected:
                    self.done.set()
            return
        if self.waiting and now < self.stop_at:
            connection.send(self.waiting.popleft(), now)
        else:
            self.free.append(connection)
            self.done.set()


async def closed_loop(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Result:
    """As many as the server answers, until the time or the requests are over."""
    load = _Load(requests)
    peers = await _connect(port, load, connections)
    began, cpu = time.perf_counter(), time.process_time()
    load.stop_at = began + seconds
    for peer in peers:
        load.next(peer)
    while len(load.free) < connections:
        await load.done.wait()
        load.done.clear()
    return _finish(load, peers, began, cpu)


async def open_loop(port: int, requests: Sequence[bytes], *, connections: int, rate: float) -> Result:
    """A fixed rate, whatever the server does."""
    load = _Load(requests)
    load.open_loop = True
    peers = await _connect(port, load, connections)
    load.free = list(peers)
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.to_thread(_pace, load, asyncio.get_running_loop(), began, rate)
    async with asyncio.timeout(10):
        await load.done.wait()
    return _finish(load, peers, began, cpu)


def _pace(load: _Load, loop: asyncio.AbstractEventLoop, began: float, rate: float) -> None:
    """Say when each request is due. In a thread that sleeps: an event loop's timers count milliseconds, and a loop that
    spins instead takes the core away from whoever else needs it, the disk's interrupts first."""
    for number in range(load.expected):
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        loop.call_soon_threadsafe(load.falls_due, due)


async def _connect(port: int, load: _Load, count: int) -> list[_Connection]:
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: _Connection(load), "127.0.0.1", port) for _ in range(count)]
    return [protocol for _, protocol in made]


def _finish(load: _Load, peers: list[_Connection], began: float, cpu: float) -> Result:
    load.result.seconds = time.perf_counter() - began
    load.result.client_cpu_seconds = time.process_time() - cpu
    for peer in peers:
        peer.transport.close()
    return load.result


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    return int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0

"""The handle: seeded runs are the same, a failed start leaves nothing open."""

from __future__ import annotations

import pytest

from bot.clock import VirtualClock
from sandbox import Sandbox
from tests.sandbox.corp import CORPID, NOON, Listener, furnish


async def play(seed: int, listener: Listener) -> list[dict[str, object]]:
    """A short story; its log without what real time decides."""
    sandbox = furnish(Sandbox(seed=seed, corpid=CORPID, clock=VirtualClock(1_800_000_000)), listener)
    sandbox.faults.add("duplicated", probability=0.5, times=2)
    await sandbox.start()
    for _ in range(6):
        customer = await sandbox.customer_adds(userid="lihua")
        await sandbox.callbacks_settled()
    await sandbox.customer_deletes(customer, "lihua")
    await sandbox.callbacks_settled()
    await sandbox.stop()
    real = ("wall_at", "took_ms")
    return [{key: value for key, value in entry.items() if key not in real} for entry in sandbox.log.since()]


async def test_same_seed_and_calls_give_the_same_log_and_bytes(listener: Listener) -> None:
    first = await play(5, listener)
    sent = [body for _, body in listener.requests]
    listener.requests.clear()
    assert await play(5, listener) == first
    assert [body for _, body in listener.requests] == sent
    assert await play(6, listener) != first


async def test_a_scene_goes_on_from_where_another_stood_still() -> None:
    """With all that was known and logged there; what happens from then on is its own."""
    first = Sandbox(clock=VirtualClock(NOON))
    first.add_member("lihua", "李华")
    before = await first.customer_adds(userid="lihua")
    second = Sandbox(clock=VirtualClock(NOON + 1), before=first)
    assert second.log.since() == first.log.since()
    after = await second.customer_adds(userid="lihua")
    assert [f.external_userid for f in second.world.people.follows()] == [before, after]
    assert [f.external_userid for f in first.world.people.follows()] == [before] and len(first.log) == 1


async def test_port_in_use_is_told_and_nothing_stays_open(sandbox: Sandbox) -> None:
    second = Sandbox()
    with pytest.raises(OSError, match="address"):
        await second.start(port=int(sandbox.base_url.rpartition(":")[2]))


async def test_member_reads_what_apps_sent_and_not_what_was_recalled(sandbox: Sandbox) -> None:
    await sandbox.member_writes_app("lihua", 1000002, "在吗")
    assert [(n["sender"], n["content"]) for n in await sandbox.member_reads("lihua")] == [
        ("member", {"content": "在吗"})
    ]


async def test_both_sides_can_chat_until_one_leaves(sandbox: Sandbox) -> None:
    customer = await sandbox.customer_adds(userid="lihua")
    await sandbox.customer_writes(customer, "lihua", "在吗")
    await sandbox.member_writes("lihua", customer, "在的")
    assert [m["text"] for m in await sandbox.customer_reads(customer, "lihua")] == ["在吗", "在的"]
    await sandbox.customer_deletes(customer, "lihua")
    with pytest.raises(LookupError, match="发不出"):
        await sandbox.member_writes("lihua", customer, "还在吗")

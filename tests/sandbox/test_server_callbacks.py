"""Callbacks on the wire: sealed and signed, sent again until answered, never more at once than allowed."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.clock import VirtualClock
from sandbox import Sandbox
from sandbox.server.callbacks import ANSWER_SECONDS, RETRIES, VERIFY_SECONDS
from tests.sandbox.corp import AGENTID, CORPID, KEY, TOKEN, Listener, furnish


async def test_callback_is_verified_and_opened_by_the_app(sandbox: Sandbox, listener: Listener) -> None:
    customer = await sandbox.customer_adds(userid="lihua", state="包裹卡")
    await sandbox.callbacks_settled()
    (event,) = listener.events
    assert (event["ExternalUserID"], event["State"]) == (customer, "包裹卡")
    assert "lang=zh" in listener.requests[0][0]
    (entry,) = sandbox.log.callbacks()
    assert (entry["status"], entry["attempt"], entry["about"]["userid"]) == (200, 1, "lihua")


async def test_same_bytes_are_sent_again_three_times_and_then_given_up(sandbox: Sandbox, listener: Listener) -> None:
    async def refuse(count: int) -> web.Response:
        return web.Response(status=500)

    listener.answer = refuse
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    assert len(listener.requests) == 1 + RETRIES == 4
    assert len(set(listener.requests)) == 1
    assert [entry["status"] for entry in sandbox.log.callbacks()] == [500] * 4


async def test_retries_end_with_the_first_200(sandbox: Sandbox, listener: Listener) -> None:
    async def third_time(count: int) -> web.Response:
        return web.Response(status=200 if count == 3 else 503)

    listener.answer = third_time
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    assert [entry["status"] for entry in sandbox.log.callbacks()] == [503, 503, 200]


async def test_app_that_is_down_is_tried_again(listener: Listener) -> None:
    sandbox = Sandbox(corpid=CORPID, retry_seconds=0.01)
    sandbox.add_member("lihua", "李华")
    sandbox.add_app("助手", AGENTID, "secret", "http://127.0.0.1:9/callback", TOKEN, KEY)
    await sandbox.start()
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    await sandbox.stop()
    assert [entry["status"] for entry in sandbox.log.callbacks()] == [None] * 4


async def test_no_answer_in_five_seconds_is_a_failure(listener: Listener) -> None:
    clock = VirtualClock(1_800_000_000)
    asked = asyncio.Event()

    async def first_hangs(count: int) -> web.Response:
        if count == 1:
            asked.set()
            await asyncio.sleep(3600)
        return web.Response()

    listener.answer = first_hangs
    sandbox = furnish(Sandbox(corpid=CORPID, clock=clock, retry_seconds=2), listener)
    await sandbox.start()
    await sandbox.customer_adds(userid="lihua")
    await asked.wait()
    await clock.advance(ANSWER_SECONDS - 1)
    assert sandbox.log.callbacks() == []
    settled = asyncio.create_task(sandbox.callbacks_settled())
    while not settled.done():
        await clock.advance(1)
        await asyncio.sleep(0.001)
    await sandbox.stop()
    assert [(e["status"], e["error"]) for e in sandbox.log.callbacks()] == [(None, "no answer in 5 s"), (200, "")]


async def test_every_app_that_listens_gets_the_same_code(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.add_app("第二个", AGENTID + 1, "s2", listener.url, TOKEN, KEY)
    sandbox.add_app("不听", AGENTID + 2, "s3")
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    assert len(listener.events) == 2 and len({e["WelcomeCode"] for e in listener.events}) == 1


async def test_app_events_go_to_that_app_alone(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.add_app("第二个", AGENTID + 1, "s2", listener.url, TOKEN, KEY)
    await sandbox.member_enters_app("lihua", AGENTID + 1)
    await sandbox.callbacks_settled()
    assert [event["AgentID"] for event in listener.events] == [str(AGENTID + 1)]


async def test_lost_callback_is_never_sent(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.faults.add("lost", "add_external_contact", count=1)
    await sandbox.customer_adds(userid="lihua")
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    assert len(listener.events) == 1
    assert [entry["error"] for entry in sandbox.log.callbacks()].count("lost") == 1


async def test_duplicated_callback_comes_four_times(sandbox: Sandbox, listener: Listener) -> None:
    sandbox.faults.add("duplicated", "change_external_contact/*", times=4)
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    assert len(listener.requests) == 4 and len(set(listener.requests)) == 1


async def test_delayed_callback_waits_for_its_time(listener: Listener) -> None:
    clock = VirtualClock(1_800_000_000)
    sandbox = furnish(Sandbox(corpid=CORPID, clock=clock), listener)
    await sandbox.start()
    sandbox.faults.add("delayed", seconds=30)
    await sandbox.customer_adds(userid="lihua")
    await clock.advance(29)
    await asyncio.sleep(0.02)
    assert listener.events == []
    await clock.advance(1)
    await sandbox.callbacks_settled()
    await sandbox.stop()
    assert len(listener.events) == 1


async def test_reordered_callbacks_arrive_in_another_order(listener: Listener) -> None:
    clock = VirtualClock(1_800_000_000)
    sandbox = furnish(Sandbox(seed=2, corpid=CORPID, clock=clock), listener)
    await sandbox.start()
    sandbox.faults.add("reordered", seconds=600)
    sent = [await sandbox.customer_adds(userid="lihua") for _ in range(8)]
    for _ in range(120):
        await clock.advance(5)
        await asyncio.sleep(0.002)
    await sandbox.callbacks_settled()
    await sandbox.stop()
    arrived = [event["ExternalUserID"] for event in listener.events]
    assert sorted(arrived) == sorted(sent) and arrived != sent


async def test_burst_never_has_more_in_flight_than_allowed(listener: Listener) -> None:
    open_now, most = 0, 0

    async def count(number: int) -> web.Response:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        return web.Response()

    listener.answer = count
    sandbox = furnish(Sandbox(corpid=CORPID, callbacks_in_flight=8), listener)
    await sandbox.start()
    sent = {await sandbox.customer_adds(userid="lihua") for _ in range(500)}
    await sandbox.callbacks_settled()
    await sandbox.stop()
    assert {event["ExternalUserID"] for event in listener.events} == sent and len(listener.events) == 500
    assert 1 <= most <= 8


async def test_saved_callback_url_must_echo(sandbox: Sandbox, listener: Listener) -> None:
    assert await sandbox.verifies_callback(AGENTID)
    sandbox.add_app("坏的", AGENTID + 1, "s2", "http://127.0.0.1:9/", TOKEN, KEY)
    assert not await sandbox.verifies_callback(AGENTID + 1)


async def test_echo_after_a_second_is_too_late(listener: Listener) -> None:
    clock = VirtualClock(1_800_000_000)
    asked = asyncio.Event()

    async def hang(count: int) -> web.Response:
        asked.set()
        await asyncio.sleep(3600)
        return web.Response()

    listener.answer = hang
    sandbox = furnish(Sandbox(corpid=CORPID, clock=clock), listener)
    await sandbox.start()
    verifying = asyncio.create_task(sandbox.verifies_callback(AGENTID))
    await asked.wait()
    await clock.advance(VERIFY_SECONDS)
    assert not await verifying
    await sandbox.stop()


async def test_stop_leaves_no_task_behind(listener: Listener) -> None:
    async def hang(count: int) -> web.Response:
        await asyncio.sleep(3600)
        return web.Response()

    listener.answer = hang
    before = asyncio.all_tasks()
    sandbox = furnish(Sandbox(corpid=CORPID), listener)
    await sandbox.start()
    for _ in range(20):
        await sandbox.customer_adds(userid="lihua")
    await asyncio.sleep(0.02)
    await sandbox.stop()
    await asyncio.sleep(0)
    left = {t for t in asyncio.all_tasks() - before if "sandbox" in repr(t.get_coro())}
    assert left == set()

"""Mass sends whole: over HTTP, with faults, from another process, under a clock of one's own."""

from __future__ import annotations

import aiohttp
import pytest

from bot.clock import VirtualClock
from sandbox import Sandbox
from tests.sandbox.corp import CORPID, Listener, Wire, furnish
from tests.sandbox.mass_corp import TEXT

ADD = "externalcontact/add_msg_template"


async def test_task_is_played_from_another_process(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """Created by the API, confirmed over the control API; the customer's phone shows it, no app is told."""
    sandbox.world.mass.dispatch_seconds = 0
    first, second = [await sandbox.customer_adds(userid="lihua") for _ in range(2)]
    await sandbox.callbacks_settled()
    listener.events.clear()
    msgid = (await wire.post(ADD, TEXT | {"sender": "lihua", "allow_select": True}))["msgid"]
    (task,) = (await wire.control("mass.tasks", {"userid": "lihua"}))["result"]
    assert (task["msgid"], task["recipients"], task["selectable"]) == (msgid, [first, second], True)
    confirmed = {"userid": "lihua", "msgid": msgid, "without": [second]}
    assert (await wire.control("mass.member_confirms", confirmed))["result"] == {first: 1, second: 0}
    assert not (await wire.control("mass.member_confirms", confirmed))["ok"]
    assert [m["text"] for m in await sandbox.customer_reads(first, "lihua")] == ["新品到店"]
    await wire.control("mass.admin_limits", {"policy": "day"})
    own = (await wire.control("mass.member_sends", {"userid": "lihua", "text": "自己发的"}))["result"]
    async with wire.http.get("/sandbox/state") as response:
        sends = (await response.json())["mass_sends"]
    assert [send["msgid"] for send in sends] == [msgid, own]
    statuses = [to["status"] for to in sends[1]["tasks"]["lihua"]["recipients"].values()]
    assert statuses == [3, 1] and listener.events == []


async def test_bad_habits_and_rules_are_told(wire: Wire) -> None:
    """In Chinese, and nothing changes."""
    assert "不行" in (await wire.control("mass.admin_limits", {"policy": "year"}))["error"]
    assert (
        "不行" in (await wire.control("mass.member_sends", {"userid": "lihua", "text": "x", "chat_type": "x"}))["error"]
    )
    for habit in ({"after_seconds": [5, 1]}, {"share": 2}, {"deselect": -1}, {"kinds": ["sms"]}):
        assert not (await wire.control("staff.members_confirm", habit))["ok"]


async def test_answer_may_be_lost_after_the_task_was_made(sandbox: Sandbox, wire: Wire) -> None:
    """Whoever does not look it up makes it twice; a refused or cut call makes none."""
    await sandbox.customer_adds(userid="lihua")
    body = TEXT | {"sender": "lihua"}
    sandbox.faults.add("reset_after", ADD, count=1)
    with pytest.raises(aiohttp.ClientError):
        await wire.post(ADD, body)
    now = sandbox.clock.now()
    window = {"chat_type": "single", "start_time": now - 60, "end_time": now + 60}
    (made,) = (await wire.post("externalcontact/get_groupmsg_list_v2", window))["group_msg_list"]
    assert made["text"] == TEXT["text"]
    sandbox.faults.add("reset_before", ADD, count=1)
    with pytest.raises(aiohttp.ClientError):
        await wire.post(ADD, body)
    sandbox.world.limits.set(per_minute=1)
    assert [(await wire.post(ADD, body))["errcode"] for _ in range(2)] == [0, 45009]
    assert len(sandbox.world.mass.all()) == 2


async def test_members_press_when_their_time_has_come(listener: Listener) -> None:
    """Ten minutes on the sandbox's own clock; nobody who never presses, nobody after they wait again."""
    clock = VirtualClock(1_800_000_000)
    sandbox = furnish(Sandbox(clock=clock, seed=1, corpid=CORPID), listener)
    await sandbox.start()
    try:
        people = [await sandbox.customer_adds(userid=userid) for userid in ("lihua", "wangfang")]
        await sandbox.staff.members_confirm(after_seconds=600, never=["wangfang"])
        call = {"at": clock.now(), "ip": "::1", "body": TEXT | {"external_userid": people}}
        token = sandbox.world.apps.gettoken({"corpid": CORPID, "corpsecret": "secret"}, "127.0.0.1", clock.now())
        query = {"access_token": token["access_token"]}
        sandbox.world.answer(ADD, query=query, **call)
        await sandbox.staff.members_wait()
        sandbox.world.answer(ADD, query=query, **call)
        await sandbox.callbacks_settled()
        await clock.advance(sandbox.world.mass.dispatch_seconds + 600)
        assert len(await sandbox.customer_reads(people[0], "lihua")) == 1
        assert await sandbox.customer_reads(people[1], "wangfang") == []
        assert [len(await sandbox.mass.tasks(userid)) for userid in ("lihua", "wangfang")] == [1, 2]
    finally:
        await sandbox.stop()

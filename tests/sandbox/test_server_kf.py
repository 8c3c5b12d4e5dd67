"""微信客服 over the wire: the bell, faults, the control API, seeded runs."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.clock import VirtualClock
from sandbox import Sandbox
from tests.sandbox.corp import AGENTID, CORPID, Listener, Wire, furnish
from tests.sandbox.kf_corp import MENU


async def sync(wire: Wire, open_kfid: str, **more: str) -> Any:
    """What waits."""
    return await wire.post("kf/sync_msg", {"open_kfid": open_kfid} | more)


async def say(wire: Wire, open_kfid: str, customer: str, msgid: str) -> Any:
    """A text of the app."""
    body = {"open_kfid": open_kfid, "touser": customer, "msgid": msgid, "msgtype": "text"}
    return await wire.post("kf/send_msg", body | {"text": {"content": msgid}})


async def test_talk_from_the_bell_to_the_answer(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """A customer enters and taps; the app is rung, pulls, answers; the log knows it all."""
    open_kfid = await sandbox.kf.admin_adds("小测")
    customer = await sandbox.kf.customer_enters(open_kfid, name="小满")
    await sandbox.callbacks_settled()
    (item,) = (await sync(wire, open_kfid, token=listener.events[-1]["Token"]))["msg_list"]
    await wire.post("kf/send_msg_on_event", {"code": item["event"]["welcome_code"], "msgid": "w"} | MENU)
    await sandbox.kf.customer_taps(customer, open_kfid, "skin/a")
    assert (await say(wire, open_kfid, customer, "m1"))["errcode"] == 0
    assert [line["text"] for line in await sandbox.kf.chat(customer, open_kfid)] == [
        *("你的皮肤更接近哪一种？", "偏干"),
        "m1",
    ]
    assert len(sandbox.log.calls("kf/send_msg")) == 1 and len(sandbox.log.calls("kf/send_msg_on_event")) == 1
    await sandbox.callbacks_settled()
    assert [call["about"]["open_kfid"] for call in sandbox.log.callbacks("kf_msg_or_event")] == [open_kfid] * 2


async def test_bell_goes_only_to_apps_with_kf(sandbox: Sandbox, listener: Listener) -> None:
    """The other permission does not count."""
    open_kfid = await sandbox.kf.admin_adds("小测")
    app = sandbox.world.apps.by_agentid(AGENTID)
    app.kf = False
    await sandbox.kf.customer_enters(open_kfid)
    app.kf, app.customer_contact = True, False
    await sandbox.kf.customer_enters(open_kfid)
    await sandbox.callbacks_settled()
    assert [event["Event"] for event in listener.events] == ["kf_msg_or_event"]


async def test_answer_lost_after_acting_is_sent_once_all_the_same(sandbox: Sandbox, wire: Wire) -> None:
    """The msgid makes the second try harmless."""
    open_kfid = await sandbox.kf.admin_adds("小测")
    customer = await sandbox.kf.customer_enters(open_kfid)
    await sandbox.kf.customer_writes(customer, open_kfid, "在吗")
    sandbox.faults.add("reset_after", where="kf/send_msg", count=1)
    with pytest.raises(aiohttp.ClientError):
        await say(wire, open_kfid, customer, "m1")
    assert (await say(wire, open_kfid, customer, "m1"))["errcode"] == 0
    assert [line["text"] for line in await sandbox.kf.chat(customer, open_kfid)] == ["在吗", "m1"]


async def test_faults_strike_kf_as_they_strike_others(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """errcode and slow for calls, lost for the bell, and the two that only kf has."""
    open_kfid = await sandbox.kf.admin_adds("小测")
    sandbox.faults.add("lost", where="kf_msg_or_event", count=1)
    customer = await sandbox.kf.customer_enters(open_kfid)
    await sandbox.callbacks_settled()
    assert listener.events == []
    sandbox.faults.add("errcode", where="sync_msg", errcode=-1, count=1)
    sandbox.faults.add("kf_empty_pages", count=1)
    sandbox.faults.add("slow", where="kf/*", seconds=0.01)
    answers = [await sync(wire, open_kfid) for _ in range(3)]
    assert [(a["errcode"], a.get("has_more"), len(a.get("msg_list", []))) for a in answers] == [
        (-1, None, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert all("slow" in call["fault"] for call in sandbox.log.calls("kf/sync_msg"))
    await sandbox.kf.customer_writes(customer, open_kfid, "在吗")
    sandbox.faults.add("kf_send_fail", where="send_msg", fail_type=4, count=1)
    assert (await say(wire, open_kfid, customer, "m1"))["errcode"] == 0
    await sandbox.callbacks_settled()
    last = (await sync(wire, open_kfid, token=listener.events[-1]["Token"]))["msg_list"][-1]
    assert (last["event"]["event_type"], last["event"]["fail_msgid"], last["event"]["fail_type"]) == (
        *("msg_send_fail", "m1"),
        4,
    )


async def test_kf_is_played_from_another_process(sandbox: Sandbox, wire: Wire) -> None:
    """Each method of the handle is an action, `kf.…`; what cannot be done is told."""
    open_kfid = (await wire.control("kf.admin_adds", {"name": "小测"}))["result"]
    await wire.post("kf/servicer/add", {"open_kfid": open_kfid, "userid_list": ["lihua", "wangfang"]})
    customer = (await wire.control("kf.customer_enters", {"open_kfid": open_kfid}))["result"]
    who = {"external_userid": customer, "open_kfid": open_kfid}
    msgid = (await wire.control("kf.customer_writes", who | {"text": "在吗"}))["result"]
    served = who | {"userid": "lihua"}
    for action, more in (
        ("servicer_takes", served),
        ("servicer_writes", served | {"text": "在的"}),
        ("customer_recalls", who | {"msgid": msgid}),
        ("customer_rejects", who),
        ("servicer_transfers", served | {"to_userid": "wangfang"}),
        ("servicer_ends", served | {"userid": "wangfang"}),
        ("servicer_receives", {"userid": "lihua", "open_kfid": open_kfid, "receives": False}),
        ("admin_grants", {"open_kfid": open_kfid, "granted": False}),
    ):
        assert (await wire.control(f"kf.{action}", more))["ok"], action
    chat = (await wire.control("kf.chat", who))["result"]
    assert [(line["sender"], line["text"], line["recalled"]) for line in chat if line["sender"] != "sys"] == [
        (customer, "在吗", True),
        ("lihua", "在的", False),
    ]
    async with wire.http.get("/sandbox/state") as response:
        kf = (await response.json())["kf"]
    assert kf["accounts"] == [{"open_kfid": open_kfid, "name": "小测", "servicers": ["lihua", "wangfang"]}]
    assert [(s["state"], s["rejects"], len(s["chat"])) for s in kf["sessions"]] == [(4, True, len(chat))]
    assert "不由" in (await wire.control("kf.servicer_ends", served))["error"]
    actions = [entry["action"] for entry in sandbox.log.since() if entry["kind"] == "action"]
    assert actions[-1] == "kf.admin_grants" and "kf.servicer_transfers" in actions


async def play(seed: int, listener: Listener) -> list[dict[str, object]]:
    """A short story in kf; its log without what real time decides."""
    sandbox = furnish(Sandbox(seed=seed, corpid=CORPID, clock=VirtualClock(1_800_000_000)), listener)
    sandbox.faults.add("kf_send_fail", probability=0.5)
    await sandbox.start()
    open_kfid = await sandbox.kf.admin_adds("小测")
    async with aiohttp.ClientSession(sandbox.base_url) as http:
        async with http.get("/cgi-bin/gettoken", params={"corpid": CORPID, "corpsecret": "secret"}) as response:
            wire = Wire(http, (await response.json())["access_token"])
        for n in range(5):
            customer = await sandbox.kf.customer_enters(open_kfid)
            await sandbox.callbacks_settled()
            await sandbox.kf.customer_writes(customer, open_kfid, str(n))
            await sandbox.callbacks_settled()
            await say(wire, open_kfid, customer, f"m{n}")
            await sandbox.callbacks_settled()
    await sandbox.stop()
    real = ("wall_at", "took_ms")
    return [{key: value for key, value in entry.items() if key not in real} for entry in sandbox.log.since()]


async def test_same_seed_gives_the_same_talk_and_bytes(listener: Listener) -> None:
    """Failures included."""
    first = await play(5, listener)
    sent = [body for _, body in listener.requests]
    listener.requests.clear()
    assert await play(5, listener) == first
    assert [body for _, body in listener.requests] == sent
    assert await play(6, listener) != first

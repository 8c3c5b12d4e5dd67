"""The handles of nouns, whole: over HTTP, with callbacks, under a clock of one's own."""

from __future__ import annotations

from bot.clock import VirtualClock
from sandbox import Sandbox
from sandbox.world.transfers import TRANSFER_SECONDS
from tests.sandbox.corp import CORPID, Listener, Wire, furnish


def changes(listener: Listener) -> list[str]:
    return [event.get("UpdateDetail") or event["ChangeType"] for event in listener.events]


async def test_group_lives_and_ends(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """Everything that people do in groups reaches the app, each as its own callback."""
    groups = sandbox.groups
    chat_id = await groups.creates("lihua", "读者群")
    way = {"scene": 2, "chat_id_list": [chat_id], "state": "store"}
    config_id = (await wire.post("externalcontact/groupchat/add_join_way", way))["config_id"]
    customer = await groups.scans(state="store", name="小满")
    await groups.invites(chat_id, ["wangfang"], by="lihua")
    await groups.writes(chat_id, customer, "大家好")
    assert [message["text"] for message in await groups.reads(chat_id)] == ["大家好"]
    await groups.renames(chat_id, "新名")
    await groups.notes(chat_id, "文明沟通")
    await groups.removes(chat_id, customer)
    await groups.hands_over(chat_id, "wangfang")
    await groups.leaves(chat_id, "lihua")
    await groups.dismisses(chat_id)
    await sandbox.callbacks_settled()
    expected = ["create", "add_member", "add_member", "change_name", "change_notice", "del_member", "change_owner"]
    assert sorted(changes(listener)) == sorted([*expected, "del_member", "dismiss"])
    async with wire.http.get(f"/qr/{config_id}.svg") as picture:
        assert picture.status == 200 and "<svg" in await picture.text()


async def test_welcome_of_the_library_greets_when_chosen(sandbox: Sandbox, wire: Wire) -> None:
    """The owner chooses it; the next one who comes is greeted."""
    body = {"text": {"content": "%NICKNAME%你好"}}
    template_id = (await wire.post("externalcontact/group_welcome_template/add", body))["template_id"]
    chat_id = await sandbox.groups.creates("lihua")
    await sandbox.groups.greets_with(chat_id, template_id)
    await sandbox.groups.invites(chat_id, ["wmA"], by="lihua")
    (message,) = await sandbox.groups.reads(chat_id)
    assert message["text"].endswith("你好")


async def test_link_is_played_from_another_process(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """links.… over the control API, the link itself by the API."""
    body = {"link_name": "门店", "range": {"user_list": ["lihua"]}}
    link = (await wire.post("externalcontact/customer_acquisition/create_link", body))["link"]
    added = {"link": link["url"], "channel": "parcel", "name": "小满"}
    customer = (await wire.control("links.customer_adds", added))["result"]
    await wire.control("links.quota_is_spent", {"count": 999})
    await wire.control("links.quota_is_bought", {"count": 5, "expire_at": 2_000_000_000})
    await wire.control("links.quota_expires_soon", {"expire_at": 2_000_000_000})
    await wire.control("links.breaks", {"link_id": link["link_id"]})
    await wire.control("links.admin_deletes", {"link_id": link["link_id"]})
    await sandbox.callbacks_settled()
    about_quota = ["balance_low", "balance_exhausted", "balance_increased", "quota_expire_soon"]
    about_link = ["friend_request", "add_external_contact", "link_unavailable", "delete_link"]
    assert sorted(changes(listener)) == sorted(about_quota + about_link)
    (added_event,) = [event for event in listener.events if event["ChangeType"] == "add_external_contact"]
    assert (added_event["State"], added_event["ExternalUserID"]) == ("parcel", customer)


async def test_transfer_happens_when_its_time_has_come(listener: Listener) -> None:
    """A day passes on the sandbox's own clock; a day that a member had is told on the next."""
    clock = VirtualClock(1_800_000_000)
    sandbox = furnish(Sandbox(clock=clock, seed=1, corpid=CORPID), listener)
    await sandbox.start()
    try:
        customer = await sandbox.customer_adds(userid="lihua")
        refused = await sandbox.staff.member_adds("lihua", name="小满")
        await sandbox.staff.had_chats("lihua", chats=2, asked=2, answered=1)
        token = sandbox.world.apps.gettoken({"corpid": CORPID, "corpsecret": "secret"}, "127.0.0.1", clock.now())
        body = {"handover_userid": "lihua", "takeover_userid": "wangfang", "external_userid": [customer, refused]}
        query = {"access_token": token["access_token"]}
        sandbox.world.answer("externalcontact/transfer_customer", at=clock.now(), ip="::1", query=query, body=body)
        await sandbox.staff.customer_refuses(refused)
        await sandbox.callbacks_settled()
        listener.events.clear()
        await clock.advance(TRANSFER_SECONDS)
        await sandbox.callbacks_settled()
        assert sorted(changes(listener)) == ["add_external_contact", "del_external_contact"]
        assert [f.userid for f in sandbox.world.people.followers_of(customer)] == ["wangfang"]
        await sandbox.staff.member_leaves("lihua")
        assert sandbox.world.people.followers_of(refused) == []
    finally:
        await sandbox.stop()


async def test_silence_loses_callbacks_and_nothing_else(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """In process and from another one; afterwards things are told again."""
    with sandbox.silently():
        unseen = await sandbox.customer_adds(userid="lihua")
    arguments = {"userid": "lihua", "external_userid": unseen}
    assert (await wire.control("silently", {"action": "member_deletes", "arguments": arguments}))["ok"]
    assert not (await wire.control("silently", {"action": "sings", "arguments": {}}))["ok"]
    seen = await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    assert [event["ExternalUserID"] for event in listener.events] == [seen]
    assert (await wire.post("externalcontact/list", userid="lihua"))["external_userid"] == [seen]


async def test_pool_is_there_without_a_word(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """Made over HTTP, read by the API, told to nobody."""
    made = (await wire.control("existing_pool", {"customers": 30, "guides": ["lihua"], "groups": 1}))["result"]
    await sandbox.callbacks_settled()
    assert (await wire.post("externalcontact/list", userid="lihua"))["external_userid"] == made
    assert listener.events == []

"""Customer groups on the page: on the phones of whoever is in them, with what was sent there."""

from __future__ import annotations

from sandbox import Sandbox
from tests.sandbox.corp import Wire
from tests.sandbox.mass_corp import TEXT
from tests.sandbox.test_playground_pages import NASTY, page, play

ADD = "externalcontact/add_msg_template"


async def test_a_group_is_on_both_phones_once_the_customer_is_in(sandbox: Sandbox, wire: Wire) -> None:
    chat = await sandbox.groups.creates("lihua", "读者群")
    assert "群里还没有消息" in await page(wire, member="lihua") and "进群" not in await page(wire, member="lihua")
    customer = await sandbox.customer_adds(userid="lihua", name="小满")
    assert (await page(wire, member="lihua")).count("<h3>读者群") == 1
    joined = await play(wire, do="groups.brings", userid="lihua", chat_id=chat, external_userid=customer)
    assert joined.count("群主 李华 · 2 人") == 2 == joined.count("<h3>读者群") and "拉 小满 进群" not in joined
    await sandbox.callbacks_settled()
    told = await page(wire)
    assert "有人进了客户群「读者群」" in told and "客户群有变化" in told
    await sandbox.groups.writes(chat, customer, NASTY)
    assert NASTY not in await page(wire) and (await page(wire)).count("&lt;script&gt;") >= 2


async def test_what_the_guide_sends_is_in_the_group_only_when_pressed(sandbox: Sandbox, wire: Wire) -> None:
    sandbox.world.mass.dispatch_seconds = 0
    await sandbox.groups.creates("lihua", "读者群")
    msgid = (await wire.post(ADD, TEXT | {"chat_type": "group", "sender": "lihua"}))["msgid"]
    assert "群里还没有消息" in await page(wire, member="lihua")
    pressed = await play(wire, do="mass.member_confirms", userid="lihua", msgid=msgid)
    assert "群里还没有消息" not in pressed and '<div class="bubble mine">' in pressed

"""微信客服 on the playground: what is shown and can be done, without and with a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.sandbox.corp import Listener, Wire
from tests.sandbox.kf_corp import MENU
from tests.sandbox.test_playground_pages import NASTY, page, play

CHROMIUM = Path("/usr/bin/chromium")


async def account(wire: Wire, sandbox: Sandbox) -> tuple[str, str]:
    """An account with a servicer, and its link."""
    open_kfid = await sandbox.kf.admin_adds("肤质小测")
    await sandbox.kf.admin_hires(open_kfid, "lihua")
    link = await wire.post("kf/add_contact_way", {"open_kfid": open_kfid, "scene": "parcel"})
    return open_kfid, str(link["url"])


async def greet(wire: Wire, sandbox: Sandbox, listener: Listener, open_kfid: str) -> None:
    """What an app does when the bell rings: pull, and answer the welcome code with a menu."""
    await sandbox.callbacks_settled()
    token = next(event["Token"] for event in reversed(listener.events) if "Token" in event)
    items: list[Any] = (await wire.post("kf/sync_msg", {"open_kfid": open_kfid, "token": token}))["msg_list"]
    code = next(item["event"]["welcome_code"] for item in reversed(items) if item["msgtype"] == "event")
    await wire.post("kf/send_msg_on_event", {"code": code} | MENU)


async def test_talk_can_be_clicked_through(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    """Open, tap, write; a human takes it, writes, ends."""
    open_kfid, url = await account(wire, sandbox)
    await play(wire, do="kf.customer_enters", url=url)
    await greet(wire, sandbox, listener, open_kfid)
    shown = await page(wire)
    assert "你的皮肤更接近哪一种？" in shown and "偏油" in shown and 'href="https://example.com"' in shown
    (who,) = [{"open_kfid": k, "external_userid": c} for k, c in sandbox.world.kf.sessions]
    await play(wire, do="kf.customer_taps", menu_id="skin/b", **who)
    assert "机器人接待" not in await play(wire, do="kf.servicer_takes", userid="lihua", **who)
    shown = await play(wire, do="kf.servicer_writes", userid="lihua", text="我来帮你", **who)
    assert "我来帮你" in shown and "李华 接待中" in shown
    assert "会话已结束" in await play(wire, do="kf.servicer_ends", userid="lihua", **who)
    assert "不由" in await play(wire, do="kf.servicer_ends", userid="lihua", **who)


async def test_link_in_a_chat_can_be_tapped_by_the_same_customer(wire: Wire, sandbox: Sandbox) -> None:
    """In a text or a card; other addresses are plain links."""
    _, url = await account(wire, sandbox)
    customer = await sandbox.customer_adds(userid="lihua")
    await sandbox.member_writes("lihua", customer, f"来做个小测 {url}&scene_param=a1 或看 https://example.com/a。")
    shown = await page(wire)
    assert "打开客服「肤质小测」" in shown and 'href="https://example.com/a"' in shown
    await play(wire, do="kf.customer_enters", url=f"{url}&scene_param=a1", external_userid=customer)
    (session,) = sandbox.world.kf.sessions.values()
    assert (session.external_userid, session.scene, session.scene_param) == (customer, "parcel", "a1")


async def test_link_opened_in_a_browser_leads_to_its_button(wire: Wire, sandbox: Sandbox) -> None:
    """With the parameter of the link kept."""
    _, url = await account(wire, sandbox)
    async with wire.http.get(f"{url}&scene_param=a1") as response:
        shown = await response.text()
    assert 'class="channel kf scanned"' in shown and 'name="scene_param" value="a1"' in shown


async def test_account_without_servicers_offers_to_hire(wire: Wire, sandbox: Sandbox) -> None:
    """So that the story can go on by hand."""
    open_kfid = await sandbox.kf.admin_adds("人工客服")
    await sandbox.kf.customer_enters(open_kfid)
    assert "让 李华 接待「人工客服」" in await page(wire)
    assert "人工接入" not in await play(wire, do="kf.admin_hires", open_kfid=open_kfid, userid="lihua")
    (customer,) = sandbox.world.people.customers
    await sandbox.kf.customer_writes(customer, open_kfid, "在吗")
    assert "人工接入" in await page(wire)


async def test_what_arrived_at_wecom_fills_the_profile_card(wire: Wire, sandbox: Sandbox) -> None:
    """Tags with their groups, remark, description."""
    customer = await sandbox.customer_adds(userid="lihua", name="小满")
    group = await wire.post("externalcontact/add_corp_tag", {"group_name": "肤质", "tag": [{"name": "偏干"}]})
    pair = {"userid": "lihua", "external_userid": customer}
    await wire.post("externalcontact/mark_tag", pair | {"add_tag": [group["tag_group"]["tag"][0]["id"]]})
    await wire.post("externalcontact/remark", pair | {"remark": "小满 干皮", "description": "晚上有空"})
    shown = await page(wire)
    assert "<small>肤质</small> 偏干" in shown and "小满 干皮" in shown and "晚上有空" in shown
    assert 'class="card current"' in shown


async def test_fancied_names_are_distinct(sandbox: Sandbox) -> None:
    """Twenty strangers have twenty names."""
    for _ in range(20):
        await sandbox.customer_adds(userid="lihua")
    assert len({customer.name for customer in sandbox.world.people.customers.values()}) == 20


async def test_nothing_that_people_write_in_kf_is_markup(wire: Wire, sandbox: Sandbox) -> None:
    """Names, texts, menus, scenes."""
    open_kfid = await sandbox.kf.admin_adds(NASTY)
    customer = await sandbox.kf.customer_enters(open_kfid, name=NASTY, scene_param=NASTY)
    await sandbox.kf.customer_writes(customer, open_kfid, NASTY + " http://a.cn/<b>")
    items = [
        {"type": "click", "click": {"id": NASTY, "content": NASTY}},
        {"type": "view", "view": {"url": "javascript:alert(1)", "content": NASTY}},
    ]
    body = {"touser": customer, "open_kfid": open_kfid, "msgtype": "msgmenu"}
    await wire.post("kf/send_msg", body | {"msgmenu": {"head_content": NASTY, "list": items, "tail_content": NASTY}})
    await sandbox.kf.customer_writes(
        customer, open_kfid, msgtype="link", content={"title": NASTY, "url": "javascript:1"}
    )
    shown = await page(wire, kf=NASTY)
    assert NASTY not in shown and "javascript:" not in shown and "http://a.cn/</a>&lt;b&gt;" in shown
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium: page tests are skipped")
async def test_kf_by_hand(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """From the link in the chat with the guide to a human and back, without a reload; tags fill the card."""
    playwright = pytest.importorskip("playwright.async_api")
    open_kfid, url = await account(wire, sandbox)
    customer = await sandbox.customer_adds(userid="lihua", name="小满")
    await sandbox.member_writes("lihua", customer, f"点开做个小测：{url}&scene_param=a1")
    group = await wire.post("externalcontact/add_corp_tag", {"group_name": "肤质", "tag": [{"name": "偏干"}]})
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        tab = await browser.new_page(viewport={"width": 390, "height": 844})
        problems: list[str] = []
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("pageerror", lambda error: problems.append(str(error)))
        await tab.goto(sandbox.base_url)
        await tab.get_by_role("button", name="打开客服「肤质小测」").last.click()
        await tab.get_by_text("还没有消息").wait_for()
        await greet(wire, sandbox, listener, open_kfid)
        tap = tab.get_by_role("button", name="偏干")
        await tap.wait_for()
        await tap.focus()
        await tab.keyboard.press("Enter")
        await tab.locator(".bubble.mine", has_text="偏干").wait_for()
        pair = {"userid": "lihua", "external_userid": customer}
        await wire.post("externalcontact/mark_tag", pair | {"add_tag": [group["tag_group"]["tag"][0]["id"]]})
        await tab.locator(".card.current .tags", has_text="偏干").wait_for()
        await tab.get_by_role("button", name="人工接入").click()
        reply = tab.get_by_label("回复 小满")
        await reply.fill("我是李华，帮你看看")
        await reply.press("Enter")
        await tab.locator(".bubble", has_text="我是李华").wait_for()
        await tab.get_by_role("button", name="结束会话").click()
        await tab.locator(".note", has_text="会话已结束").wait_for()
        assert await tab.evaluate("document.documentElement.scrollWidth") <= 390
        switches, lines = await tab.locator(".faults").bounding_box(), await tab.locator(".wire").bounding_box()
        assert switches and lines and switches["y"] < lines["y"]
        await tab.set_viewport_size({"width": 1280, "height": 844})
        assert await tab.evaluate("document.documentElement.scrollWidth") <= 1280
        assert problems == []
        await browser.close()

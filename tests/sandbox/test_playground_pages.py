"""The playground: what a visitor sees and can do; what customers and staff write is only ever text."""

from __future__ import annotations

import re

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.corp import AGENTID, PNG, Listener, Wire

NASTY = "<script>alert(1)</script>"


async def page(wire: Wire, **query: str) -> str:
    async with wire.http.get("/", params=query) as response:
        assert response.status == 200
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        return await response.text()


async def play(wire: Wire, **form: str) -> str:
    async with wire.http.post("/play", data=form) as response:
        assert response.status == 200
        return await response.text()


async def channel(wire: Wire) -> str:
    body = {"type": 1, "scene": 2, "state": "parcel", "remark": "包裹卡", "user": ["lihua"]}
    return str((await wire.post("externalcontact/add_contact_way", body))["config_id"])


async def test_story_can_be_clicked_through(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    config_id = await channel(wire)
    assert "包裹卡" in await page(wire) and "<svg" in await page(wire)
    await play(wire, do="customer_adds", config_id=config_id)
    await sandbox.callbacks_settled()
    form = aiohttp.FormData()
    form.add_field("media", PNG, filename="a.png")
    query = {"access_token": wire.token, "type": "image"}
    async with wire.http.post("/cgi-bin/media/upload", params=query, data=form) as response:
        media_id = (await response.json())["media_id"]
    attachments = [
        {"msgtype": "image", "image": {"media_id": media_id}},
        {"msgtype": "link", "link": {"title": "小测", "desc": "一分钟", "url": "javascript:alert(1)"}},
    ]
    welcome = {"welcome_code": listener.events[0]["WelcomeCode"], "text": {"content": "欢迎你"}}
    await wire.post("externalcontact/send_welcome_msg", welcome | {"attachments": attachments})
    shown = await page(wire)
    assert "欢迎你" in shown and f'src="/media/{media_id}"' in shown and "小测" in shown
    assert "javascript:" not in shown and "距回调" in shown
    customer = listener.events[0]["ExternalUserID"]
    left = await play(wire, do="customer_deletes", external_userid=customer, userid="lihua")
    assert "你已删除 李华" in left and "客户已删除导购" in left


async def test_everything_written_by_people_is_escaped(wire: Wire, sandbox: Sandbox) -> None:
    customer = await sandbox.customer_adds(userid="lihua", name=NASTY, state=NASTY)
    await sandbox.customer_writes(customer, "lihua", NASTY)
    await sandbox.member_edits("lihua", customer, remark=NASTY)
    tag_id = await sandbox.admin_edits_tags("create", group=NASTY, name=NASTY)
    await sandbox.member_edits("lihua", customer, add_tags=[tag_id])
    body = {"touser": "lihua", "agentid": AGENTID, "msgtype": "text", "text": {"content": NASTY + "正文"}}
    await wire.post("message/send", body)
    shown = await page(wire, scan=NASTY, error=NASTY)
    assert NASTY not in shown and shown.count("&lt;script&gt;") >= 4 and "正文" in shown


async def test_a_guide_opens_the_app_and_taps_the_link_in_its_message(
    wire: Wire, sandbox: Sandbox, listener: Listener
) -> None:
    """WeCom shows <a> in a text message as a link; nothing but web addresses can be tapped."""
    await play(wire, do="member_enters_app", userid="lihua", agentid=str(AGENTID))
    await sandbox.callbacks_settled()
    assert (listener.events[-1]["Event"], listener.events[-1]["FromUserName"]) == ("enter_agent", "lihua")
    content = (
        '<a href="https://crm.example/m/t?a=1&b=2">打开我的客户</a>：<b>粗</b> https://crm.example/x '
        '<a href="javascript:alert(1)">别点</a>'
    )
    body = {"touser": "lihua", "agentid": AGENTID, "msgtype": "text", "text": {"content": content}}
    await wire.post("message/send", body)
    shown = await page(wire)
    assert re.search(r'<a href="https://crm\.example/m/t\?a=1&amp;b=2"[^>]*>打开我的客户</a>：粗', shown)
    assert re.search(r'<a href="https://crm\.example/x"[^>]*>', shown)
    assert "别点" in shown and "javascript:" not in shown
    assert "没有这个动作" not in shown and "打开应用" in shown
    assert 'class="alert"' in await play(wire, do="member_enters_app", userid="lihua", agentid="x")


async def test_cards_are_shown_and_their_buttons_click(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    card = {
        "card_type": "button_interaction",
        "task_id": "t1",
        "main_title": {"title": "一位客户离开了"},
        "horizontal_content_list": [{"keyname": "客户", "value": "小满"}],
        "button_list": [{"text": "知道了", "key": "ok"}],
    }
    body = {"touser": "lihua", "agentid": AGENTID, "msgtype": "template_card", "template_card": card}
    sent = await wire.post("message/send", body)
    shown = await page(wire)
    assert all(words in shown for words in ("一位客户离开了", "小满", "知道了"))
    await play(wire, do="member_clicks", userid="lihua", msgid=sent["msgid"], key="ok")
    await sandbox.callbacks_settled()
    update = {"userids": ["lihua"], "response_code": listener.events[-1]["ResponseCode"]}
    await wire.post("message/update_template_card", update | {"button": {"replace_name": "已处理"}})
    assert "已处理" in await page(wire)


async def test_switches_turn_faults_on_and_off(wire: Wire, sandbox: Sandbox) -> None:
    for key in ("slow", "lost", "four"):
        assert 'aria-pressed="true"' in await play(wire, do="toggle", switch=key)
    assert {fault.kind for fault in sandbox.faults.in_force().values()} == {"slow", "reset_after", "duplicated"}
    for key in ("slow", "lost", "four"):
        shown = await play(wire, do="toggle", switch=key)
    assert 'aria-pressed="true"' not in shown and sandbox.faults.in_force() == {}


async def test_impossible_actions_are_told_on_the_page(wire: Wire) -> None:
    assert 'class="alert"' in await play(wire, do="customer_adds", config_id="nobody")
    assert "没有这个动作" in await play(wire, do="stop")
    assert "填完整" in await play(wire, do="customer_deletes", userid="lihua")


async def test_channel_code_is_an_svg_that_leads_to_its_channel(wire: Wire) -> None:
    config_id = await channel(wire)
    async with wire.http.get(f"/qr/{config_id}.svg") as response:
        assert response.content_type == "image/svg+xml" and "<path" in await response.text()
    async with wire.http.get("/qr/nobody.svg") as response:
        assert response.status == 404
    assert 'class="channel scanned"' in await page(wire, scan=config_id)


async def test_uploaded_files_are_served_as_what_they_are(wire: Wire) -> None:
    form = aiohttp.FormData()
    form.add_field("media", b"<html>hello</html>", filename="a.html", content_type="text/html")
    query = {"access_token": wire.token, "type": "file"}
    async with wire.http.post("/cgi-bin/media/upload", params=query, data=form) as response:
        media_id = (await response.json())["media_id"]
    async with wire.http.get(f"/media/{media_id}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
    async with wire.http.get("/media/nothing") as response:
        assert response.status == 404


async def test_every_control_has_a_name_and_every_id_is_unique(wire: Wire, sandbox: Sandbox) -> None:
    await channel(wire)
    await sandbox.customer_adds(userid="lihua")
    shown = await page(wire)
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    labels = set(re.findall(r'<label[^>]* for="([^"]+)"', shown))
    fields = re.findall(r'<(?:select|input)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', shown)
    assert fields and set(fields) <= labels
    assert '<html lang="zh-CN">' in shown


async def test_calls_repeated_are_one_line_with_their_number(wire: Wire, sandbox: Sandbox, listener: Listener) -> None:
    """Until something else is told to the app; what the customer did stays as it was."""
    await play(wire, do="toggle", switch="lost")
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    body = {"welcome_code": listener.events[0]["WelcomeCode"], "text": {"content": "欢迎"}}
    for _ in range(4):
        with pytest.raises(aiohttp.ClientError):
            await wire.post("externalcontact/send_welcome_msg", body)
    shown = await page(wire)
    assert shown.count("发送欢迎语") == 2 and "故障：回答丢失；已执行</span>" in shown
    assert "41051 欢迎语已发过，或已开始聊天 · 共 3 次" in shown
    await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    with pytest.raises(aiohttp.ClientError):
        await wire.post("externalcontact/send_welcome_msg", body)
    assert (await page(wire)).count("发送欢迎语") == 3

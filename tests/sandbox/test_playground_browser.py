"""The playground in a real browser: fits the screen, and shows without a reload what a scan, a press, a like do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.sandbox.corp import AGENTID, Listener, Wire
from tests.sandbox.mass_corp import TEXT

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium: page tests are skipped"),
]


@pytest.mark.parametrize("width", [390, 1280])
async def test_scan_welcome_and_farewell_by_hand(sandbox: Sandbox, wire: Wire, listener: Listener, width: int) -> None:
    playwright = pytest.importorskip("playwright.async_api")
    way = {"type": 1, "scene": 2, "state": "parcel", "remark": "包裹卡", "user": ["lihua"]}
    for _ in range(4):
        await wire.post("externalcontact/add_contact_way", way)
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": width, "height": 844})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(sandbox.base_url)
        await page.get_by_role("button", name="扫码添加").first.click()
        await page.get_by_text("现在可以开始聊天了").wait_for()
        await sandbox.callbacks_settled()
        code = listener.events[0]["WelcomeCode"]
        text = "欢迎" * 60 + "<i>结束</i>"
        await wire.post("externalcontact/send_welcome_msg", {"welcome_code": code, "text": {"content": text}})
        await page.get_by_text("<i>结束</i>").wait_for()
        await page.get_by_role("button", name="删除导购").click()
        await page.get_by_text("再扫一次码可以加回来").wait_for()
        notice = {"touser": "lihua", "agentid": AGENTID, "msgtype": "text", "text": {"content": "客户离开了"}}
        await wire.post("message/send", notice)
        await page.get_by_text("客户离开了").wait_for()
        await page.get_by_role("button", name="同一客户再扫").first.click()
        await page.get_by_text("现在可以开始聊天了").wait_for()
        sandbox.world.mass.dispatch_seconds = 0
        await wire.post("externalcontact/add_msg_template", TEXT | {"sender": "lihua"})
        await page.locator("[id^=confirm-]").click()
        await page.locator(".bubble").get_by_text("新品到店").wait_for()
        await sandbox.moments.member_posts_own("lihua", "冬天的帽子" * 20)
        await page.get_by_role("button", name="李华 的朋友圈").first.click()
        await page.get_by_role("button", name="取消赞").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert problems == []
        await browser.close()

"""The welcome carries a link: the page works on any phone, and a forwarded link shows nothing of the first customer."""

from __future__ import annotations

import re

from demo.phone import browser
from demo.profile import profile_of
from demo.stage import Stage, expect
from demo.stories.welcome import SEND, people_of


async def play(stage: Stage) -> dict[str, object]:
    customer = await stage.sandbox.customer_adds(userid="guide-lin", name="何女士")
    await stage.until("欢迎语", lambda: stage.sandbox.log.calls(SEND))
    guide = (await people_of(stage, customer))[0]
    chat = await stage.sandbox.customer_reads(customer, guide)
    found = re.search(r"https?://\S+/s/[\w.~-]+", chat[0]["text"])
    expect(found, "欢迎语里有调研链接")
    link = found[0] if found else ""
    async with browser() as phone, browser() as friend:
        await phone.open(link)
        expect("何女士" not in phone.html, "页面上没有姓名")
        await phone.send(action="begin")
        await phone.send(answer="紧绷起皮")
        await friend.open(link)
        await friend.send(action="begin")
        expect("洗完脸半小时" in friend.html, "转发出去的链接从第一题开始，看不到别人的答案")
        await friend.send(answer="油光明显")
        await phone.send(answer="补水")
        await phone.send(action="skip")
        expect("记下了" in phone.html, "答完有一句谢谢")
    await stage.settled()
    known = await profile_of(stage, customer)
    expect("肤质/干性" in known.tags and "肤质/油性" not in known.tags, "朋友的答案没有记到客户身上")
    expect(known.state == "done", "调研记为答完")
    return {"tags": sorted(known.tags), "surface": "H5"}

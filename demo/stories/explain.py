"""Somebody asks why a customer does not get a note: every shut gate, the fewest changes, and what they bring about."""

from __future__ import annotations

import re

from yarl import URL

from demo.phone import Browser, browser
from demo.shop import order, tell
from demo.stage import Stage, expect
from demo.stories.welcome import SEND

NOTE = "dec-2026/note-cream-set"
"""修护霜双支组, to dry skins who bought a while ago."""

FROM = ("--from", "2026-12-11")
BOUGHT_AT = 1_791_180_000
"""2026-10-05: long enough ago for the note."""


async def play(stage: Stage) -> dict[str, object]:
    customer = await stage.sandbox.customer_adds(userid="guide-lin", name="何女士")
    await stage.until("欢迎语", lambda: stage.sandbox.log.calls(SEND))
    expect(await tell(stage, order("YH-4001", customer, 26800, BOUGHT_AT)) == 200, "她买过修护霜")
    async with browser() as phone:
        await answers(stage, phone, customer)
        await stage.command("approve", "--all", "--by", "zhou-lan")
        said = await asked(stage, customer)
        expect("收不到“修护霜双支组”" in said and "人群" not in said, "该收的人，现在收不到")
        expect("审批：带价格的内容要店长看过" in said and "先信任：" in said, "两道门没放行，都说得出为什么")
        ways = said.split("最少这样改就能发：")[1]
        expect("请店长批准“修护霜双支组”" in ways and "trust_items: 0" in ways, "最少改哪两样")
        await stage.command("approve", "dg-cream-set", "--role", "店长", "--by", "he-yun")
        said = await asked(stage, customer)
        expect("收不到" in said and "先信任" in said and "审批" not in said, "只做一样还不够")
        await stage.edit(("care.yaml", "trust_items: 2", "trust_items: 0"))
        expect("会收到“修护霜双支组”" in await asked(stage, customer), "两样都做了，就能收到")
        await refuses(phone)
    await stage.settled()
    said = await asked(stage, customer)
    expect("退订：客户不想收到这个话题" in said and "没有办法改到能发" in said, "她自己说了别发，谁也改不了")
    whole = await stage.command("explain", customer, *FROM)
    expect("不想收到：" in whole and "全部" in whole, "全貌里也写着她不想收到什么")
    expect("阶段 " in whole and "调研回答 1 次" in whole, "阶段说得出看到了什么")
    return {"changes": 2, "stage": re.findall(r"阶段 (\S+?)：", whole)[0], "coming": whole.count("收不到")}


async def asked(stage: Stage, customer: str) -> str:
    """What the person who asks reads."""
    return await stage.command("explain", customer, NOTE, *FROM)


async def answers(stage: Stage, phone: Browser, customer: str) -> None:
    """The survey of the welcome: dry skin."""
    chat = await stage.sandbox.customer_reads(customer, "guide-lin")
    link = re.search(r"https?://\S+/s/[\w.~-]+", chat[0]["text"])
    await phone.open(link[0] if link else "")
    await phone.send(action="begin")
    await phone.send(answer="紧绷起皮")
    await phone.send(answer="补水")
    await phone.send(action="skip")
    await stage.settled()


async def refuses(phone: Browser) -> None:
    """Where the survey ends one may say what one wants to hear of: nothing more."""
    found = re.search(r'href="([^"]*/p/[^"]+)"', phone.html)
    expect(found, "答完可以选想收到什么")
    await phone.open(str(phone.url.join(URL(found[1] if found else ""))))
    await phone.send(action="none")

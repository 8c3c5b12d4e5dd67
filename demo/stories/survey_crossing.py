"""Begun by tapping in chat, finished on the page: one run, no question twice."""

from __future__ import annotations

import re

from demo.phone import browser, enter
from demo.profile import profile_of
from demo.stage import Stage, expect
from demo.stories.welcome import SEND, people_of


async def play(stage: Stage) -> dict[str, object]:
    chat = await enter(stage, "钟小姐")
    await chat.tap("油光明显")
    await stage.sandbox.customer_adds(userid="guide-lin", external_userid=chat.customer)
    await stage.until("欢迎语", lambda: stage.sandbox.log.calls(SEND))
    await stage.settled()
    guide = (await people_of(stage, chat.customer))[0]
    welcome = (await stage.sandbox.customer_reads(chat.customer, guide))[0]["text"]
    found = re.search(r"https?://\S+/s/[\w.~-]+", welcome)
    expect(found, "欢迎语里有调研链接")
    async with browser() as phone:
        await phone.open(found[0] if found else "")
        await phone.send(action="begin")
        expect("洗完脸半小时" not in phone.html, "在客服里答过的，网页上不再问")
        expect("这阵子最想" in phone.html, "从下一题接着来")
        await phone.send(answer="防晒")
        await phone.send(action="skip")
    await stage.settled()
    known = await profile_of(stage, chat.customer)
    expect({"肤质/油性", "意向/防晒"} <= known.tags, "两处的答案在同一个人身上")
    expect(known.state == "done" and known.runs == 1, "只有一份调研，已答完")
    return {"runs": known.runs, "tags": sorted(known.tags)}

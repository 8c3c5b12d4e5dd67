"""A customer comes by 微信客服: greeted at once, answers by tapping and typing, and the profile fills."""

from __future__ import annotations

from demo.phone import enter
from demo.profile import profile_of
from demo.stage import Stage, expect


async def play(stage: Stage) -> dict[str, object]:
    chat = await enter(stage, "沈小姐")
    greeting = (await chat.lines())[0]
    expect("洗完脸半小时" in str(greeting), "问候里就带着第一题")
    await chat.tap("容易红和刺痛")
    await chat.write("1、3")
    await chat.write("想舒缓一下泛红")
    thanks = await chat.write("某某面霜")
    expect("记下了" in str(thanks["content"]), "答完有一句谢谢")
    known = await profile_of(stage, chat.customer)
    expect({"肤质/敏感肌", "诱因/换季", "诱因/熬夜"} <= known.tags, "答案变成了标签")
    expect(known.fields.get("在用的护肤品") == "某某面霜", "文字答案进了资料")
    expect(known.state == "done", "调研记为答完")
    said = await chat.from_bot()
    expect(len({str(line["msgid"]) for line in said}) == len(said), "没有一句话说两遍")
    return {"questions": 4, "messages": len(said), "tags": sorted(known.tags)}

"""A customer asks for a person: the bot steps back at once, and stays silent when the person has gone."""

from __future__ import annotations

from demo.phone import enter
from demo.profile import profile_of
from demo.stage import Stage, expect


async def play(stage: Stage) -> dict[str, object]:
    chat, kf = await enter(stage, "方小姐"), stage.sandbox.kf
    await chat.tap("说不清")
    answer = await chat.write("我想找真人")
    expect("请同事来" in str(answer["content"]), "马上答应，并说会有人来")
    before = len(await chat.from_bot())
    await stage.until("导购知道了", lambda: stage.sandbox.log.calls("message/send"))
    notices = await stage.sandbox.member_reads("guide-lin")
    expect("等真人回复" in str(notices[-1]["content"]), "接待的导购收到提醒")
    await kf.servicer_takes("guide-lin", chat.customer, chat.open_kfid)
    await kf.servicer_writes("guide-lin", chat.customer, chat.open_kfid, "你好，我是林夕，我来帮你看。")
    await kf.customer_writes(chat.customer, chat.open_kfid, "补水")
    await stage.sandbox.callbacks_settled()
    await stage.settled()
    expect(len(await chat.from_bot()) == before, "人工接待时机器人一句也不说")
    await kf.servicer_ends("guide-lin", chat.customer, chat.open_kfid)
    await kf.customer_writes(chat.customer, chat.open_kfid, "好的谢谢")
    await stage.sandbox.callbacks_settled()
    await stage.settled()
    expect(len(await chat.from_bot()) == before, "人工走后也不接着问")
    known = await profile_of(stage, chat.customer)
    expect(known.state == "taken_over", "调研记为由人工接手")
    return {"said_by_bot": before, "notices": len(notices), "state": known.state}

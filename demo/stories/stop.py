"""A wrong post: what is out is told, what is not is taken back, and each guide hears once what to do."""

from __future__ import annotations

from demo.december import approved, at, became, feed_shows, group_shows, groups, notices, shown
from demo.stage import Stage, expect

POST, MOMENT = "group-cream-set", "moments-cream-set"
WRONG = ("--by", "zhou-lan", "--because", "图不对")
CANCELS = ("externalcontact/cancel_groupmsg_send", "externalcontact/cancel_moment_task")


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    made = await groups(stage, [("guide-lin", "会员群一"), ("guide-zhou", "会员群二")])
    people = {guide: await sandbox.customer_adds(userid=guide) for guide in ("guide-lin", "guide-zhou")}
    await sandbox.callbacks_settled()
    await stage.settled()
    await stage.look_at(at(10, 9, 0))
    await approved(stage)
    await shown(stage, at(10, 12, 6))
    [post], [moment] = await sandbox.mass.tasks("guide-lin"), await sandbox.moments.tasks("guide-lin")
    await sandbox.mass.member_confirms("guide-lin", post["msgid"])
    await sandbox.moments.member_posts("guide-lin", moment["moment_id"])
    await shown(stage, at(10, 12, 20))
    said = await stage.command("stop", f"dec-2026/{POST}", *WRONG)
    expect("1 条会收回" in said and "已经发出 1 条" in said, "停的时候就说：多少已经发出，多少还收得回")
    await stage.command("stop", f"dec-2026/{MOMENT}", *WRONG)
    for minute in (21, 22, 24, 26):
        await shown(stage, at(10, 12, minute))
    expect(not await sandbox.mass.tasks("guide-zhou"), "周可手里的群发没有了")
    expect(not await sandbox.moments.tasks("guide-zhou"), "朋友圈任务也没有了")
    saw = [await group_shows(stage, chat, post["text"]) for chat in made.values()]
    expect(saw == [1, 0], "已经在林夕群里的收不回来；周可的群里从来没有过")
    expect(await feed_shows(stage, people["guide-zhou"], moment["text"]) == 0, "周可的客户也没在朋友圈看到")
    out, back = await notices(stage, "guide-lin", "停掉了"), await notices(stage, "guide-zhou", "停掉了")
    expect("收不回来" in "".join(out) and "收回：" not in "".join(out), "林夕听到的是：已经发出去了，怎么办")
    expect(len(back) == 1 and "已经替你收回" in back[0] and "图不对" in back[0], "周可只听到一次：收回了，不用点")
    later = [str(minute) for minute in (30, 50) if await silent(stage, minute)]
    expect(len(later) == 2, "以后再看，谁也不再说第二遍")
    books = await became(stage, POST)
    expect([books[chat].outcome for chat in made.values()] == ["sent", "lapsed"], "账上也是一条发过，一条没有")
    return {"out": 1, "taken_back": sum(len(sandbox.log.calls(api)) for api in CANCELS), "told": [out[-1], back[0]]}


async def silent(stage: Stage, minute: int) -> bool:
    """Nobody hears of the stop again."""
    before = [len(await notices(stage, guide, "停掉了")) for guide in ("guide-lin", "guide-zhou")]
    await shown(stage, at(10, 12, minute))
    return before == [len(await notices(stage, guide, "停掉了")) for guide in ("guide-lin", "guide-zhou")]

"""A Moment: guides who share customers say it in other words, and who did not post in time did not."""

from __future__ import annotations

from demo.december import approved, at, became, feed_shows, shown
from demo.stage import Stage, expect

ENTRY = "moments-solstice"
GUIDES = ("guide-lin", "guide-zhou", "guide-wu")


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    shared = await sandbox.customer_adds(userid="guide-lin", name="陶小姐")
    for guide in GUIDES[1:]:
        await sandbox.customer_adds(userid=guide, external_userid=shared)
    own = {guide: await sandbox.customer_adds(userid=guide) for guide in GUIDES}
    await sandbox.callbacks_settled()
    await stage.settled()
    await stage.look_at(at(22, 9, 0))
    await approved(stage)
    await shown(stage, at(22, 10, 6))
    tasks = {guide: (await sandbox.moments.tasks(guide))[0] for guide in GUIDES}
    texts = {guide: task["text"] for guide, task in tasks.items()}
    expect(len(set(texts.values())) == len(GUIDES), "三位导购各说各的话")
    expect(not await sandbox.moments.feed(shared), "没人点发表以前，朋友圈里什么都没有")
    for guide in ("guide-lin", "guide-zhou"):
        await sandbox.moments.member_posts(guide, tasks[guide]["moment_id"])
    feed = [post["text"] for post in await sandbox.moments.feed(shared)]
    expect(sorted(feed) == sorted((texts["guide-lin"], texts["guide-zhou"])), "共有的客户看到两条，不是同一段话")
    expect(await feed_shows(stage, own["guide-lin"], texts["guide-lin"]) == 1, "只加了林夕的，只看到林夕的")
    for minute in (8, 40):
        await shown(stage, at(22, 10, minute))
    for minute in (6, 8):
        await shown(stage, at(22, 18, minute))
    expect(not await sandbox.moments.tasks("guide-wu"), "吴双到点没发，任务收回")
    expect(not await sandbox.moments.feed(own["guide-wu"]), "她的客户什么都没看到")
    books = {guide: row.outcome for guide, row in (await became(stage, ENTRY)).items()}
    expect(books == {"guide-lin": "sent", "guide-zhou": "sent", "guide-wu": "lapsed"}, "账上也是两条发过，一条没有")
    return {"posted": 2, "lapsed": 1, "seen_by_shared": len(feed)}

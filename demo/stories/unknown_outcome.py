"""WeCom did it and its answer was lost, or it never arrived: it is looked for, and nobody gets anything twice."""

from __future__ import annotations

from demo.december import approved, at, feed_shows, group_shows, groups, shown
from demo.stage import Stage, expect

ADD, MOMENT = "externalcontact/add_msg_template", "externalcontact/add_moment_task"


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    made = await groups(stage, [("guide-lin", "会员群一"), ("guide-zhou", "会员群二")])
    people = {guide: await sandbox.customer_adds(userid=guide) for guide in ("guide-lin", "guide-zhou")}
    await sandbox.callbacks_settled()
    await stage.settled()
    await stage.look_at(at(10, 9, 0))
    await approved(stage)
    sandbox.faults.add("reset_after", where=ADD, count=1)
    sandbox.faults.add("reset_before", where=ADD, count=1)
    sandbox.faults.add("reset_after", where=MOMENT, count=2)
    await shown(stage, at(10, 12, 6))
    doubt = await stage.rows("SELECT kind FROM outbox WHERE in_doubt AND settled_at IS NULL")
    expect(doubt, "有几条不知道成没成，就记成不知道")
    for minute in (8, 9, 12, 20, 24, 26):
        await shown(stage, at(10, 12, minute))
    for guide in people:
        [task], [moment] = await sandbox.mass.tasks(guide), await sandbox.moments.tasks(guide)
        await sandbox.mass.member_confirms(guide, task["msgid"])
        await sandbox.moments.member_posts(guide, moment["moment_id"])
        seen = [await group_shows(stage, chat, task["text"]) for chat in made.values()]
        posted = await feed_shows(stage, people[guide], moment["text"])
        expect(max(seen) == 1 and posted == 1, "每个群、每位客户都只看到一次")
    await shown(stage, at(10, 13, 0))
    states = [row.state for row in await stage.rows("SELECT state FROM sends")]
    expect(states and set(states) == {"sent"}, "没有一条还是不知道，也没有一条记错")
    calls = {api: len(sandbox.log.calls(api)) for api in (ADD, MOMENT)}
    expect(calls == {ADD: 3, MOMENT: 2}, "成了的没有再建，没到的补了一次")
    return {"in_doubt": len(doubt), "calls": calls, "known": len(states)}

"""A post to groups: nothing is in a group before its guide has pressed, and only what is there counts as sent."""

from __future__ import annotations

from demo.december import approved, at, became, group_shows, groups, shown
from demo.stage import Stage, expect

ENTRY = "group-cream-set"
ADD = "externalcontact/add_msg_template"


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    made = await groups(stage, [("guide-lin", "会员群一"), ("guide-lin", "会员群二"), ("guide-zhou", "会员群三")])
    mine, gone, hers = made.values()
    await stage.look_at(at(10, 9, 0))
    await approved(stage)
    await shown(stage, at(10, 12, 6))
    [task] = await sandbox.mass.tasks("guide-lin")
    text = task["text"]
    expect(sorted(task["recipients"]) == sorted((mine, gone)), "林夕的两个群在一条任务里，点一次")
    expect("268元" in text, "价格已经在话里")
    expect([await group_shows(stage, chat, text) for chat in made.values()] == [0, 0, 0], "没点以前，群里什么都没有")
    await sandbox.groups.dismisses(gone)
    await sandbox.mass.member_confirms("guide-lin", task["msgid"])
    await shown(stage, at(10, 12, 30))
    expect([await group_shows(stage, chat, text) for chat in (mine, hers)] == [1, 0], "她点了，她的群看到一次")
    await shown(stage, at(10, 14, 6))
    await shown(stage, at(10, 14, 8))
    expect(not await sandbox.mass.tasks("guide-zhou"), "周可到点没点，任务从她手里收回")
    books = await became(stage, ENTRY)
    expect(books[mine].outcome == "sent" and books[mine].settled_at, "账上：看到的那个群，发过一条")
    expect("发不到" in books[gone].because, "账上：散掉的群，没有发到")
    expect("没有点" in books[hers].because, "账上：没点的群，没有发到")
    expect(len(sandbox.log.calls(ADD)) == 2, "企业微信里一共建过两条任务，一位导购一条")
    return {"seen": 1, "lapsed": [books[gone].because, books[hers].because]}

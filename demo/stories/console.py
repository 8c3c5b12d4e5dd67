"""A day in the console: log in, see today, stop one thing and approve another, see it go, ask why the rest did not."""

from __future__ import annotations

from bot.web.console.door import new_link
from demo.office import Office, office
from demo.stage import Stage, expect
from demo.stories.calendar_day import MEMBERS, at

NOON, MOMENTS = "dec-2026/group-cream-set", "dec-2026/moments-cream-set"
ITEM = "dg-cream-set"


async def play(stage: Stage) -> dict[str, object]:
    people = await stage.sandbox.existing_pool(MEMBERS, guides=["guide-lin"])
    await stage.sandbox.groups.creates("guide-lin", "会员群一", people=people)
    await stage.sandbox.callbacks_settled()
    await stage.settled()
    await stage.look_at(at(9, 0))
    async with office(stage) as planner, office(stage) as manager:
        today = await planner.logs_in("周岚")
        expect("今天" in today and NOON in today and "还没到" in today, "运营一进来就看到今天要发什么")
        await stops(planner)
        await reads_and_approves(planner)
        await stage.look_at(at(12, 6))
        expect("推迟" in await planner.go("/console/today"), "带价格的，店长没看过先不发")
        expect("店长" in await planner.go(f"/console/why?q={NOON}"), "为什么也写着等谁")
        by_whom = await manager_approves(stage, manager)
        await stage.look_at(at(12, 12))
        await stage.look_at(at(12, 13))
        [task] = await stage.sandbox.mass.tasks("guide-lin")
        expect("等导购点" in await planner.go("/console/today"), "店长看过就发，现在等林夕点")
        await stage.sandbox.mass.member_confirms("guide-lin", task["msgid"])
        await stage.look_at(at(14, 7))
        expect("发出 1 个" in await planner.go("/console/today"), "林夕点了，今天这一页看得到")
        why = await planner.go(f"/console/why?q={MOMENTS}")
        expect(
            "停掉" in why and "图还没修好" in await planner.go("/console/switches"), "没发的那条，说得出是谁为什么停的"
        )
        await planner.go("/console/boxes")
        expect((await planner.go("/console/audit")) and planner.status == 403, "运营看不了操作记录，只有管理员能看")
        trail = await manager.go("/console/audit")
        expect("周岚" not in trail and "zhou-lan" in trail and "图还没修好" in trail, "管理员看得到谁改了什么")
    return {"approved_by": by_whom, "trail": trail.count("控制台")}


async def stops(planner: Office) -> None:
    """The picture of the Moments is not ready."""
    await planner.go("/console/switches")
    said = await planner.press("停掉", within="because", what=f"条目/{MOMENTS}", because="图还没修好")
    expect("已停掉" in said and "图还没修好" in said, "停掉了，写着为什么")


async def reads_and_approves(planner: Office) -> None:
    """The item of noon, as people will see it."""
    shown = await planner.go(f"/console/approvals/{ITEM}")
    expect("268元" in shown and "没有不能发的话" in shown, "审批前看到的就是客户会看到的")
    tried = await planner.press("试发给自己")
    expect("发到你的企业微信" in tried, "先发给自己看一遍，客户收不到")
    asked = await planner.press("发消息请他们来批")
    expect("会收到一条企业微信消息" in asked, "请店长来批")
    said = await planner.press("我看过，可以发")
    expect("审批好了" in said, "批好了")


async def manager_approves(stage: Stage, manager: Office) -> str:
    """Was asked on their phone, and comes in by a link that is good once."""
    read = [str(message["content"]) for message in await stage.sandbox.member_reads("he-yun")]
    asked = [words for words in read if "请你审批“修护霜双支组”" in words]
    expect(len(asked) == 1 and f"/console/approvals/{ITEM}" in asked[0], "店长收到一条消息，点开就是那一页")
    address = await new_link(stage.app.database, stage.config.public_url, "he-yun", stage.clock.now())
    await manager.go(address.removeprefix(stage.config.public_url))
    expect("今天" in await manager.press("进入"), "店长用只能用一次的链接进来")
    await manager.go(f"/console/approvals/{ITEM}")
    expect("审批好了" in await manager.press("以店长的身份审批"), "店长批好了")
    return "he-yun"

"""A customer scans the parcel card: greeted at once, tagged, known."""

from __future__ import annotations

from functools import partial

from bot.store import people
from demo.stage import Stage, expect

SEND = "externalcontact/send_welcome_msg"


async def play(stage: Stage) -> dict[str, object]:
    sandbox, scanned_at = stage.sandbox, stage.clock.now()
    customer = await sandbox.customer_adds(state="parcel", name="王女士")
    await stage.until("客户手机上的欢迎语", lambda: sandbox.log.calls(SEND))
    welcome = sandbox.log.calls(SEND)[0]
    guide = (await people_of(stage, customer))[0]
    chat = await sandbox.customer_reads(customer, guide)
    expect(len(chat) == 1, "客户只收到一条欢迎语")
    expect(sandbox.world.people.member(guide).name in chat[0]["text"], "欢迎语里有导购的名字")

    await stage.wait(3)
    await stage.until("企业微信里打上了来源标签", lambda: sandbox.log.calls("externalcontact/mark_tag"))
    person = await stage.app.database.read(partial(people.person, external_userid=customer))
    tags = await stage.app.database.read(partial(people.tags_of, external_userid=customer))
    expect(person and person.name == "王女士", "客户的昵称已经读回来")
    expect(("来源/包裹卡", "channel/parcel") in [(tag, source) for _, tag, source in tags], "标签和它的来源都记下了")
    return {
        "virtual_seconds_to_welcome": welcome["at"] - scanned_at,
        "welcomes": len(sandbox.log.calls(SEND)),
        "tags": sorted(tag for _, tag, _ in tags),
    }


async def people_of(stage: Stage, customer: str) -> list[str]:
    """The guides who have a customer, as WeCom sees it."""
    return [f.userid for f in stage.sandbox.world.people.followers_of(customer)]

"""A customer leaves: the guide is told once. They come back: greeted as somebody we know."""

from __future__ import annotations

from demo.stage import Stage, expect
from demo.stories.welcome import people_of

SEND = "externalcontact/send_welcome_msg"
LEFT = "change_external_contact/del_follow_user"


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    customer = await sandbox.customer_adds(state="friend", name="周周")
    await stage.until("欢迎语", lambda: len(sandbox.log.calls(SEND)) == 1)
    await stage.wait(3)
    guide = (await people_of(stage, customer))[0]

    sandbox.faults.add("duplicated", where=LEFT, times=3, count=1)
    await sandbox.customer_deletes(customer, guide)
    await sandbox.callbacks_settled()
    await stage.wait(1)
    notices = await sandbox.member_reads(guide)
    expect(len(notices) == 1, "导购只被告知一次")
    expect("周周" in str(notices[0]["content"]), "告知里有客户的昵称")

    await stage.wait(60)
    await sandbox.customer_adds(state="friend", userid=guide, external_userid=customer)
    await stage.until("回来时再次收到欢迎语", lambda: len(sandbox.log.calls(SEND)) == 2)
    chat = await sandbox.customer_reads(customer, guide)
    expect("又见面" in chat[-1]["text"], "回头客的欢迎语不一样")
    return {"notices": len(notices), "welcomes": 2}

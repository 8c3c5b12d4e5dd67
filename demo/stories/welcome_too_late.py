"""The callback comes 21 s late: nothing is sent, and the guide gets the words to send by hand."""

from __future__ import annotations

from bot.store import people
from demo.stage import GUIDES, Stage, expect

SEND = "externalcontact/send_welcome_msg"
LATE_SECONDS = 21


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    sandbox.faults.add("delayed", where="change_external_contact/add_external_contact", seconds=LATE_SECONDS)
    await sandbox.customer_adds(state="store", name="李小姐")
    await stage.wait(LATE_SECONDS)

    async def told() -> list[dict[str, object]]:
        return [notice for userid in GUIDES for notice in await sandbox.member_reads(userid)]

    await stage.until("导购收到待办", told)
    notices = await told()
    expect(len(notices) == 1, "导购只被提醒一次")
    expect("没有发出" in str(notices[0]["content"]), "提醒说明了为什么没有发出")
    expect(not sandbox.log.calls(SEND), "过了 20 秒就不再发")
    receptions = await stage.app.database.read(people.receptions)
    expect(any(state == "withheld" for state, _ in receptions), "接待台账记下未迎接和原因")
    return {"late_seconds": LATE_SECONDS, "welcomes": 0, "notices": len(notices)}

"""A note to those whom it helps, and to nobody else; who it did not reach has not been reached in the books either."""

from __future__ import annotations

from functools import partial

from bot.scrm.consent import CUSTOMER, EVERYTHING
from bot.scrm.events.privacy import PreferenceSet
from bot.store import inbox
from demo.december import approved, at, phone_shows, shown, tagged
from demo.stage import Stage, expect

GUIDE = "guide-lin"
NOTE = "note-care"


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    names = ("何女士", "沈女士", "叶女士", "孟女士", "乔女士")
    dry, leaves, declines, oily, late = [await sandbox.customer_adds(userid=GUIDE, name=name) for name in names]
    await sandbox.callbacks_settled()
    await stage.settled()
    await tagged(stage, GUIDE, dict.fromkeys((dry, leaves, declines), "肤质/干性") | {oily: "肤质/油性"})
    await declined(stage, declines)
    await stage.look_at(at(28, 9, 0))
    await approved(stage)
    await shown(stage, at(28, 10, 6))
    [task] = [task for task in await sandbox.mass.tasks(GUIDE) if task["chat_type"] == "single"]
    expect(sorted(task["recipients"]) == sorted((dry, leaves)), "任务里正好是用得上、也没说不要的两位")
    await tagged(stage, GUIDE, {late: "肤质/干性"})
    await sandbox.customer_deletes(leaves, GUIDE)
    expect(await phone_shows(stage, dry, GUIDE, task["text"]) == 0, "没点以前，谁也没收到")
    await sandbox.mass.member_confirms(GUIDE, task["msgid"])
    await shown(stage, at(28, 10, 30))
    saw = {who: await phone_shows(stage, who, GUIDE, task["text"]) for who in (dry, leaves, declines, oily, late)}
    expect(saw == {dry: 1, leaves: 0, declines: 0, oily: 0, late: 0}, "她点了：该收的收到一次，别的人没有")
    sent = await stage.rows(SENT)
    expect([(row.who, row.state) for row in sent] == [(dry, "sent")], "账上打扰过的，就是收到的那一位")
    said = await stage.command("explain", oily, f"dec-2026/{NOTE}", "--from", "2026-12-01")
    expect("人群" in said, "没收到的，说得出为什么")
    return {"asked": len(task["recipients"]), "reached": 1}


async def declined(stage: Stage, customer: str) -> None:
    """She has said on the page that she wants nothing more of the kind."""
    said = PreferenceSet(
        created_at=stage.clock.now(), external_userid=customer, topic=EVERYTHING, wanted=False, by=CUSTOMER
    )
    await stage.app.database.write(partial(inbox.put, arrivals=[inbox.own_arrival(said, cause="page")]))
    stage.app.dispatcher.wake()
    await stage.settled()


SENT = """SELECT follows.external_userid AS who, touches.state FROM touches
    JOIN follows ON follows.person_id = touches.person_id"""

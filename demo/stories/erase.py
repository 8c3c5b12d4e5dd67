"""A customer asks to be forgotten: nothing of them is left in any file, and nothing brings them back."""

from __future__ import annotations

from functools import partial

from bot.flow.schedule import tell as put
from bot.scrm.events.privacy import EraseAsked
from bot.store import belongings
from demo.shop import order, tell
from demo.stage import Stage, expect
from demo.stories.channel_report import report
from demo.stories.welcome import SEND, people_of

NAME = "柳如烟-要被忘记"


async def play(stage: Stage) -> dict[str, object]:
    began_at = stage.clock.now()
    customer = await stage.sandbox.customer_adds(state="friend", name=NAME)
    await stage.until("欢迎语", lambda: stage.sandbox.log.calls(SEND))
    await stage.wait(5)
    expect(await tell(stage, order("YH-3001", customer, 9900, stage.clock.now())) == 200, "订单收下了")
    await stage.settled()
    person_id = await stage.app.database.read(partial(belongings.find, customer=customer))
    before = await report(stage, began_at)
    expect(traces(stage, NAME, customer) > 0, "删除之前，文件里当然有")
    asked = EraseAsked(created_at=stage.clock.now(), person_id=person_id or 0)
    await put(stage.app.database, asked, "erase/story")
    stage.app.dispatcher.wake()
    await stage.until("回执", lambda: list((stage.config.data_folder / "receipts").glob("*.json")))
    await stage.settled()
    expect(traces(stage, NAME, customer) == 0, "所有文件里都找不到这位客户")
    guide = (await people_of(stage, customer))[0]
    await stage.sandbox.member_edits(guide, customer, remark=NAME)
    await stage.sandbox.callbacks_settled()
    await stage.wait(5)
    expect(
        await stage.app.database.read(partial(belongings.find, customer=customer)) is None, "迟到的回调没有把人带回来"
    )
    expect(await report(stage, began_at) == before, "统计数字没有变")
    return {"traces": 0, "receipts": 1}


def traces(stage: Stage, *marks: str) -> int:
    """How often the marks are found in any file of the data folder, byte by byte."""
    files = [file.read_bytes() for file in stage.config.data_folder.rglob("*") if file.is_file()]
    return sum(file.count(mark.encode()) for file in files for mark in marks)

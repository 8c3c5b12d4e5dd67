"""A week of two channels: added, greeted, surveyed, lost, first orders, and what they cost."""

from __future__ import annotations

from functools import partial

from bot.scrm.channel_report import ChannelNumbers
from bot.store.channel_report import channel_numbers
from demo.phone import enter
from demo.shop import order, tell
from demo.stage import Stage, expect
from demo.stories.welcome import SEND, people_of

DAY = 24 * 3600


async def play(stage: Stage) -> dict[str, object]:
    sandbox, began_at = stage.sandbox, stage.clock.now()
    parcel = [await sandbox.customer_adds(state="parcel", name=f"客户{n}") for n in range(3)]
    await sandbox.customer_adds(state="store", name="客户四")
    await stage.until("四位都收到欢迎语", lambda: len(sandbox.log.calls(SEND)) == 4)
    await stage.wait(60)
    await sandbox.customer_deletes(parcel[0], (await people_of(stage, parcel[0]))[0])
    await sandbox.callbacks_settled()
    expect(await tell(stage, order("YH-2001", parcel[1], 19900, stage.clock.now())) == 200, "订单收下了")
    await sandbox.customer_adds(state="store", external_userid=(await enter(stage, "官网来的人")).customer)
    await stage.wait(60)
    numbers = await report(stage, began_at)
    expect(numbers["parcel"].added == 3 and numbers["parcel"].greeted == 3, "包裹卡加了三位，都迎接了")
    expect(numbers["parcel"].lost_soon == 1 and numbers["parcel"].net == 2, "一位七天内走了，净增两位")
    expect(numbers["parcel"].first_orders == 1 and numbers["parcel"].first_order_fen == 19900, "一笔首单 199 元")
    expect(numbers["store"].added == 1 and numbers["store"].net == 1, "门店码加了一位")
    expect(numbers["kf-official"].added == 1, "先从客服链接来、后来才扫门店码的那位，只在客服链接下算一次")
    cost = stage.app.content.current.channels["parcel"].cost_per_add
    return {"parcel": 3, "lost": 1, "first_order_fen": 19900, "cost_fen": numbers["parcel"].cost(cost)}


async def report(stage: Stage, since_at: int) -> dict[str | None, ChannelNumbers]:
    """The numbers of every channel since then."""
    job = partial(channel_numbers, since_at=since_at, until_at=stage.clock.now() + DAY)
    return {numbers.channel_id: numbers for numbers in await stage.app.database.read(job)}

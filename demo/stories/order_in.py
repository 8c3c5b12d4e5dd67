"""Orders come in from the shop: matched to people, told twice and counted once, a part paid back."""

from __future__ import annotations

from functools import partial

from bot.store import belongings
from bot.store.timeline import timeline
from demo.shop import order, tell
from demo.stage import Stage, expect
from demo.stories.welcome import SEND


async def play(stage: Stage) -> dict[str, object]:
    customer = await stage.sandbox.customer_adds(state="parcel", name="许女士")
    await stage.until("欢迎语", lambda: stage.sandbox.log.calls(SEND))
    await stage.wait(60)
    paid_at = stage.clock.now()
    first = order("YH-1001", customer, 26800, paid_at)
    expect(await tell(stage, first) == 200, "订单收下了")
    expect(await tell(stage, first) == 200, "再送一遍也收下")
    await stage.settled()
    await stage.wait(60)
    refund = {"refund_id": "R1", "at": stage.clock.now(), "amount_fen": 6800}
    back = order("YH-1001", customer, 26800, paid_at, state="partially_refunded", refunds=[refund])
    expect(await tell(stage, back) == 200, "部分退款收下了")
    expect(await tell(stage, back) == 200, "退款再送一遍")
    await stage.settled()
    read = stage.app.database.read
    person_id = await read(partial(belongings.find, customer=customer))
    expect(person_id, "订单对上了人")
    moments = await read(partial(timeline, person_id=person_id or 0))
    orders = [m for m in moments if "YH-1001" in m.said or "268" in m.said]
    expect(len(orders) == 1, "时间线上订单只有一笔")
    row = (await stage.rows("SELECT channel_id, is_first, refunded_fen, how FROM orders"))[0]
    expect(tuple(row) == ("parcel", 1, 6800, "external_userid"), "首单归到包裹卡，退款只记一次，知道是怎么对上人的")
    return {"orders": 1, "refunded_fen": 6800, "moments": len(moments)}

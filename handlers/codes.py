"""One-use codes that will not last: a person is told while there is still time."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.decision import Decision
from bot.scrm.events.library import CodesRunLow
from bot.scrm.facts import Facts
from bot.scrm.gift import CodeStock
from bot.scrm.words import Words

router = Router()


@router.on(CodesRunLow)
async def run_low(event: CodesRunLow, facts: Facts) -> Decision:
    """Each of those who may approve content hears of it."""
    offer = facts.content.offers.get(event.offer)
    if offer is None or offer.codes is None:
        return Decision(because=("权益已经没有了",))
    left, total, lately = event.left, event.total, event.lately
    stock = CodeStock(offer=offer.id, title=offer.title, total=total, left=left, lately=lately)
    words = Words("staff/codes_low.txt", {"codes": {"said": stock.said, "file": offer.codes}})
    told = tuple(SendAppMessage(userid=userid, text=words) for userid in facts.settings.approvers)
    return Decision(actions=told, because=(stock.said,))

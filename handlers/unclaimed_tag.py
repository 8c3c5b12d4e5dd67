"""What a customer told in 微信客服 before any guide had them becomes their guides' to see."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import MarkTags
from bot.scrm.decision import Decision
from bot.scrm.events import CustomerSynced
from bot.scrm.facts import Facts
from bot.scrm.records import Record, TagPerson
from bot.scrm.records.tags import UntagPerson
from bot.scrm.tagging import NOBODY, decide_tags

router = Router()


@router.on(CustomerSynced)
async def claim(event: CustomerSynced, facts: Facts) -> Decision:
    """Tags in nobody's name go over to each guide who has the customer now, with the source they had."""
    carried = await facts.tags.carried(event.external_userid)
    unclaimed = [held for held in carried if held.userid == NOBODY]
    guides = [info.userid for info in event.follows]
    if not unclaimed or not guides:
        return Decision()
    others = [held for held in carried if held.userid != NOBODY]
    taxonomy = facts.content.taxonomy
    fitting = [h for h in unclaimed if decide_tags(taxonomy, others, [h.tag], h.source, facts.now).hold]
    who, now = event.external_userid, facts.now
    records: list[Record] = [UntagPerson(userid=NOBODY, external_userid=who, tag=h.tag, at=now) for h in unclaimed]
    records += [
        TagPerson(userid=userid, external_userid=who, tag=held.tag, source=held.source, at=now)
        for userid in guides
        for held in fitting
    ]
    shown = tuple(held.tag for held in fitting if held.tag in taxonomy.wecom_tags)
    marks = tuple(MarkTags(userid=userid, external_userid=who, add=shown) for userid in guides)
    return Decision(tuple(records), marks if shown else (), ("客服里打的标签，转给加了好友的导购",))

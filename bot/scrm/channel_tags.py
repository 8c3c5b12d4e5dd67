"""The tags of a channel, for a customer who came by it without adding a guide: into 微信客服, or into a group."""

from __future__ import annotations

from bot.scrm.channel import Channel
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.tagging import CHANNEL, NOBODY, tag_customer


async def channel_tags(external_userid: str, channel: Channel, facts: Facts) -> Decision:
    """With the guides who have this customer, else with nobody's name until one has."""
    guides = [userid for _, userid in await facts.follows.active(external_userid)]
    return tag_customer(
        facts.content.taxonomy,
        external_userid=external_userid,
        userids=guides or (NOBODY,),
        current=await facts.tags.carried(external_userid),
        wanted=channel.tags,
        source=f"{CHANNEL}{channel.id}",
        at=facts.now,
    )

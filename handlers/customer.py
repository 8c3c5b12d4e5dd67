"""A relation with a customer changed: edited, lost or removed."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SendAppMessage, SyncCustomer
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.naming import name_of
from bot.scrm.person import EndedBy, Follow
from bot.scrm.records import EndFollow
from bot.scrm.week import local_time
from bot.scrm.words import Words
from bot.wecom.events import CustomerDeleted, CustomerEdited, FollowUserDeleted

router = Router()


@router.on(CustomerEdited)
async def edited(event: CustomerEdited, facts: Facts) -> Decision:
    """A guide changed remark or tags: read the truth back."""
    return Decision(actions=(SyncCustomer(external_userid=event.external_userid),))


@router.on(FollowUserDeleted)
async def lost(event: FollowUserDeleted, facts: Facts) -> Decision:
    """The customer left: remember it and tell the guide, once."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    if follow is None or follow.status == "ended" or follow.added_at > event.created_at:
        return Decision(because=("这段关系已经记为结束，或客户后来又回来了，不打扰导购",))
    return _end(follow, "customer", event.created_at) + await _tell_of_loss(event, follow, facts)


@router.on(CustomerDeleted)
async def removed(event: CustomerDeleted, facts: Facts) -> Decision:
    """The guide removed the customer, or a transfer did: remember it."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    if follow is None or follow.status == "ended" or follow.added_at > event.created_at:
        return Decision()
    return _end(follow, "transfer" if event.by_transfer else "member", event.created_at)


def _end(follow: Follow, ended_by: EndedBy, at: int) -> Decision:
    return Decision(
        records=(
            EndFollow(
                userid=follow.userid,
                external_userid=follow.external_userid,
                ended_by=ended_by,
                ended_at=at,
                expected_version=follow.version,
            ),
        )
    )


async def _tell_of_loss(event: FollowUserDeleted, follow: Follow, facts: Facts) -> Decision:
    channel, person = facts.content.channel(follow.state), await facts.people.by_external_userid(event.external_userid)
    words = Words(
        "guide/customer_lost.txt",
        {
            "customer": {"name": name_of(person)},
            "channel": {"title": channel.title if channel else ""},
            "at": local_time(event.created_at, facts.timezone).strftime("%m-%d %H:%M"),
        },
    )
    return Decision(actions=(SendAppMessage(userid=event.userid, text=words),), because=("客户删除了导购",))

"""Whose customer somebody is: decided when a relation begins or ends, and kept."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events import CustomerSynced
from bot.scrm.events.owners import OwnerChosen
from bot.scrm.events.sync import CustomerFound, CustomerGone
from bot.scrm.facts import Facts
from bot.scrm.owner import Owner, decide_owner
from bot.scrm.records.owners import SaveOwner
from bot.scrm.sync import UNSETTLED_SECONDS
from bot.wecom.events import CustomerAdded, CustomerDeleted, CustomerHalfAdded, FollowUserDeleted

router = Router()


@router.on(CustomerAdded, CustomerHalfAdded, CustomerFound)
async def added(event: CustomerAdded | CustomerHalfAdded | CustomerFound, facts: Facts) -> Decision:
    """The first guide keeps the customer; with no other left, the new one takes over."""
    active = {userid: at for at, userid in await facts.follows.active(event.external_userid)}
    began_at = event.added_at if isinstance(event, CustomerFound) else event.created_at
    active.setdefault(event.userid, min(began_at, facts.now))
    return await _decide(event.external_userid, active, facts)


@router.on(FollowUserDeleted, CustomerDeleted, CustomerGone)
async def parted(event: FollowUserDeleted | CustomerDeleted | CustomerGone, facts: Facts) -> Decision:
    """Who was left or went hands the customer on to the guide added last; in a transfer its result says to whom."""
    if isinstance(event, CustomerDeleted) and event.by_transfer:
        return await _until_the_result(event.external_userid, facts)
    active = {userid: at for at, userid in await facts.follows.active(event.external_userid)}
    if active.get(event.userid, 0) > event.created_at:
        return Decision()  # they came back meanwhile
    active.pop(event.userid, None)
    return await _decide(event.external_userid, active, facts)


@router.on(CustomerSynced)
async def synced(event: CustomerSynced, facts: Facts) -> Decision:
    """WeCom lists the guides; nobody may have told us that the owner is not among them any more.

    Who is listed need not be connected: one whom the customer left is listed too.
    """
    listed = {info.userid: info.added_at for info in event.follows}
    young = event.created_at - UNSETTLED_SECONDS
    known = await facts.follows.active(event.external_userid)
    active = {userid: at for at, userid in known if userid in listed or at >= young}
    return await _decide(event.external_userid, active if known else listed, facts)


@router.on(OwnerChosen)
async def chosen(event: OwnerChosen, facts: Facts) -> Decision:
    """A person decided otherwise, and said why."""
    owner = Owner(userid=event.userid, since_at=event.created_at, because=event.because, by_hand=True)
    record = SaveOwner(external_userid=event.external_userid, owner=owner)
    return Decision(records=(record,), because=(f"归属改为 {event.userid}：{event.because}",))


async def _until_the_result(external_userid: str, facts: Facts) -> Decision:
    """Written down, for with the relation the reason to be the owner ends."""
    owner = await facts.people.owner(external_userid)
    return Decision(records=(SaveOwner(external_userid=external_userid, owner=owner),) if owner else ())


async def _decide(external_userid: str, active: dict[str, int], facts: Facts) -> Decision:
    current = await facts.people.owner(external_userid)
    owner = decide_owner(current, [(at, userid) for userid, at in active.items()], facts.now)
    if owner is None:
        return Decision()
    record = SaveOwner(external_userid=external_userid, owner=owner)
    return Decision(records=(record,), because=(f"归属 {owner.userid}：{owner.because}",))

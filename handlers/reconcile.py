"""The pool is read back: at first as history, then every night, so that what no callback told becomes known."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import Action, SyncCorpTags
from bot.scrm.actions.channels import CompareWays
from bot.scrm.actions.groups import SyncGroup
from bot.scrm.actions.sync import PlanSync, ReadPage
from bot.scrm.decision import Decision
from bot.scrm.events.sync import CustomerGone, PageRead, SyncDue, SyncPlanned
from bot.scrm.facts import Facts
from bot.scrm.records import EndFollow
from bot.scrm.records.sync import AdvanceSync, PlanParts, StartSync
from bot.scrm.sync import Place, SyncJob

router = Router()


@router.on(SyncDue)
async def due(event: SyncDue, facts: Facts) -> Decision:
    """Begin a reading, or go on where one stands."""
    job = await facts.syncs.unfinished(event.kind)
    if job is None:
        fresh = f"{event.kind}/{facts.now}"
        start = StartSync(job=fresh, kind=event.kind, at=facts.now)
        plan = PlanSync(job=fresh, kind=event.kind)
        # Pages name tags by id only: the library first.
        first = (SyncCorpTags(taxonomy=facts.content.taxonomy), CompareWays()) if event.kind == "customers" else ()
        return Decision(records=(start,), actions=(*first, plan))
    again = PlanSync(job=job.id, kind=job.kind) if job.state == "planning" else _page(job, job.place)
    return Decision(actions=(again,), because=("上一次没有读完，接着读",))


@router.on(SyncPlanned)
async def planned(event: SyncPlanned, facts: Facts) -> Decision:
    """One member after the other, from the first."""
    job = await facts.syncs.job(event.job)
    if job is None or job.state != "planning":
        return Decision(because=("这一轮已经开始了",))
    first = Place(min(event.parts)) if event.parts else None
    plan = PlanParts(job=job.id, parts=event.parts, to=first, at=facts.now)
    return Decision(records=(plan,), actions=(_page(job, first),) if first else ())


@router.on(PageRead)
async def page_read(event: PageRead, facts: Facts) -> Decision:
    """On to the next page, or the next member. A page that was read twice leads on once."""
    job = await facts.syncs.job(event.job)
    if job is None or job.state != "running" or job.place != event.place:
        return Decision(because=("这一页已经读过了",))
    to = await _after(event, facts)
    actions: tuple[Action, ...] = tuple(SyncGroup(chat_id=chat_id) for chat_id in event.chat_ids)
    return Decision(
        records=(AdvanceSync(page=event, to=to, at=facts.now),),
        actions=(*actions, _page(job, to)) if to else actions,
        because=(event.refused,) if event.refused else (),
    )


@router.on(CustomerGone)
async def gone(event: CustomerGone, facts: Facts) -> Decision:
    """It is over; who left, nobody can tell, so nobody is told."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    if follow is None or follow.status == "ended" or follow.added_at > event.created_at:
        return Decision()
    end = EndFollow(
        userid=event.userid,
        external_userid=event.external_userid,
        ended_by="unknown",
        ended_at=event.created_at,
        expected_version=follow.version,
    )
    return Decision(records=(end,), because=("对账时企业微信里已没有这段关系，回调没有收到，不知道是谁先离开",))


async def _after(event: PageRead, facts: Facts) -> Place | None:
    if event.to_cursor and not event.refused:
        return Place(event.place.part, event.to_cursor)
    part = await facts.syncs.next_part(event.job, event.place.part)
    return None if part is None else Place(part)


def _page(job: SyncJob, place: Place) -> ReadPage:
    return ReadPage(job=job.id, kind=job.kind, place=place, started_at=job.started_at)

"""What we read back from WeCom is remembered; what broke is read again."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SyncCustomer
from bot.scrm.decision import Decision
from bot.scrm.events import (
    CorpTagsSynced,
    CustomerSynced,
    LineBroken,
    MediaUploaded,
    MemberSynced,
    SyncAsked,
)
from bot.scrm.facts import Facts
from bot.scrm.records import SaveCorpTags, SaveCustomer, SaveMedia, SaveMember

router = Router()


@router.on(CustomerSynced)
async def customer(event: CustomerSynced, facts: Facts) -> Decision:
    """Profile, remarks and tags as WeCom has them."""
    return Decision(
        records=(
            SaveCustomer(
                external_userid=event.external_userid,
                profile=event.profile,
                follows=event.follows,
                at=event.created_at,
            ),
        )
    )


@router.on(MemberSynced)
async def member(event: MemberSynced, facts: Facts) -> Decision:
    """A member's name."""
    return Decision(records=(SaveMember(userid=event.userid, name=event.name, at=event.created_at),))


@router.on(CorpTagsSynced)
async def corp_tags(event: CorpTagsSynced, facts: Facts) -> Decision:
    """The whole tag library."""
    return Decision(records=(SaveCorpTags(tags=event.tags),), because=event.refused)


@router.on(MediaUploaded)
async def media(event: MediaUploaded, facts: Facts) -> Decision:
    """A file is at WeCom for 3 days."""
    return Decision(
        records=(
            SaveMedia(path=event.path, sha256=event.sha256, media_id=event.media_id, uploaded_at=event.created_at),
        )
    )


@router.on(SyncAsked)
async def asked(event: SyncAsked, facts: Facts) -> Decision:
    """Somebody wants the truth about a customer."""
    return Decision(actions=(SyncCustomer(external_userid=event.external_userid),))


@router.on(LineBroken)
async def mend(event: LineBroken, facts: Facts) -> Decision:
    """An event of a customer was parked: read the customer back, so that the line is true again."""
    kind, _, external_userid = event.broken_line.partition("/")
    if kind != "customer":
        return Decision(because=("这条线没有可以回读的客户",))
    return Decision(actions=(SyncCustomer(external_userid=external_userid),))

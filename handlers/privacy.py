"""What a customer allows is remembered, what they refuse is shown to their guides, and who wants to be forgotten is."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions.privacy import CompactDatabase, ErasePerson
from bot.scrm.consent import WHERE_TO_CHOOSE, tag_of
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfMessageReceived
from bot.scrm.events.privacy import CompactionDue, ConsentGiven, EraseAsked, PreferenceSet
from bot.scrm.facts import Facts
from bot.scrm.kf import speak
from bot.scrm.records.privacy import SaveConsent, SavePreference
from bot.scrm.survey.lookup import asked_here
from bot.scrm.survey.refusal import wants_no_messages
from bot.scrm.tagging import NOBODY, tag_customer, untag_customer

router = Router()


@router.on(ConsentGiven)
async def consent(event: ConsentGiven, facts: Facts) -> Decision:
    """What was asked and answered is kept, word for word."""
    return Decision(
        records=(
            SaveConsent(
                external_userid=event.external_userid,
                purpose=event.purpose,
                shown=event.shown,
                place=event.place,
                granted=event.granted,
                at=event.created_at,
            ),
        )
    )


@router.on(PreferenceSet)
async def preference(event: PreferenceSet, facts: Facts) -> Decision:
    """From now on it holds; the tags with every guide say the same, so that nobody writes by hand either."""
    before = await facts.consent.preferences(event.external_userid)
    if not before.hears(event.topic, wanted=event.wanted, by=event.by):
        return Decision(because=(f"“{event.topic}”照客户自己说的，导购不能替对方改",))
    saved = SavePreference(
        external_userid=event.external_userid,
        topic=event.topic,
        wanted=event.wanted,
        by=event.by,
        at=event.created_at,
    )
    after = before.after(event.topic, wanted=event.wanted, by=event.by)
    added, gone = after.refused - before.refused, before.refused - after.refused
    because = f"{'愿意' if event.wanted else '不愿意'}再收到“{event.topic}”（{event.by}）"
    return Decision(records=(saved,), because=(because,)) + await _mirror(event, sorted(added), sorted(gone), facts)


async def _mirror(event: PreferenceSet, added: list[str], gone: list[str], facts: Facts) -> Decision:
    """The refusals as tags, with every guide who is connected with the customer, or else with the first who will be."""
    external_userid, at = event.external_userid, event.created_at
    carried = await facts.tags.carried(external_userid)
    guides = [userid for _, userid in await facts.follows.active(external_userid)]
    taxonomy = facts.content.taxonomy
    return tag_customer(
        taxonomy,
        external_userid=external_userid,
        userids=guides or (NOBODY,),
        current=carried,
        wanted=[tag_of(topic) for topic in added],
        source=f"preference/{event.by}",
        at=at,
    ) + untag_customer(
        taxonomy, external_userid=external_userid, held=carried, tags=[tag_of(topic) for topic in gone], at=at
    )


@router.on(KfMessageReceived)
async def wants_less(event: KfMessageReceived, facts: Facts) -> Decision:
    """Who writes 退订 in 微信客服 is shown where to choose; a survey that stands there hears it first."""
    if event.history or event.menu_id or not wants_no_messages(event.text):
        return Decision()
    if await asked_here(event.external_userid, event.open_kfid, facts):
        return Decision()
    session = (await facts.kf.session(event.open_kfid, event.external_userid)).heard(event.created_at)
    words = WHERE_TO_CHOOSE.format(link=facts.links.preferences(event.external_userid))
    return speak(session, f"wishes/{event.msgid}", words, facts.now)


@router.on(EraseAsked)
async def erase(event: EraseAsked, facts: Facts) -> Decision:
    """Done beside everything else, a chunk at a time."""
    return Decision(
        actions=(ErasePerson(person_id=event.person_id, asked_at=event.created_at),), because=("有人要求删除",)
    )


@router.on(CompactionDue)
async def compaction(event: CompactionDue, facts: Facts) -> Decision:
    """The last trace of the erased goes while nobody minds waiting."""
    return Decision(actions=(CompactDatabase(),), because=("删除过客户，夜里整理数据库文件",))

"""Tags end when their time is over, one of a group makes way for another, and the library follows the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.router import Router
from bot.scrm.actions import SyncCorpTags
from bot.scrm.actions.tags import DeleteCorpTag
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive, CustomerSynced
from bot.scrm.events.tags import TagDeletionAsked, TagExpired, TagSyncAsked
from bot.scrm.facts import Facts
from bot.scrm.span import spelled
from bot.scrm.tagging import WECOM, CarriedTag, decide_tags, untag_customer
from bot.scrm.taxonomy import Taxonomy

router = Router()


@router.on(ContentWentLive, TagSyncAsked)
async def align(event: ContentWentLive | TagSyncAsked, facts: Facts) -> Decision:
    """Add and rename at WeCom what the file asks for; what else is there stays."""
    return Decision(actions=(SyncCorpTags(taxonomy=facts.content.taxonomy),))


@router.on(TagDeletionAsked)
async def delete(event: TagDeletionAsked, facts: Facts) -> Decision:
    """One tag goes, by a person's word."""
    if facts.content.taxonomy.find(event.tag):
        return Decision(because=(f"tags.yaml 里还有“{event.tag}”，先从文件里删掉",))
    return Decision(actions=(DeleteCorpTag(tag=event.tag),), because=(f"有人要删标签“{event.tag}”",))


@router.on(TagExpired)
async def expired(event: TagExpired, facts: Facts) -> Decision:
    """What was carried too long is taken off, with the guides who did not set it anew meanwhile."""
    taxonomy = facts.content.taxonomy
    group = taxonomy.group_of(event.tag)
    if group is None or group.expires_seconds is None:
        return Decision(because=("这个标签已经不会过期了",))
    ended_at = facts.now - group.expires_seconds
    held = [h for h in await facts.tags.carried(event.external_userid) if h.tag == event.tag and h.set_at <= ended_at]
    because = (f"“{event.tag}”满 {spelled(group.expires_seconds)}，摘下",) if held else ("标签已经不在，或刚刚续上",)
    off = untag_customer(taxonomy, external_userid=event.external_userid, held=held, tags=(event.tag,), at=facts.now)
    return off + Decision(because=because)


@router.on(CustomerSynced)
async def make_way(event: CustomerSynced, facts: Facts) -> Decision:
    """A guide chose another tag of a group of which one holds: ours makes way."""
    taxonomy = facts.content.taxonomy
    if not any(_singles(taxonomy, event)):
        return Decision()
    carried = await facts.tags.carried(event.external_userid)
    withdrawn = await facts.tags.withdrawn(event.external_userid)
    known = {(held.userid, held.tag) for held in carried} | set(withdrawn)
    new = [tag for userid, tag in _singles(taxonomy, event) if (userid, tag) not in known]
    return _off(taxonomy, event.external_userid, carried, new, facts.now)


def _singles(taxonomy: Taxonomy, event: CustomerSynced) -> Iterator[tuple[str, str]]:
    """(userid, tag) of what WeCom shows of 单选 groups."""
    single = {tag.path for group in taxonomy.groups if group.pick == "单选" for tag in group.tags}
    return ((info.userid, path) for info in event.follows for _, path in info.tags if path in single)


def _off(
    taxonomy: Taxonomy, external_userid: str, carried: Sequence[CarriedTag], new: Sequence[str], now: int
) -> Decision:
    rivals = decide_tags(taxonomy, carried, new, WECOM, now).remove
    if not rivals:
        return Decision()
    off = untag_customer(taxonomy, external_userid=external_userid, held=carried, tags=rivals, at=now)
    return off + Decision(because=(f"导购改打了{'、'.join(new)}，{'、'.join(rivals)}让位",))

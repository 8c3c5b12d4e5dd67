"""Somebody changed the corp's tag library: mirror it again."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SyncCorpTags
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.wecom.events import CorpTagCreated, CorpTagDeleted, CorpTagShuffled, CorpTagUpdated

router = Router()


@router.on(CorpTagCreated, CorpTagUpdated, CorpTagDeleted, CorpTagShuffled)
async def changed(event: object, facts: Facts) -> Decision:
    """Read the library as a whole: deleting a group gives no event per tag (official page 92277)."""
    return Decision(actions=(SyncCorpTags(),))

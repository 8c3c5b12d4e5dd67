"""Forgetting a person."""

from __future__ import annotations

from bot.flow.erase import compact_for_erased, erase_person
from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.privacy import CompactDatabase, ErasePerson
from bot.store.outbox import Claimed


async def _erase(post: Post, action: ErasePerson, claimed: Claimed) -> Events:
    work = (post.database, post.people_key, post.data_folder, post.clock, post.timezone)
    await erase_person(*work, action.person_id, action.asked_at)
    return ()


async def _compact(post: Post, action: CompactDatabase, claimed: Claimed) -> Events:
    await compact_for_erased(post.database, post.data_folder, post.clock, post.timezone)
    return ()


HOW: dict[type[Action], Performed] = {ErasePerson: _erase, CompactDatabase: _compact}

"""Forgetting a person."""

from __future__ import annotations

from bot.flow.erase import erase_person
from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.scrm.actions.privacy import ErasePerson
from bot.store.outbox import Claimed


async def _erase(post: Post, action: ErasePerson, claimed: Claimed) -> Events:
    await erase_person(post.database, post.people_key, post.data_folder, post.clock, action.person_id, action.asked_at)
    return ()


HOW: dict[type[Action], Performed] = {ErasePerson: _erase}

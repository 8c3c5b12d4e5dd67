"""One function for each action: our clear word on the left, WeCom's endpoint on the right.

Each returns the own events that tell what came of it, and raises bot.wecom.errors when it failed.
One module a subject; each lists what it can do in HOW.
"""

from __future__ import annotations

from bot.flow.perform import customers, library
from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action
from bot.store.outbox import Claimed

HOW: dict[type[Action], Performed] = {
    **customers.HOW,
    **library.HOW,
}

__all__ = ["HOW", "Events", "Post", "perform"]


async def perform(post: Post, claimed: Claimed) -> Events:
    """Do it, once.

    Raises:
        WeComError: WeCom refused.
        AnswerLost: it may have been done.
        NotReached: it surely was not.
    """
    return await HOW[type(claimed.action)](post, claimed.action, claimed)

"""One function for each action: our clear word on the left, WeCom's endpoint on the right.

Each returns the own events that tell what came of it, and raises bot.wecom.errors when it failed.
One module a subject; each lists what it can do in HOW.
"""

from __future__ import annotations

from bot.flow.perform import (
    channels,
    customers,
    groups,
    kf_accounts,
    kf_pull,
    kf_send,
    library,
    mass_sends,
    moments,
    planning,
    privacy,
    remark,
    sync,
    tags,
    transfers,
    way_compare,
)
from bot.flow.perform.post import Events, Performed, Post, Withheld
from bot.scrm.actions import Action
from bot.store.outbox import Claimed

HOW: dict[type[Action], Performed] = {
    **customers.HOW,
    **library.HOW,
    **sync.HOW,
    **groups.HOW,
    **transfers.HOW,
    **kf_pull.HOW,
    **kf_send.HOW,
    **kf_accounts.HOW,
    **channels.HOW,
    **way_compare.HOW,
    **tags.HOW,
    **privacy.HOW,
    **remark.HOW,
    **planning.HOW,
    **mass_sends.HOW,
    **moments.HOW,
}

__all__ = ["HOW", "Events", "Post", "Withheld", "perform"]


async def perform(post: Post, claimed: Claimed) -> Events:
    """Do it, once.

    Raises:
        WeComError: WeCom refused.
        AnswerLost: it may have been done.
        NotReached: it surely was not.
        Withheld: it must not be done, and was not.
    """
    return await HOW[type(claimed.action)](post, claimed.action, claimed)

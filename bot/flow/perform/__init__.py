"""One function for each action: our clear word on the left, WeCom's endpoint on the right.

Each returns the own events that tell what came of it, and raises bot.wecom.errors when it failed.
One module a subject; each lists what it can do in HOW.
"""

from __future__ import annotations

from dataclasses import replace

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
from bot.flow.perform.post import Events, LookedFor, Performed, Post, Withheld
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

LOOKED_FOR: dict[type[Action], LookedFor] = {**mass_sends.LOOKED_FOR, **moments.LOOKED_FOR}
"""What is never just repeated: whether it was done is looked for first."""

__all__ = ["HOW", "Events", "Post", "Withheld", "is_looked_for", "look_back", "perform"]


def is_looked_for(claimed: Claimed) -> bool:
    """Whether an earlier try of it may have arrived, and WeCom can be asked."""
    return claimed.in_doubt and type(claimed.action) in LOOKED_FOR


async def look_back(post: Post, claimed: Claimed) -> tuple[Claimed, Events | None]:
    """What an earlier try came to, where that can be found out; None: it is still to be done, in what doubt is left.

    Raises:
        NotReached: not yet, or not now.
        Withheld: nobody will ever know.
    """
    if not is_looked_for(claimed):
        return claimed, None
    found = await LOOKED_FOR[type(claimed.action)](post, claimed.action, claimed)
    return replace(claimed, in_doubt=False), found


async def perform(post: Post, claimed: Claimed) -> Events:
    """Do it, once.

    Raises:
        WeComError: WeCom refused.
        AnswerLost: it may have been done.
        NotReached: it surely was not.
        Withheld: it must not be done, and was not.
    """
    return await HOW[type(claimed.action)](post, claimed.action, claimed)

"""What is remembered of sends."""

from __future__ import annotations

from bot.scrm.calendar import Slot
from bot.scrm.kind import Touchpoint
from bot.scrm.records.base import Record


class KeepSend(Record, frozen=True, kw_only=True):
    """A send is about to be made for a slot. `pools`: chat_ids, or the userids of a Moment; else whom: the
    reserved touches of `planned_id` with person_id above `after`, up to `upto`. `people`: groups, guides or persons."""

    key: str
    touchpoint: Touchpoint
    slot: Slot
    userid: str
    item: str
    people: int
    pools: tuple[str, ...] = ()
    planned_id: int | None = None
    after: int = 0
    upto: int = 0
    at: int


class StartSend(Record, frozen=True, kw_only=True):
    """WeCom has taken it, see `SendMade`. `look_at`: when to look at it."""

    key: str
    task_id: str
    job_id: str
    failed: tuple[str, ...]
    look_at: int
    at: int


class LookAgain(Record, frozen=True, kw_only=True):
    """Nothing is decided yet; `at`: when to look next."""

    key: str
    at: int


class HearAgain(Record, frozen=True, kw_only=True):
    """`at`: when to read next who commented on a Moment; None: never."""

    key: str
    at: int | None


class SettleSend(Record, frozen=True, kw_only=True):
    """It is over. `state`: sent, lapsed (nobody pressed in time), failed, unknown; `reason`: of what did not leave.
    `tell_at`: when its guides are to hear that somebody stopped it. `held`: the groups that it was for are held as at
    their slot, and asked again: who owns them then may send it.

    What was reserved for whom it did not reach is free again, and only what was sent is charged to the mix. Unknown:
    it may yet be pressed, so all stays as if it had been.
    """

    key: str
    state: str
    reason: str
    tell_at: int | None = None
    held: bool = False
    at: int


class ReleaseAudience(Record, frozen=True, kw_only=True):
    """Whom a slot was planned for does not get it: what was reserved is free again. `planned_ids`: of its guides."""

    planned_ids: tuple[int, ...]
    because: str
    at: int


class DismissTasks(Record, frozen=True, kw_only=True):
    """What a guide has in hand alone is taken back, and why; one send by its `key`, what is of one `entry`
    (calendar/entry) or touchpoint, or all of it."""

    userid: str
    because: str
    key: str = ""
    entry: str = ""
    touchpoint: Touchpoint | None = None
    at: int


class PassOn(Record, frozen=True, kw_only=True):
    """Whom the send `key` has not reached goes with the sends of others, who know them: `heirs` are (key, userid), the
    first one first. `slot`: of their decisions, which are kept before."""

    key: str
    heirs: tuple[tuple[str, str], ...]
    slot: Slot
    at: int

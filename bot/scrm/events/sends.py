"""What becomes of sends at WeCom: mass sends and Moments. There is no callback: we look."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.base import OwnEvent
from bot.scrm.kind import Touchpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class SendEvent(OwnEvent):
    """Something about one send. `key`: ours."""

    key: str

    @property
    def line(self) -> str:
        return f"send/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMade(SendEvent):
    """WeCom has taken it. `failed`: external_userids that it cannot reach.

    `task_id`: a msgid or moment_id; empty while the job `job_id` is still making it.
    """

    task_id: str = ""
    job_id: str = ""
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed(SendEvent):
    """It was not made (`state`: refused, failed, expired, dropped), or nobody can say whether it was (unknown)."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDue(SendEvent):
    """It is time to look at it. `by_at`: until when it may be sent. `userid`: whose; empty where it is several's.

    `look_at`: when it was to be looked at. `stopped`: by whom and why, where somebody stopped it; then it is taken back
    at once.
    """

    userid: str
    by_at: int
    item: str
    look_at: int
    slot_at: int = 0
    task_id: str = ""
    job_id: str = ""
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRead(SendEvent):
    """How far it is: what was read of each receiver is kept already.

    `pressed`: whether a guide sent it. `unsent`: receivers (of a Moment: guides) of whom nothing is known yet. `last`:
    what was not sent then never will be.
    """

    by_at: int
    pressed: bool
    sent: int
    unsent: int
    last: bool
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionsDue(SendEvent):
    """It is time to read who commented on a Moment, and who likes it. `by_at`: when it was over."""

    task_id: str
    by_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendsStopped(OwnEvent):
    """What a guide had in hand was stopped (`because`: by whom and why), and it is known what had left: the items of
    the tasks that were taken back, and of those that the guide had sent already."""

    userid: str
    because: str
    taken_back: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"stopped/{self.userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideAway(OwnEvent):
    """A guide is away who has one-to-one sends in hand, and somebody stands in for them."""

    userid: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What a guide has in hand. `by_at`: until when it may be sent."""

    touchpoint: Touchpoint
    item: str
    by_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksOpen(OwnEvent):
    """A guide has not pressed these, and it is time to say so; the most pressing first."""

    userid: str
    tasks: tuple[OpenTask, ...]

    @property
    def line(self) -> str:
        return f"reminded/{self.userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialAsked(OwnEvent):
    """Somebody wants to see an item as others will, on the phone of a member."""

    userid: str
    item: str

    @property
    def line(self) -> str:
        return f"trial/{self.userid}"


EVENTS = (GuideAway, ReactionsDue, SendMade, SendFailed, SendDue, SendRead, SendsStopped, TasksOpen, TrialAsked)

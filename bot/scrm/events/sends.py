"""What becomes of sends at WeCom: mass sends and Moments. There is no callback: we look."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.scrm.kind import Touchpoint
from bot.value import Value


class SendEvent(OwnEvent, frozen=True, kw_only=True):
    """Something about one send. `key`: ours."""

    key: str

    @property
    def line(self) -> str:
        return f"send/{self.key}"


class SendMade(SendEvent, frozen=True, kw_only=True):
    """WeCom has taken it. `failed`: external_userids that it cannot reach.

    `task_id`: a msgid or moment_id; empty while the job `job_id` is still making it.
    """

    task_id: str = ""
    job_id: str = ""
    failed: tuple[str, ...] = ()


class SendFailed(SendEvent, frozen=True, kw_only=True):
    """It was not made (`state`: refused, failed, expired, dropped), or nobody can say whether it was (unknown)."""

    state: str
    reason: str


class SendDue(SendEvent, frozen=True, kw_only=True):
    """It is time to look at it. `by_at`: until when it may be sent. `userid`: whose; empty where it is several's.

    `look_at`: when it was to be looked at; `made_at`: when it was asked for. `stopped`: by whom and why, where somebody
    stopped it; then it is taken back at once.
    """

    userid: str
    by_at: int
    item: str
    look_at: int
    slot_at: int = 0
    made_at: int = 0
    task_id: str = ""
    job_id: str = ""
    stopped: str = ""


class SendRead(SendEvent, frozen=True, kw_only=True):
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


class ReactionsDue(SendEvent, frozen=True, kw_only=True):
    """It is time to read who commented on a Moment, and who likes it. `by_at`: when it was over."""

    task_id: str
    by_at: int


class SendsStopped(OwnEvent, frozen=True, kw_only=True):
    """What a guide had in hand was stopped (`because`: by whom and why), and it is known what had left: the items of
    the tasks that were taken back, and of those that the guide had sent already."""

    userid: str
    because: str
    taken_back: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"stopped/{self.userid}"


class GuideAway(OwnEvent, frozen=True, kw_only=True):
    """A guide is away who has one-to-one sends in hand, and somebody stands in for them."""

    userid: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


class OpenTask(Value, frozen=True):
    """What a guide has in hand. `by_at`: until when it may be sent."""

    touchpoint: Touchpoint
    item: str
    by_at: int


class TasksOpen(OwnEvent, frozen=True, kw_only=True):
    """A guide has not pressed these, and it is time to say so; the most pressing first."""

    userid: str
    tasks: tuple[OpenTask, ...]

    @property
    def line(self) -> str:
        return f"reminded/{self.userid}"


class TrialAsked(OwnEvent, frozen=True, kw_only=True):
    """Somebody wants to see an item as others will, on the phone of a member."""

    userid: str
    item: str

    @property
    def line(self) -> str:
        return f"trial/{self.userid}"


EVENTS = (GuideAway, ReactionsDue, SendMade, SendFailed, SendDue, SendRead, SendsStopped, TasksOpen, TrialAsked)

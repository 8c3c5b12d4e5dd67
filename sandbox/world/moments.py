"""客户朋友圈: posts that members must confirm, whom they reach, what people say of them (official pages 96351, 96352).

What the API does with them is in moment_api.py and moment_results.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.habits import Habit, Habits
from sandbox.world.moment_content import Content
from sandbox.world.people import People
from sandbox.world.quota import Ledger
from sandbox.world.wire import ApiError, Body, Ids, NotFoundError, need


@dataclass(frozen=True, slots=True)
class Reaction:
    """A comment, or a like without words; `person` is a userid or an external_userid."""

    person: str
    at: int
    text: str = ""


@dataclass(slots=True)
class MomentTask:
    """One member's post of a Moment; `planned`: who is to see it, `visible`: who could when it was posted."""

    userid: str
    planned: list[str]
    posted_at: int = 0
    visible: list[str] = field(default_factory=list)
    likes: dict[str, Reaction] = field(default_factory=dict)
    comments: list[Reaction] = field(default_factory=list)
    deleted_at: int = 0


@dataclass(slots=True)
class Moment:
    """`creator` "" = made by API, else the member who posted it for himself; `public`: visible to all his customers."""

    ordinal: int
    moment_id: str
    creator: str
    create_time: int
    public: bool
    text: str
    attachments: tuple[dict[str, Any], ...]
    dispatched_at: int
    tasks: dict[str, MomentTask] = field(default_factory=dict)
    cancelled_at: int = 0


class Moments:
    """All of them; NotFoundError says what is amiss with what people do.

    `dispatch_seconds`: from the end of the job to the members' clients, 41079 meanwhile (not published).
    `customer_month`: how many of the corp's a customer can see in a calendar month. Once it was 4; whether there is
    such a limit today is not published, so there is none until it is set.
    """

    def __init__(self, ids: Ids, people: People, habits: Habits) -> None:
        self._ids, self._people, self._habits = ids, people, habits
        self._moments: dict[str, Moment] = {}
        self._seen = Ledger()
        self.dispatch_seconds = 2
        self.customer_month: int | None = None

    def all(self) -> list[Moment]:
        """In order of time."""
        return list(self._moments.values())

    def api_moment(self, body: Body) -> Moment:
        """The one that a call is about. Raises ApiError 41059 (missing) or 41060 (unknown)."""
        need(body.get("moment_id"), 41059, "moment_id is missing")
        moment = self._moments.get(str(body["moment_id"]))
        if moment is None:
            raise ApiError(41060, "invalid moment_id")
        return moment

    def creates(self, at: int, content: Content, planned: Mapping[str, Sequence[str]], public: bool) -> Moment:
        """The corp's Moment, made at `at` and soon after with each member of `planned`."""
        moment = self._open(at, content, planned, public, at + self.dispatch_seconds)
        for userid in moment.tasks:
            self._habits.assigned("moments", userid, moment.dispatched_at, self._press(userid, moment.moment_id))
        return moment

    def waiting(self, at: int, userid: str) -> list[Moment]:
        """What the member's client shows as still to be posted, oldest first."""
        return [moment for moment in self._moments.values() if self._waits(at, userid, moment)]

    def posts(self, at: int, *, userid: str, moment_id: str) -> MomentTask:
        """The member presses 发表."""
        member, moment = self._people.member(userid).userid, self._moments.get(moment_id)
        if moment is None or not self._waits(at, member, moment):
            raise NotFoundError(f"{member} 没有待发表的朋友圈 {moment_id}")
        return self._post(at, moment, moment.tasks[member])

    def posts_own(
        self,
        at: int,
        *,
        userid: str,
        text: str,
        attachments: Sequence[dict[str, Any]] = (),
        to: Sequence[str] | None = None,
    ) -> Moment:
        """A member's own Moment, for these customers (None: all of his), out at once."""
        member = self._people.member(userid).userid
        everybody = [follow.external_userid for follow in self._people.customers_of(member)]
        planned = everybody if to is None else list(to)
        moment = self._open(at, (text, tuple(attachments)), {member: planned}, to is None, at, member)
        self._post(at, moment, moment.tasks[member])
        return moment

    def deletes(self, at: int, *, userid: str, moment_id: str) -> None:
        """The member takes his post down: customers see it no more; his own is not listed any more."""
        self.post_of(userid, moment_id)[1].deleted_at = at

    def post_of(self, userid: str, moment_id: str) -> tuple[Moment, MomentTask]:
        """What a member has posted and not taken down. Raises NotFoundError."""
        moment = self._moments.get(moment_id)
        task = moment.tasks.get(self._people.known_userid(userid)) if moment else None
        if moment is None or task is None or not task.posted_at or task.deleted_at:
            raise NotFoundError(f"{userid} 没有发表过朋友圈 {moment_id}")
        return moment, task

    def _open(
        self,
        at: int,
        content: Content,
        planned: Mapping[str, Sequence[str]],
        public: bool,
        dispatched_at: int,
        creator: str = "",
    ) -> Moment:
        moment_id, (text, attachments) = self._ids.letters("mom", 29), content
        ordinal = len(self._moments) + 1
        moment = Moment(ordinal, moment_id, creator, at, public, text, attachments, dispatched_at)
        moment.tasks = {userid: MomentTask(userid, list(customers)) for userid, customers in planned.items()}
        self._moments[moment_id] = moment
        return moment

    def _press(self, userid: str, moment_id: str) -> Callable[[int, Habit], None]:
        def press(at: int, habit: Habit) -> None:
            self.posts(at, userid=userid, moment_id=moment_id)

        return press

    def _waits(self, at: int, userid: str, moment: Moment) -> bool:
        task = moment.tasks.get(userid)
        return task is not None and not task.posted_at and not moment.cancelled_at and at >= moment.dispatched_at

    def _post(self, at: int, moment: Moment, task: MomentTask) -> MomentTask:
        task.posted_at = at
        friends = [customer for customer in task.planned if self._people.are_friends(task.userid, customer)]
        task.visible = [customer for customer in friends if moment.creator or self._may_see(customer, at)]
        return task

    def _may_see(self, customer: str, at: int) -> bool:
        """Count one more of the corp's for this customer, if there is room."""
        if self.customer_month is not None and self._seen.count(customer, "month", at) >= self.customer_month:
            return False
        self._seen.add(customer, at)
        return True

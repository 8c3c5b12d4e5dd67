"""`sandbox.staff`: members add customers, hand them over, leave, and have their days."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.handles.base import Handle
from sandbox.world.habits import Habit
from sandbox.world.wire import NotFoundError


class StaffHandle(Handle):
    """What befalls members."""

    async def member_adds(
        self, userid: str, external_userid: str | None = None, name: str | None = None, add_way: int = 2
    ) -> str:
        """A member asks for a customer himself (2: by his mobile number), who agrees: add_external_contact.

        Returns the external_userid.
        """
        customer = self._world.people.somebody(self._world.ids, external_userid, name)
        events = self._world.relations.meet(self._now(), customer, userid, add_way=add_way, oper_userid=userid)
        self._happened("staff.member_adds", events, userid=userid, external_userid=customer.external_userid)
        return customer.external_userid

    async def member_leaves(self, userid: str) -> None:
        """A member leaves the corp: change_contact/delete_user, and del_member in groups that are not his.

        His customers wait in get_unassigned_list, his groups have status 1; customers and groups are told nothing.
        """
        self._happened("staff.member_leaves", self._world.member_leaves(self._now(), userid), userid=userid)

    async def customer_refuses(self, external_userid: str) -> None:
        """The customer refuses the transfer that waits: transfer_fail, customer_refused."""
        events = self._world.transfers.customer_refuses(self._now(), external_userid=external_userid)
        self._happened("staff.customer_refuses", events, external_userid=external_userid)

    async def had_chats(
        self,
        userid: str,
        chats: int,
        messages: int | None = None,
        asked: int = 0,
        answered: int | None = None,
        at: int | None = None,
    ) -> None:
        """On the day of `at` (now) the member wrote `messages` (one each) in `chats` chats.

        `asked` of the customers had written first, `answered` (all) of them got an answer within a minute.
        get_user_behavior_data tells of it from the next day on.
        """
        self._world.behaviour.had_chats(
            at or self._now(),
            userid=userid,
            chats=chats,
            messages=chats if messages is None else messages,
            asked=asked,
            answered=asked if answered is None else answered,
        )

    async def members_confirm(
        self,
        after_seconds: int | Sequence[int] = 0,
        share: float = 1.0,
        never: Sequence[str] = (),
        deselect: float = 0.0,
        kinds: Sequence[str] = ("mass", "moments"),
    ) -> None:
        """From now on members press what they are given by mass sends (`mass`) and Moments (`moments`) by themselves.

        `after_seconds` of the sandbox's clock, or between two numbers of them; `share` of the tasks, the others lie;
        `never` by these members; `deselect` of the recipients are left out where the task allows it. Seeded.
        """
        first, last = (after_seconds, after_seconds) if isinstance(after_seconds, int) else after_seconds
        if not 0 <= first <= last or not 0 <= share <= 1 or not 0 <= deselect <= 1:
            raise NotFoundError("after_seconds 应从小到大、不小于 0，share 与 deselect 应在 0 到 1 之间")
        self._world.habits.members_confirm(Habit((first, last), share, frozenset(never), deselect), kinds)

    async def members_wait(self) -> None:
        """Tasks lie again until somebody presses for the member."""
        self._world.habits.stop()

"""Giving customer groups a new owner by API (official pages 92127, 95703; error page 90313)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.world.groups import Group, Groups, GroupStatus
from sandbox.world.later import Later
from sandbox.world.people import People
from sandbox.world.transfers import TRANSFER_SECONDS, Transfers
from sandbox.world.wire import Answer, ApiError, Call, Event, need, strings_of, text_of

GROUPS_A_CALL = 100
GROUPS_A_DAY = 300
GROUP_TRANSFERS_AT_MOST, GROUP_TRANSFERS_DAYS = 2, 90
_DAY, _CHINA = 86400, 8 * 3600


class GroupTransfers:
    """On the job at once; of an owner who has left, a day later. Nobody is told (official page 96361)."""

    def __init__(self, groups: Groups, people: People, transfers: Transfers, later: Later) -> None:
        self._groups, self._people, self._transfers, self._later = groups, people, transfers, later
        # (owner, day) → groups taken from him; chat_id → when it changed hands on the job.
        self._given: Counter[tuple[str, int]] = Counter()
        self._moves: dict[str, list[int]] = {}

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/groupchat/transfer": self.transfer,
            "externalcontact/groupchat/onjob_transfer": self.onjob_transfer,
        }

    def transfer(self, call: Call) -> Answer:
        """Groups whose owner has left the corp."""
        return self._each(call, self._of_one_who_left)

    def onjob_transfer(self, call: Call) -> Answer:
        """Groups whose owner is still there."""
        return self._each(call, self._on_the_job)

    def _each(self, call: Call, give: Callable[[int, Group, str], None]) -> Answer:
        new_owner = self._people.api_member(text_of(call.body, "new_owner"))
        need(new_owner.activated, 40098, "the new owner is not real-named")
        need(new_owner.customer_contact, 84074, "the new owner has no external contact permission")
        chat_ids = strings_of(call.body, "chat_id_list", GROUPS_A_CALL)
        need(chat_ids, 40035, "invalid parameter: chat_id_list")
        failed = []
        for chat_id in chat_ids:
            try:
                self._give(call.at, chat_id, new_owner.userid, give)
            except ApiError as error:
                failed.append({"chat_id": chat_id, "errcode": error.errcode, "errmsg": error.errmsg})
        return {"failed_chat_list": failed}

    def _give(self, at: int, chat_id: str, new_owner: str, give: Callable[[int, Group, str], None]) -> None:
        group = next((group for group in self._groups.all() if group.chat_id == chat_id), None)
        if group is None:
            raise ApiError(90501, "chat is not external group chat")
        need(group.owner != new_owner, 90504, "the owner is unchanged")
        today = (group.owner, (at + _CHINA) // _DAY)
        need(self._given[today] < GROUPS_A_DAY, 45009, f"over {GROUPS_A_DAY} groups of one owner a day")
        give(at, group, new_owner)
        self._given[today] += 1

    def _of_one_who_left(self, at: int, group: Group, new_owner: str) -> None:
        need(group.status != GroupStatus.HANDING_OVER, 90507, "being handed over")
        need(group.status != GroupStatus.HANDED_OVER, 90508, "already handed over")
        need(group.status == GroupStatus.OWNER_LEFT, 90500, "the owner of this chat is not resigned")
        group.status = GroupStatus.HANDING_OVER

        def take_over(at: int) -> list[Event]:
            group.status = GroupStatus.HANDED_OVER
            self._groups.take_over(at, group, new_owner)
            return []

        self._later.set(at + TRANSFER_SECONDS, take_over)

    def _on_the_job(self, at: int, group: Group, new_owner: str) -> None:
        need(not self._transfers.has_left(group.owner), 90502, "the owner has already left")
        moves = [moved for moved in self._moves.get(group.chat_id, []) if moved > at - GROUP_TRANSFERS_DAYS * _DAY]
        need(len(moves) < GROUP_TRANSFERS_AT_MOST, 40128, f"handed over twice in {GROUP_TRANSFERS_DAYS} days")
        self._moves[group.chat_id] = [*moves, at]
        self._groups.take_over(at, group, new_owner)

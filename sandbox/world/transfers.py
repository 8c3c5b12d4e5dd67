"""Handing customers over to a colleague (official pages 92125, 94088, 92124, 94081, 94082; error page 90313)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import Any

from sandbox.world.later import Later
from sandbox.world.people import Follow, Member, People
from sandbox.world.relations import Relations
from sandbox.world.wire import Answer, ApiError, Call, Event, NotFoundError, need, number_of, page, strings_of, text_of

TRANSFER_SECONDS = 24 * 3600
CUSTOMERS_A_CALL = 100
TRANSFERS_AT_MOST, TRANSFERS_DAYS = 2, 90
MESSAGE_CHARS = 200
RESULTS_A_PAGE, UNASSIGNED_A_PAGE = 1000, 1000
_DAY = 86400
_MESSAGE = "您好，您的服务已升级，后续将由我接替同事继续为您服务。"


class Status(IntEnum):
    """What transfer_result says of a transfer."""

    DONE = 1
    WAITING = 2
    REFUSED = 3
    TAKEOVER_FULL = 4


@dataclass(slots=True)
class Transfer:
    """One customer on the way from one member to another. `takeover_time`: planned or real, 0 when refused."""

    ordinal: int
    handover: str
    takeover: str
    external_userid: str
    began_at: int
    takeover_time: int
    message: str
    resigned: bool
    status: Status = Status.WAITING


@dataclass(frozen=True, slots=True)
class Orphan:
    """A customer whose member has left the corp."""

    ordinal: int
    follow: Follow
    since: int


class Transfers:
    """Transfers on the job and after it. A day later a transfer takes effect, unless the customer refuses."""

    def __init__(self, people: People, relations: Relations, later: Later) -> None:
        self._people, self._relations, self._later = people, relations, later
        self._transfers: list[Transfer] = []
        self._orphans: dict[tuple[str, str], Orphan] = {}
        self._left: dict[str, int] = {}
        self._last_orphan = 0

    def has_left(self, userid: str) -> bool:
        """Whether this was a member who has left the corp."""
        return userid in self._left

    def member_left(self, at: int, userid: str) -> None:
        """His friends wait for somebody; nobody is told."""
        for follow in self._people.leave(userid):
            if follow.status == "friends":
                self._last_orphan += 1
                self._orphans[userid, follow.external_userid] = Orphan(self._last_orphan, follow, at)
        self._left[userid] = at

    def customer_refuses(self, at: int, *, external_userid: str) -> list[Event]:
        """The customer does not want the new member: transfer_fail."""
        waiting = self._waiting(external_userid)
        if waiting is None:
            raise NotFoundError(f"{external_userid} 没有正在进行的接替")
        waiting.status, waiting.takeover_time = Status.REFUSED, 0
        return self._relations.transfer_fails(at, userid=waiting.takeover, external_userid=external_userid)

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/transfer_customer": partial(self.transfer_customer, resigned=False),
            "externalcontact/transfer_result": partial(self.transfer_result, resigned=False),
            "externalcontact/resigned/transfer_customer": partial(self.transfer_customer, resigned=True),
            "externalcontact/resigned/transfer_result": partial(self.transfer_result, resigned=True),
            "externalcontact/get_unassigned_list": self.get_unassigned_list,
        }

    def transfer_customer(self, call: Call, *, resigned: bool) -> Answer:
        handover, takeover = self._handover(call, resigned), self._takeover(call)
        need(handover != takeover.userid, 40130, "handover and takeover are the same member")
        customers = strings_of(call.body, "external_userid", CUSTOMERS_A_CALL)
        need(customers, 41035, "external_userid is missing")
        message = call.body.get("transfer_success_msg") or _MESSAGE
        need(len(message) <= MESSAGE_CHARS, 40035, f"transfer_success_msg is over {MESSAGE_CHARS} characters")
        answers = [
            {
                "external_userid": customer,
                "errcode": self._begin(call.at, handover, takeover, customer, message, resigned),
            }
            for customer in customers
        ]
        if not all(answer["errcode"] for answer in answers):
            self._later.set(call.at + TRANSFER_SECONDS, self._complete)
        return {"customer": answers}

    def transfer_result(self, call: Call, *, resigned: bool) -> Answer:
        pair = (text_of(call.body, "handover_userid"), text_of(call.body, "takeover_userid"))
        mine = [t for t in self._transfers if (t.handover, t.takeover) == pair and t.resigned == resigned]
        shown, cursor = page(mine, [t.ordinal for t in mine], call.body.get("cursor"), RESULTS_A_PAGE)
        names = ("external_userid", "status", "takeover_time")
        return {"customer": [{name: getattr(t, name) for name in names} for t in shown], "next_cursor": cursor}

    def get_unassigned_list(self, call: Call) -> Answer:
        size = number_of(call.body, "page_size", UNASSIGNED_A_PAGE, UNASSIGNED_A_PAGE)
        orphans = list(self._orphans.values())
        # The older way: numbered pages.
        orphans = orphans[int(call.body.get("page_id") or 0) * size :]
        shown, cursor = page(orphans, [orphan.ordinal for orphan in orphans], call.body.get("cursor"), size)
        info = [
            {
                "handover_userid": orphan.follow.userid,
                "external_userid": orphan.follow.external_userid,
                "dimission_time": orphan.since,
            }
            for orphan in shown
        ]
        return {"info": info, "is_last": not cursor, "next_cursor": cursor}

    def _handover(self, call: Call, resigned: bool) -> str:
        userid = text_of(call.body, "handover_userid")
        if not resigned:
            return self._people.api_member(userid).userid
        if not self.has_left(userid):
            self._people.api_member(userid)
            raise ApiError(40097, "the handover member has not resigned")
        return userid

    def _takeover(self, call: Call) -> Member:
        member = self._people.api_member(text_of(call.body, "takeover_userid"))
        need(member.activated, 40098, "the takeover member is not real-named")
        need(member.customer_contact, 84074, "the takeover member has no external contact permission")
        return member

    def _begin(self, at: int, handover: str, takeover: Member, customer: str, message: str, resigned: bool) -> int:
        """The errcode of one customer; 0 = the transfer has begun."""
        try:
            self._may_begin(at, handover, takeover, customer, resigned)
        except ApiError as error:
            return error.errcode
        ordinal, due_at = len(self._transfers) + 1, at + TRANSFER_SECONDS
        self._transfers.append(Transfer(ordinal, handover, takeover.userid, customer, at, due_at, message, resigned))
        return 0

    def _may_begin(self, at: int, handover: str, takeover: Member, customer: str, resigned: bool) -> None:
        self._people.api_customer(customer)
        need(self._kept(handover, customer, resigned) is not None, 40131, "not a customer of the handover member")
        need(self._waiting(customer) is None, 40100 if resigned else 40129, "being transferred")
        need(not takeover.full, 40099, "the takeover member has as many customers as possible")
        lately = [
            t for t in self._transfers if t.external_userid == customer and t.began_at > at - TRANSFERS_DAYS * _DAY
        ]
        done = sum(t.status in (Status.DONE, Status.WAITING) and not t.resigned for t in lately)
        need(resigned or done < TRANSFERS_AT_MOST, 40128, f"transferred twice in {TRANSFERS_DAYS} days")

    def _kept(self, handover: str, customer: str, resigned: bool) -> Follow | None:
        """The relation that is handed over."""
        if resigned:
            orphan = self._orphans.get((handover, customer))
            return orphan.follow if orphan else None
        follow = self._people.follow(handover, customer)
        return follow if follow is not None and follow.status == "friends" else None

    def _waiting(self, customer: str) -> Transfer | None:
        return next((t for t in self._transfers if t.external_userid == customer and t.status == Status.WAITING), None)

    def _complete(self, at: int) -> list[Event]:
        due = [t for t in self._transfers if t.status == Status.WAITING and t.takeover_time <= at]
        return [event for transfer in due for event in self._take_effect(at, transfer)]

    def _take_effect(self, at: int, transfer: Transfer) -> list[Event]:
        kept = self._kept(transfer.handover, transfer.external_userid, transfer.resigned)
        takeover = self._people.find_member(transfer.takeover)
        ids = {"userid": transfer.takeover, "external_userid": transfer.external_userid}
        if kept is None:
            # The customer left of his own accord in the meantime.
            transfer.status, transfer.takeover_time = Status.REFUSED, 0
            return []
        if takeover is None or takeover.full:
            transfer.status = Status.TAKEOVER_FULL
            return self._relations.transfer_fails(at, **ids, reason="customer_limit_exceed")
        transfer.status = Status.DONE
        return [*self._let_go(at, transfer), *self._relations.take_over(at, kept, takeover.userid, transfer.message)]

    def _let_go(self, at: int, transfer: Transfer) -> list[Event]:
        """The old member loses the customer; one who has left the corp has nothing to be told of."""
        if transfer.resigned:
            del self._orphans[transfer.handover, transfer.external_userid]
            return []
        ids = {"userid": transfer.handover, "external_userid": transfer.external_userid}
        return self._relations.member_deletes(at, **ids, by_transfer=True)

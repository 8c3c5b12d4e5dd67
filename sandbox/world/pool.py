"""A corp that has been at work for long: customers, relations and groups that nobody was told of."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sandbox.world.groups import Groups, Scene, Seat
from sandbox.world.people import Customer, Member, People
from sandbox.world.tags import Tags
from sandbox.world.wire import Ids

_DAY = 86400
# One customer in twenty is known to a second guide; one in ten was reached some other way than by a code.
_SHARED_EVERY, _OTHER_WAY_EVERY = 20, 10
_BY_QR, _BY_SHARED_CARD = 1, 3
_CUSTOMERS_A_GROUP = 40


class Pool:
    """Makes people wholesale; no callback, no quota."""

    def __init__(self, ids: Ids, people: People, groups: Groups, tags: Tags) -> None:
        self._ids, self._people, self._groups, self._tags = ids, people, groups, tags

    def fill(self, at: int, *, customers: int, guides: int | Sequence[str], groups: int, days: int) -> list[str]:
        """`customers` customers shared out evenly among `guides` over the last `days`; their external_userids.

        `guides`: userids, or how many (guide1, guide2 …); who is not there yet is hired. When the tag library has
        tags, each relation has one. Each group has a guide as owner and up to 40 of the customers.
        """
        guides = self._hired([f"guide{n + 1}" for n in range(guides)] if isinstance(guides, int) else guides)
        tag_ids = [tag_id for group in self._tags.groups() for tag_id in group.tags]
        dice, made = self._ids.dice, []
        for n in range(customers):
            customer = self._customer(dice)
            made.append(customer.external_userid)
            since = at - days * _DAY + (n * days * _DAY) // customers
            self._follow(guides[n % len(guides)], customer, since, tag_ids, n)
            if n % _SHARED_EVERY == 0 and len(guides) > 1:
                self._follow(guides[(n + 1) % len(guides)], customer, since, tag_ids, n)
        for n in range(groups):
            self._group(at - days * _DAY + (n * days * _DAY) // groups, guides[n % len(guides)], n, made)
        return made

    def _hired(self, userids: Sequence[str]) -> Sequence[str]:
        for userid in userids:
            self._people.members.setdefault(userid, Member(userid, f"导购{userid.removeprefix('guide')}"))
        return userids

    def _customer(self, dice: Random) -> Customer:
        # As long and as random as WeCom's, and quicker than letter by letter.
        external_userid = f"wm{dice.getrandbits(120):030x}"
        name = f"顾客{len(self._people.customers) + 1}"
        customer = Customer(external_userid, name, 1, dice.getrandbits(8) % 3)
        self._people.customers[external_userid] = customer
        return customer

    def _follow(self, userid: str, customer: Customer, at: int, tag_ids: Sequence[str], n: int) -> None:
        self._people.add_follow(
            userid,
            customer.external_userid,
            createtime=at,
            status="friends",
            add_way=_BY_SHARED_CARD if n % _OTHER_WAY_EVERY == 0 else _BY_QR,
            oper_userid=customer.external_userid,
            tag_ids=(tag_ids[n % len(tag_ids)],) if tag_ids else (),
            chat_started=True,
            welcomed=True,
        )

    def _group(self, at: int, owner: str, n: int, people: Sequence[str]) -> None:
        size = min(_CUSTOMERS_A_GROUP, len(people))
        inside = [Seat(person, 2, at, Scene.INVITED, owner) for person in self._ids.dice.sample(people, size)]
        self._groups.open(at, owner, f"客户群{n + 1}", [Seat(owner, 1, at, Scene.INVITED), *inside])

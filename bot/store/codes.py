"""One-use codes: who has which, and how many are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from bot.scrm.gift import PACE_DAYS, CodeStock, first_for
from bot.scrm.offer import Offer
from bot.scrm.records import Record
from bot.scrm.records.offers import GiveCode
from bot.store.people import GuardFailedError, ensure_person, identities
from bot.store.tables import GivenCodes
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import columns, insert_new

given_codes = columns(GivenCodes)

WINDOW = 100
"""Codes looked at in one statement: where nearly all are given, the next window is."""


def given(conn: Connection, offer: str, external_userid: str) -> str | None:
    """The code of an offer that the person behind a customer id has."""
    mine = (identities.c.kind == EXTERNAL_USERID, identities.c.value == external_userid)
    whose = select(identities.c.person_id).where(*mine)
    query = select(given_codes.c.code).where(given_codes.c.offer == offer, given_codes.c.person_id.in_(whose))
    code: str | None = conn.scalar(query.order_by(given_codes.c.given_at, given_codes.c.code).limit(1))
    return code


def free(conn: Connection, offer: str, codes: Sequence[str], external_userid: str) -> str | None:
    """A code that nobody has; None: all are given."""
    first = first_for(external_userid, offer, len(codes))
    turned = (*codes[first:], *codes[:first])
    for start in range(0, len(turned), WINDOW):
        window = turned[start : start + WINDOW]
        taken = set(
            conn.scalars(select(given_codes.c.code).where(given_codes.c.offer == offer, given_codes.c.code.in_(window)))
        )
        if code := next((each for each in window if each not in taken), None):
            return code
    return None


def give_code(conn: Connection, record: GiveCode) -> None:
    """The code is theirs; the same again changes nothing.

    Raises:
        GuardFailedError: it is somebody's by now, or they have another one of this offer.
    """
    person_id = ensure_person(conn, record.external_userid, record.at)
    theirs = given(conn, record.offer, record.external_userid)
    if theirs is not None and theirs != record.code:
        raise GuardFailedError(record.offer)
    row = {
        "offer": record.offer,
        "code": record.code,
        "person_id": person_id,
        "external_userid": record.external_userid,
        "because": record.because,
        "given_at": record.at,
    }
    if conn.execute(insert_new(conn, GivenCodes), row).rowcount != 1 and theirs is None:
        raise GuardFailedError(record.offer)


def stocks(
    conn: Connection, offers: Mapping[str, Offer], codes: Mapping[str, Sequence[str]], now: int
) -> list[CodeStock]:
    """How every offer with codes stands at `now` (epoch seconds); one that is over is left out."""
    found = []
    for offer in offers.values():
        ends_at = offer.valid.end_at
        if offer.codes is None or (ends_at is not None and ends_at <= now):
            continue
        rows = conn.execute(select(given_codes.c.code, given_codes.c.given_at).where(given_codes.c.offer == offer.id))
        given_at = {code: at for code, at in rows}
        there = codes.get(offer.codes, ())
        stock = CodeStock(
            offer=offer.id,
            title=offer.title,
            total=len(there),
            left=sum(code not in given_at for code in there),
            lately=sum(at > now - PACE_DAYS * 86_400 for at in given_at.values()),
        )
        found.append(stock)
    return found


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    GiveCode: lambda conn, _, record: give_code(conn, record),
}

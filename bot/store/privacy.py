"""What people agreed to, and what they do not want to hear of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from bot.scrm.consent import CUSTOMER, EVERYTHING
from bot.scrm.consent import Preferences as Wishes
from bot.scrm.records import Record
from bot.scrm.records.privacy import SaveConsent, SavePreference
from bot.store.people import ensure_person
from bot.store.tables import Consents, Identities, Preferences
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import columns, insert, insert_new
from bot.store.wishes import gives_way

preferences, identities = columns(Preferences), columns(Identities)


_REFUSED = (
    select(preferences.c.topic, preferences.c.set_by)
    .join(identities, identities.c.person_id == preferences.c.person_id)
    .where(identities.c.kind == EXTERNAL_USERID, identities.c.value == bindparam("customer"))
    .where(preferences.c.wanted.is_(False))
)


def preferences_of(conn: Connection, external_userid: str) -> Wishes:
    """What the person behind a customer id does not want."""
    refused = conn.execute(_REFUSED, {"customer": external_userid}).all()
    return Wishes(frozenset(topic for topic, _ in refused), frozenset(t for t, by in refused if by == CUSTOMER))


def save_consent(conn: Connection, cause: int, record: SaveConsent) -> None:
    """A question for permission, once per event."""
    row = {
        "person_id": ensure_person(conn, record.external_userid, record.at),
        "purpose": record.purpose,
        "shown": record.shown,
        "place": record.place,
        "granted": record.granted,
        "cause": cause,
        "asked_at": record.at,
    }
    conn.execute(insert_new(conn, Consents), row)


def save_preference(conn: Connection, record: SavePreference) -> None:
    """The word that stands about a topic (`wishes`). Who wants everything again takes back each earlier refusal of
    theirs."""
    person_id = ensure_person(conn, record.external_userid, record.at)
    if record.topic == EVERYTHING and record.wanted:
        mine = (preferences.c.person_id == person_id, preferences.c.set_at <= record.at)
        noted = () if record.by == CUSTOMER else (preferences.c.set_by != CUSTOMER,)
        conn.execute(delete(preferences).where(*mine, *noted))
    said = {"wanted": record.wanted, "set_by": record.by, "set_at": record.at}
    statement = insert(conn, Preferences).values(person_id=person_id, topic=record.topic, **said)
    stands = gives_way(preferences.c, statement.excluded)
    conn.execute(statement.on_conflict_do_update(index_elements=["person_id", "topic"], set_=said, where=stands))


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SaveConsent: save_consent,
    SavePreference: lambda conn, _, record: save_preference(conn, record),
}

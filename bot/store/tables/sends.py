"""Mass sends and Moments at WeCom."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Index, Text, text

from bot.store.tables.columns import Table, partial_index, personal, plain

OPEN = text("look_at IS NOT NULL")
HEARD = text("hear_at IS NOT NULL")
STOPPED = text("tell_at > 0")


class TrackedLinks(Table, table=True):
    """A link of an item that goes by us. `code`: its name in our address; `url`: where it leads."""

    __tablename__ = "tracked_links"
    code: str = plain(primary_key=True)
    item: str = plain()
    url: str = plain(Text)
    kept_at: int = plain(BigInteger)


class Clicks(Table, table=True):
    """How often a link was opened on a day; nobody knows by whom. `day_at`: when that day began, UTC."""

    __tablename__ = "clicks"
    code: str = plain(primary_key=True)
    day_at: int = plain(BigInteger, primary_key=True)
    times: int = plain()


class GuideReminders(Table, table=True):
    """When a guide was reminded of tasks that were not pressed."""

    __tablename__ = "guide_reminders"
    userid: str = personal(primary_key=True)
    at: int = plain(BigInteger, primary_key=True)


class Sends(Table, table=True):
    """A task of guides: to groups, or a Moment (`pools`: chat_ids, or userids), or to the touches of `planned_id` above
    `after`, up to `upto`.

    `task_id`: a msgid or moment_id; `job_id`: of a Moment that is being made. `state`: making, waiting (for the guide),
    sent, lapsed (not pressed in time), failed, unknown (nobody can say whether it was made). `people`: receivers, of a
    Moment its guides; of these `sent`, `not_friends`, `over_quota`. `made_at`: when it was last asked for. `look_at`:
    when to look at it next; None: it is not there yet, or over. `tell_at`: when its guides are to hear that it was
    stopped, 0: they have; None: it was not. `hear_at`: of a Moment that was posted, when to read who commented on it.
    """

    __tablename__ = "sends"
    __table_args__ = (
        Index("sends_slot", "calendar", "entry", "at"),
        partial_index("sends_due", "look_at", where=OPEN),
        Index("sends_planned", "planned_id"),
        partial_index("sends_heard", "hear_at", where=HEARD),
        partial_index("sends_stopped", "tell_at", where=STOPPED),
    )
    key: str = personal(primary_key=True)
    touchpoint: str = plain()
    calendar: str = plain()
    entry: str = plain()
    at: int = plain(BigInteger)
    by_at: int = plain(BigInteger)
    userid: str = personal()
    item: str = plain()
    people: int = plain()
    pools: list[str] = personal(JSON)
    planned_id: int | None = plain(BigInteger, default=None)
    after: int = plain(BigInteger, begins="0")
    upto: int = plain(BigInteger, begins="0")
    task_id: str = plain(begins="''")
    job_id: str = plain(begins="''")
    state: str = plain()
    reason: str = plain(Text, begins="''")
    made_at: int = plain(BigInteger)
    look_at: int | None = plain(BigInteger, default=None)
    ended_at: int | None = plain(BigInteger, default=None)
    tell_at: int | None = plain(BigInteger, default=None)
    hear_at: int | None = plain(BigInteger, default=None)
    sent: int = plain(begins="0")
    not_friends: int = plain(begins="0")
    over_quota: int = plain(begins="0")


class Reactions(Table, table=True):
    """What a customer did with a guide's post in Moments, once each. `what`: comment, like; never what was said. A like
    that was taken back was one."""

    __tablename__ = "reactions"
    __table_args__ = (Index("reactions_task", "task_id"),)
    person_id: int = plain(BigInteger, primary_key=True)
    task_id: str = plain(primary_key=True)
    what: str = plain(primary_key=True)
    at: int = plain(BigInteger, primary_key=True)

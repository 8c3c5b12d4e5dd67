"""What every callback has: who it is to, who it is from, when it was made, and the line it waits in.

An event class carries the names WeCom uses on the wire as class attributes (`msg_type`, `event`, `change_type`)
and declares its fields; `parsing.py` reads them. Field names are WeCom's in snake case.
"""

from __future__ import annotations

from typing import ClassVar

from bot.value import Value


class Event(Value, frozen=True, kw_only=True):
    """One callback, decrypted and understood (developer.work.weixin.qq.com/document/path/90240).

    to_user: corpid, or suite id in the third-party form. from_user: userid, `sys`, or the authorising corp's id in
    the third-party form. created_at: UTC epoch seconds. agentid: the app it came for, None if the callback names none.
    """

    msg_type: ClassVar[str] = "event"
    event: ClassVar[str] = ""
    change_type: ClassVar[str] = ""

    to_user: str = ""
    from_user: str = ""
    created_at: int
    agentid: str | None = None

    @property
    def line(self) -> str:
        """The order key: events of one line are handled one after another, in order."""
        return f"app/{self.agentid or ''}"


def customer_line(external_userid: str) -> str:
    """The line of everything about one customer, whoever tells it."""
    return f"customer/{external_userid}"


class MemberAct(Event, frozen=True, kw_only=True):
    """Something that a member did in the app or wrote to it."""

    from_user: str

    @property
    def line(self) -> str:
        return f"member/{self.from_user}"


class UnknownEvent(Event, frozen=True, kw_only=True):
    """A callback of a kind that we do not know: kept and counted, never an error.

    kind: `event/<event>/<change type>`, the message type, or `not_xml`; at most 80 characters.
    fields: the texts of the XML, one pair each; personal, so not shown by repr.
    """

    hidden: ClassVar[tuple[str, ...]] = ("fields",)
    created_at: int = 0
    kind: str
    fields: tuple[tuple[str, str], ...] = ()


class IncompleteEvent(Event, frozen=True, kw_only=True):
    """A callback of a known kind without what makes it usable, such as the customer's id.

    It is not an UnknownEvent, since its kind is known, and not of its own class, so that no handler ever sees an
    empty id. name: the class it would have been. missing: the fields it lacks.
    """

    hidden: ClassVar[tuple[str, ...]] = ("fields",)
    created_at: int = 0
    name: str
    missing: tuple[str, ...]
    fields: tuple[tuple[str, str], ...] = ()

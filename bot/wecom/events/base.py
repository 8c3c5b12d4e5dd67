"""What every callback has: who it is to, who it is from, when it was made, and the line it waits in.

An event class carries the names WeCom uses on the wire as class attributes (`msg_type`, `event`, `change_type`)
and declares its fields; `parsing.py` reads them. Field names are WeCom's in snake case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAct(Event):
    """Something that a member did in the app or wrote to it."""

    from_user: str

    @property
    def line(self) -> str:
        return f"member/{self.from_user}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEvent(Event):
    """A callback of a kind that we do not know: kept and counted, never an error.

    kind: `event/<event>/<change type>`, the message type, or `not_xml`; at most 80 characters.
    fields: the texts of the XML, one pair each; personal, so not shown by repr.
    """

    created_at: int = 0
    kind: str
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncompleteEvent(Event):
    """A callback of a known kind without what makes it usable, such as the customer's id.

    It is not an UnknownEvent, since its kind is known, and not of its own class, so that no handler ever sees an
    empty id. name: the class it would have been. missing: the fields it lacks.
    """

    created_at: int = 0
    name: str
    missing: tuple[str, ...]
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)

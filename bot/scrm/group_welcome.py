"""What a customer group says to those who come in (入群欢迎语): words in WeCom's library, chosen there for a group."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256

from bot.scrm.actions.customers import Attached


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWelcome:
    """A welcome for groups, with at most one attachment (official page 92366).

    `groups`: the names of those that it is meant for, `*` for anything; the owner or an admin chooses it there.
    """

    id: str
    text: str
    groups: tuple[str, ...] = ()
    attached: Attached | None = None

    @property
    def digest(self) -> str:
        """Another one for every change of what people see."""
        return sha256(repr((self.text, self.attached)).encode()).hexdigest()

    def suits(self, name: str) -> bool:
        """Whether it is meant for a group of this name."""
        return not self.groups or any(fnmatchcase(name, pattern) for pattern in self.groups)

"""Who may do what in the console: one table, and nothing else decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal["admin", "operator", "guide"]
Permission = Literal["own", "see", "people", "edit", "approve", "switch", "guard", "repair", "audit"]
"""own: one's own tasks. see: how everything stands. people: single customers. edit: content files. approve: content.
switch: stop and let go on. guard: the files that say what may be sent at all. repair: try an action or event again, or
give it up. audit: what people changed."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
CALLED: Final[Mapping[Role, str]] = {"admin": "管理员", "operator": "运营", "guide": "导购"}

MAY: Final[Mapping[Role, frozenset[Permission]]] = {
    "guide": frozenset({"own"}),
    "operator": frozenset({"own", "see", "people", "edit", "approve", "switch"}),
    "admin": frozenset(get_args(Permission)),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody whom the configuration names. `approves_as`: whose word they give where a rule wants one (店长)."""

    userid: str
    role: Role
    approves_as: tuple[str, ...] = ()

    def may(self, permission: Permission) -> bool:
        """Whether their role has it."""
        return permission in MAY[self.role]

    def approves(self, role: str = "") -> bool:
        """Whether their word counts; as this role, where one is wanted."""
        return self.may("approve") and (not role or role in self.approves_as)

"""Customer groups: who is in them, what people do there, and the callbacks that follow (official pages 92130, 92122).

What the API does with groups is in group_api.py, join_ways.py, group_welcome.py and transfer_groups.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from sandbox.world.events import system_event
from sandbox.world.group_welcome import GroupWelcomes
from sandbox.world.people import ChatMessage, People
from sandbox.world.wire import ApiError, Event, Ids, NotFoundError

Detail = Literal["add_member", "del_member", "change_owner", "change_name", "change_notice"]
_CHAT = "change_external_chat"


class Scene(IntEnum):
    """How somebody came in, as groupchat/get says it."""

    INVITED = 1
    BY_INVITE_LINK = 2
    BY_QR = 3


class GroupStatus(IntEnum):
    """What groupchat/list says of a group."""

    NORMAL = 0
    OWNER_LEFT = 1
    HANDING_OVER = 2
    HANDED_OVER = 3


@dataclass(slots=True)
class Seat:
    """One person's place in a group: type 1 a member of the corp, 2 an outside person. `left_at` 0 = still there."""

    userid: str
    type: int
    join_time: int
    join_scene: Scene
    invitor: str = ""
    state: str = ""
    group_nickname: str = ""
    left_at: int = 0


@dataclass(slots=True)
class Group:
    """One customer group. `left`: the places of those who are gone."""

    ordinal: int
    chat_id: str
    opengid: str
    name: str
    owner: str
    create_time: int
    member_version: str
    notice: str = ""
    status: GroupStatus = GroupStatus.NORMAL
    admins: list[str] = field(default_factory=list)
    seats: dict[str, Seat] = field(default_factory=dict)
    left: list[Seat] = field(default_factory=list)
    chat: list[ChatMessage] = field(default_factory=list)
    welcome_template_id: str = ""
    dismissed_at: int = 0


class Groups:
    """All groups; methods return the callbacks; NotFoundError says what is amiss."""

    def __init__(self, corpid: str, ids: Ids, people: People, welcomes: GroupWelcomes) -> None:
        self._corpid, self._ids, self._people, self._welcomes = corpid, ids, people, welcomes
        self._groups: dict[str, Group] = {}

    def all(self) -> Iterator[Group]:
        """In order of time, dismissed ones left out."""
        return (group for group in self._groups.values() if not group.dismissed_at)

    def owned_by(self, userid: str) -> list[Group]:
        """In order of time, dismissed ones left out."""
        return [group for group in self.all() if group.owner == userid]

    def of_owner(self, chat_id: str, userid: str) -> Group | None:
        """None when it is gone or another's."""
        group = self._groups.get(chat_id)
        return group if group and group.owner == userid and not group.dismissed_at else None

    def get(self, chat_id: str) -> Group | None:
        """Dismissed ones too."""
        return self._groups.get(chat_id)

    def ever(self) -> Iterator[Group]:
        """Dismissed ones too."""
        return iter(self._groups.values())

    def find(self, chat_id: str) -> Group:
        """For what people do. Raises NotFoundError."""
        group = self._groups.get(chat_id)
        if group is None or group.dismissed_at:
            raise NotFoundError(f"没有客户群 {chat_id}")
        return group

    def api_group(self, chat_id: object) -> Group:
        """For API calls. Raises ApiError 40050 (unknown) or 49008 (dismissed)."""
        group = self._groups.get(str(chat_id))
        if group is None:
            raise ApiError(40050, "invalid chatid")
        if group.dismissed_at:
            raise ApiError(49008, "the group has been dismissed")
        return group

    def creates(
        self,
        at: int,
        *,
        owner: str,
        name: str = "客户群",
        people: Sequence[str] = (),
        admins: Sequence[str] = (),
    ) -> tuple[str, list[Event]]:
        """The owner makes a group with these members and customers."""
        owner = self._people.member(owner).userid
        seats = [
            Seat(owner, 1, at, Scene.INVITED),
            *(self._seat(person, at, Scene.INVITED, owner) for person in people),
        ]
        group = self.open(at, owner, name, seats)
        group.admins = list(admins)
        return group.chat_id, [self._event(at, "create", group)]

    def open(self, at: int, owner: str, name: str, seats: Sequence[Seat]) -> Group:
        """A new group, told to nobody."""
        chat_id, opengid = self._ids.letters("wr", 30), self._ids.letters("o", 27)
        group = Group(len(self._groups) + 1, chat_id, opengid, name, owner, at, self._ids.hex32())
        group.seats = {seat.userid: seat for seat in seats}
        self._groups[chat_id] = group
        return group

    def invites(self, at: int, *, chat_id: str, people: Sequence[str], by: str, by_link: bool = False) -> list[Event]:
        """Somebody in the group brings people in, at once or by an invitation link."""
        group = self.find(chat_id)
        invitor = self._present(group, by).userid
        scene = Scene.BY_INVITE_LINK if by_link else Scene.INVITED
        return self.enter(at, group, [self._seat(person, at, scene, invitor) for person in people])

    def scanned(self, at: int, group: Group, person: str, state: str = "") -> list[Event]:
        """A person comes in by a QR code."""
        seat = self._seat(person, at, Scene.BY_QR)
        seat.state = state
        return self.enter(at, group, [seat])

    def enter(self, at: int, group: Group, seats: Sequence[Seat]) -> list[Event]:
        """Those who are not in yet sit down; the group's welcome greets the outside ones."""
        new = [seat for seat in seats if seat.userid not in group.seats]
        if not new:
            return []
        group.seats |= {seat.userid: seat for seat in new}
        names = [self._people.name_of(seat.userid) for seat in new if seat.type == 2]
        group.chat += self._welcomes.greetings(group.welcome_template_id, names, at, group.owner)
        # The callback's own numbers: 0 invited, directly or by link; 3 by QR code.
        join_scene = 3 if new[0].join_scene == Scene.BY_QR else 0
        return [self._moved(at, group, "add_member", new, JoinScene=join_scene, QuitScene=0)]

    def leaves(self, at: int, *, chat_id: str, person: str) -> list[Event]:
        """Somebody leaves of his own accord; the owner must first hand the group over or dismiss it."""
        return self._depart(at, self.find(chat_id), person, quit_scene=0)

    def removes(self, at: int, *, chat_id: str, person: str) -> list[Event]:
        """The owner or an admin removes somebody."""
        return self._depart(at, self.find(chat_id), person, quit_scene=1)

    def hands_over(self, at: int, *, chat_id: str, to: str) -> list[Event]:
        """The owner makes another member the owner."""
        group = self.find(chat_id)
        events = self.enter(at, group, [self._seat(self._people.member(to).userid, at, Scene.INVITED, group.owner)])
        group.owner = self._people.member(to).userid
        return [*events, self._event(at, "update", group, UpdateDetail="change_owner")]

    def renames(self, at: int, *, chat_id: str, name: str) -> list[Event]:
        group = self.find(chat_id)
        group.name = name
        return [self._event(at, "update", group, UpdateDetail="change_name")]

    def notes(self, at: int, *, chat_id: str, notice: str) -> list[Event]:
        """A new notice on the group's board."""
        group = self.find(chat_id)
        group.notice = notice
        return [self._event(at, "update", group, UpdateDetail="change_notice")]

    def dismisses(self, at: int, *, chat_id: str) -> list[Event]:
        group = self.find(chat_id)
        group.dismissed_at = at
        return [self._event(at, "dismiss", group)]

    def writes(self, at: int, *, chat_id: str, person: str, text: str) -> None:
        """Somebody writes into the group; no app is told of it."""
        group = self.find(chat_id)
        group.chat.append(ChatMessage(at, self._present(group, person).userid, text))

    def take_over(self, at: int, group: Group, new_owner: str) -> None:
        """A new owner by API, told to nobody."""
        if new_owner not in group.seats:
            group.seats[new_owner] = Seat(new_owner, 1, at, Scene.INVITED)
            group.member_version = self._ids.hex32()
        group.owner = new_owner

    def member_left(self, at: int, userid: str) -> list[Event]:
        """A member leaves the corp: his own groups wait for a new owner, the others lose him."""
        events = []
        for group in self.all():
            if group.owner == userid:
                group.status = GroupStatus.OWNER_LEFT
            elif userid in group.seats:
                events += self._depart(at, group, userid, quit_scene=0)
        return events

    def _depart(self, at: int, group: Group, person: str, quit_scene: int) -> list[Event]:
        seat = self._present(group, person)
        if seat.userid == group.owner:
            raise NotFoundError("群主要先转让或解散客户群")
        seat.left_at = at
        group.left.append(group.seats.pop(seat.userid))
        return [self._moved(at, group, "del_member", [seat], JoinScene=0, QuitScene=quit_scene)]

    def _present(self, group: Group, person: str) -> Seat:
        if person not in group.seats:
            raise NotFoundError(f"{person} 不在客户群 {group.chat_id} 里")
        return group.seats[person]

    def _seat(self, person: str, at: int, scene: Scene, invitor: str = "") -> Seat:
        """A place for a member, a customer, or a stranger whose id (`wm…`) is new here."""
        if person.startswith(("wm", "wo")) and self._people.find_member(person) is None:
            self._people.somebody(self._ids, person, None)
        if person in self._people.customers:
            return Seat(person, 2, at, scene, invitor)
        return Seat(self._people.member(person).userid, 1, at, scene, invitor)

    def _moved(self, at: int, group: Group, detail: Detail, seats: Sequence[Seat], **scenes: int) -> Event:
        last, group.member_version = group.member_version, self._ids.hex32()
        changed = {
            "MemChangeCnt": len(seats),
            "MemChangeList": {"Item": [seat.userid for seat in seats]},
            "LastMemVer": last,
            "CurMemVer": group.member_version,
        }
        return self._event(at, "update", group, UpdateDetail=detail, **scenes, **changed)

    def _event(self, at: int, change_type: str, group: Group, **fields: Any) -> Event:
        return system_event(self._corpid, at, _CHAT, change_type, ChatId=group.chat_id, **fields)

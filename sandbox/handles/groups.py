"""`sandbox.groups`: what people do in customer groups; callbacks follow in the background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.handles.base import Handle
from sandbox.world.wire import Event


class GroupsHandle(Handle):
    """`chat_id` names the group; `person` is a userid or an external_userid."""

    async def creates(
        self, owner: str, name: str = "客户群", people: Sequence[str] = (), admins: Sequence[str] = ()
    ) -> str:
        """The owner makes a group with these people: create. Returns the chat_id."""
        chat_id, events = self._world.groups.creates(self._now(), owner=owner, name=name, people=people, admins=admins)
        self._told("creates", chat_id, events)
        return chat_id

    async def invites(self, chat_id: str, people: Sequence[str], by: str, by_link: bool = False) -> None:
        """Somebody in the group brings people in: add_member."""
        events = self._world.groups.invites(self._now(), chat_id=chat_id, people=people, by=by, by_link=by_link)
        self._told("invites", chat_id, events)

    async def brings(self, userid: str, chat_id: str, external_userid: str) -> None:
        """A member of the corp who is in the group brings one customer in: add_member."""
        await self.invites(chat_id, [external_userid], by=userid)

    async def scans(
        self,
        state: str | None = None,
        config_id: str | None = None,
        external_userid: str | None = None,
        name: str | None = None,
    ) -> str:
        """Somebody, known or new, scans a join way's code (by `state` or `config_id`): add_member.

        Returns the external_userid.
        """
        customer = self._world.people.somebody(self._world.ids, external_userid, name).external_userid
        chat_id, events = self._world.join_ways.scanned(self._now(), person=customer, state=state, config_id=config_id)
        self._told("scans", chat_id, events)
        return customer

    async def leaves(self, chat_id: str, person: str) -> None:
        """Somebody leaves by himself: del_member, QuitScene 0."""
        self._told("leaves", chat_id, self._world.groups.leaves(self._now(), chat_id=chat_id, person=person))

    async def removes(self, chat_id: str, person: str) -> None:
        """The owner removes somebody: del_member, QuitScene 1."""
        self._told("removes", chat_id, self._world.groups.removes(self._now(), chat_id=chat_id, person=person))

    async def hands_over(self, chat_id: str, to: str) -> None:
        """The owner makes `to` the owner: change_owner."""
        self._told("hands_over", chat_id, self._world.groups.hands_over(self._now(), chat_id=chat_id, to=to))

    async def renames(self, chat_id: str, name: str) -> None:
        """change_name."""
        self._told("renames", chat_id, self._world.groups.renames(self._now(), chat_id=chat_id, name=name))

    async def notes(self, chat_id: str, notice: str) -> None:
        """A new notice: change_notice."""
        self._told("notes", chat_id, self._world.groups.notes(self._now(), chat_id=chat_id, notice=notice))

    async def dismisses(self, chat_id: str) -> None:
        """The owner dissolves the group: dismiss."""
        self._told("dismisses", chat_id, self._world.groups.dismisses(self._now(), chat_id=chat_id))

    async def writes(self, chat_id: str, person: str, text: str) -> None:
        """Somebody writes into the group; no callback."""
        self._world.groups.writes(self._now(), chat_id=chat_id, person=person, text=text)
        self._told("writes", chat_id, [])

    async def greets_with(self, chat_id: str, template_id: str) -> None:
        """The owner chooses a welcome of the library for the group."""
        template = self._world.group_welcomes.find(template_id)
        self._world.groups.find(chat_id).welcome_template_id = template.template_id

    async def reads(self, chat_id: str) -> list[dict[str, Any]]:
        """The group's chat, oldest first: at, sender, text, attachments."""
        chat = self._world.groups.find(chat_id).chat
        return [{"at": m.at, "sender": m.sender, "text": m.text, "attachments": list(m.attachments)} for m in chat]

    def _told(self, action: str, chat_id: str, events: list[Event]) -> None:
        self._happened(f"groups.{action}", events, chat_id=chat_id)

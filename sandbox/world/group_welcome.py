"""The library of group welcomes, and greeting those who join a group that uses one (official page 92366)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.world.media import Media
from sandbox.world.people import ChatMessage
from sandbox.world.welcome import attachment_of
from sandbox.world.wire import Answer, ApiError, Body, Call, Ids, NotFoundError, need, text_of

TEMPLATES_AT_MOST = 100
_NICKNAME = "%NICKNAME%"
_KINDS = ("image", "link", "miniprogram", "file", "video")


@dataclass(slots=True)
class Template:
    """One welcome; `content` as it was sent: text and at most one attachment."""

    template_id: str
    made_by: int
    content: dict[str, Any]


class GroupWelcomes:
    """Templates by API. An admin or owner must still choose one for a group: no API does that."""

    def __init__(self, ids: Ids, media: Media) -> None:
        self._ids, self._media = ids, media
        self._templates: dict[str, Template] = {}

    def find(self, template_id: str) -> Template:
        """Raises NotFoundError."""
        if template_id not in self._templates:
            raise NotFoundError(f"没有入群欢迎语 {template_id}")
        return self._templates[template_id]

    def greetings(self, template_id: str, names: Sequence[str], at: int, sender: str) -> list[ChatMessage]:
        """What a group shows when these people join; nothing without a template that still exists."""
        template = self._templates.get(template_id)
        if template is None or not names:
            return []
        text = str(template.content.get("text", {}).get("content", "")).replace(_NICKNAME, "、".join(names))
        attached = tuple({"msgtype": kind, kind: template.content[kind]} for kind in _KINDS if kind in template.content)
        return [ChatMessage(at, sender, text, attached)]

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/group_welcome_template/add": self.add,
            "externalcontact/group_welcome_template/edit": self.edit,
            "externalcontact/group_welcome_template/get": self.get,
            "externalcontact/group_welcome_template/del": self.delete,
        }

    def add(self, call: Call) -> Answer:
        need(len(self._templates) < TEMPLATES_AT_MOST, 41055, "too many group welcome templates")
        template_id = self._ids.letters("msg", 29)
        self._templates[template_id] = Template(template_id, call.app.agentid, self._content(call.body, call.at))
        return {"template_id": template_id}

    def edit(self, call: Call) -> Answer:
        self._own(call).content = self._content(call.body, call.at)
        return {}

    def get(self, call: Call) -> Answer:
        return dict(self._known(call).content)

    def delete(self, call: Call) -> Answer:
        del self._templates[self._own(call).template_id]
        return {}

    def _known(self, call: Call) -> Template:
        template = self._templates.get(text_of(call.body, "template_id"))
        if template is None:
            raise ApiError(40035, "invalid parameter: template_id")
        return template

    def _own(self, call: Call) -> Template:
        template = self._known(call)
        need(template.made_by == call.app.agentid, 41058, "the template belongs to another app")
        return template

    def _content(self, body: Body, at: int) -> dict[str, Any]:
        text = body.get("text") or {}
        words = text.get("content", "") if isinstance(text, dict) else None
        need(isinstance(words, str), 40035, "invalid parameter: text.content")
        kinds = [kind for kind in _KINDS if body.get(kind)]
        need(len(kinds) <= 1, 41064, "one attachment at most")
        need(words or kinds, 41089, "text and attachment are both empty")
        attached = {kind: attachment_of({"msgtype": kind, kind: body[kind]}, self._media, at)[kind] for kind in kinds}
        return ({"text": {"content": words}} if words else {}) | attached

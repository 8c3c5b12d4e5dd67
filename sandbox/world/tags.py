"""The corp's tag library and the tags of each member–customer pair (official pages 92117, 92118)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.world.events import system_event
from sandbox.world.people import People
from sandbox.world.wire import Answer, ApiError, Call, Event, Ids, NotFoundError, need, strings_of, text_of

TAGS_AT_MOST = 10_000
TAGS_PER_PAIR = 3000
NAME_CHARS = 30
_BY_ADMIN = 0
_TAG_EVENT = "change_external_tag"


@dataclass(slots=True)
class Tag:
    """One tag; `made_by` an agentid, or _BY_ADMIN."""

    id: str
    name: str
    create_time: int
    order: int = 0
    made_by: int = _BY_ADMIN


@dataclass(slots=True)
class TagGroup:
    id: str
    name: str
    create_time: int
    order: int = 0
    made_by: int = _BY_ADMIN
    tags: dict[str, Tag] = field(default_factory=dict)


class Tags:
    """Library and marks."""

    def __init__(self, corpid: str, ids: Ids, people: People) -> None:
        self._corpid, self._ids, self._people = corpid, ids, people
        self._groups: dict[str, TagGroup] = {}

    def groups(self) -> list[TagGroup]:
        return list(self._groups.values())

    def shown(self, tag_id: str) -> dict[str, Any] | None:
        """As in `follow_user[].tags` of externalcontact/get."""
        for group in self._groups.values():
            if tag_id in group.tags:
                return {
                    "group_name": group.name,
                    "tag_name": group.tags[tag_id].name,
                    "tag_id": tag_id,
                    "type": 1,
                }
        return None

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/get_corp_tag_list": self.get_corp_tag_list,
            "externalcontact/add_corp_tag": self.add_corp_tag,
            "externalcontact/edit_corp_tag": self.edit_corp_tag,
            "externalcontact/del_corp_tag": self.del_corp_tag,
            "externalcontact/mark_tag": self.mark_tag,
        }

    def get_corp_tag_list(self, call: Call) -> Answer:
        group_ids, tag_ids = strings_of(call.body, "group_id"), strings_of(call.body, "tag_id")
        groups = [group for group in self._groups.values() if not group_ids or group.id in group_ids]
        if tag_ids and not group_ids:
            shown = [(g, [t for t in g.tags.values() if t.id in tag_ids]) for g in groups]
            return {"tag_group": [_group_json(group, tags) for group, tags in shown if tags]}
        return {"tag_group": [_group_json(group, list(group.tags.values())) for group in groups]}

    def add_corp_tag(self, call: Call) -> Answer:
        wanted = call.body.get("tag") or []
        need(isinstance(wanted, list) and wanted, 40035, "invalid parameter: tag")
        names = [text_of(item, "name", 40072) for item in wanted]
        group = self._group_for(call)
        self._check_names(group, names)
        count = sum(len(other.tags) for other in self._groups.values())
        need(count + len(names) <= TAGS_AT_MOST, 40126, "too many tags in the corp")
        self._groups[group.id] = group
        added = [self._add(group, item["name"], call.at, item.get("order", 0), call.app.agentid) for item in wanted]
        return {"tag_group": _group_json(group, added)}

    def edit_corp_tag(self, call: Call) -> Answer:
        group, tag = self._find(text_of(call.body, "id", 40068))
        thing = tag or group
        need(thing.made_by == call.app.agentid, 60011, "only the app that made a tag may change it")
        if "name" in call.body:
            name = text_of(call.body, "name", 40072)
            if name != thing.name:
                self._check_names(group if tag else None, [name])
            thing.name = name
        thing.order = call.body.get("order", thing.order)
        return {}

    def del_corp_tag(self, call: Call) -> Answer:
        found = [self._find(tag_id) for tag_id in strings_of(call.body, "tag_id") + strings_of(call.body, "group_id")]
        need(found, 40068, "tag_id and group_id are both missing")
        for group, tag in found:
            need((tag or group).made_by == call.app.agentid, 60011, "only the app that made a tag may delete it")
        for group, tag in found:
            self._remove(group, tag)
        return {}

    def mark_tag(self, call: Call) -> Answer:
        follow = self._people.api_follow(text_of(call.body, "userid"), text_of(call.body, "external_userid", 41035))
        add, remove = strings_of(call.body, "add_tag"), strings_of(call.body, "remove_tag")
        need(add or remove, 40035, "add_tag and remove_tag are both empty")
        for tag_id in add + remove:
            need(self._find(tag_id)[1], 40068, f"invalid tag_id: {tag_id}")
        kept = [tag_id for tag_id in follow.tag_ids if tag_id not in remove]
        tag_ids = kept + [tag_id for tag_id in dict.fromkeys(add) if tag_id not in kept]
        need(len(tag_ids) <= TAGS_PER_PAIR, 40126, "too many tags on one customer")
        follow.tag_ids = tag_ids
        return {}

    def admin_edits_tags(
        self, at: int, *, op: str, tag_id: str | None = None, group: str | None = None, name: str | None = None
    ) -> tuple[str, list[Event]]:
        """The admin works in the console. op: create (a tag `name` in group `group`, made if new), rename, delete,
        shuffle. Returns the id of the tag or group, and the callbacks."""
        if op == "create":
            return self._admin_creates(at, group or "未分组", name or "新标签")
        found, tag = self._existing(tag_id)
        if op == "rename":
            (tag or found).name = name or (tag or found).name
        elif op == "delete":
            self._remove(found, tag)
        elif op != "shuffle":
            raise NotFoundError(f"没有这种标签操作：{op}")
        change = {"rename": "update"}.get(op, op)
        return (tag or found).id, [self._told(at, change, (tag or found).id, "tag" if tag else "tag_group")]

    def _admin_creates(self, at: int, group_name: str, name: str) -> tuple[str, list[Event]]:
        known = next((g for g in self._groups.values() if g.name == group_name), None)
        group = known or TagGroup(self._ids.letters("et", 30), group_name, at)
        self._groups[group.id] = group
        tag = self._add(group, name, at, 0, _BY_ADMIN)
        events = [] if known else [self._told(at, "create", group.id, "tag_group")]
        return tag.id, [*events, self._told(at, "create", tag.id, "tag")]

    def _told(self, at: int, change_type: str, tag_id: str, tag_type: str) -> Event:
        return system_event(self._corpid, at, _TAG_EVENT, change_type, Id=tag_id, TagType=tag_type)

    def _group_for(self, call: Call) -> TagGroup:
        if call.body.get("group_id"):
            group, tag = self._find(str(call.body["group_id"]))
            need(tag is None, 40068, "invalid group_id")
            return group
        name = text_of(call.body, "group_name", 40072)
        need(len(name) <= NAME_CHARS, 40072, f"group_name is over {NAME_CHARS} characters")
        known = next((group for group in self._groups.values() if group.name == name), None)
        order, agentid = call.body.get("order", 0), call.app.agentid
        return known or TagGroup(self._ids.letters("et", 30), name, call.at, order, agentid)

    def _check_names(self, group: TagGroup | None, names: list[str]) -> None:
        taken = [tag.name for tag in group.tags.values()] if group else [g.name for g in self._groups.values()]
        for place, name in enumerate(names):
            need(len(name) <= NAME_CHARS, 40072, f"tag name is over {NAME_CHARS} characters")
            need(name not in taken and name not in names[:place], 40071, f"tag name exists: {name}")

    def _add(self, group: TagGroup, name: str, at: int, order: int, made_by: int) -> Tag:
        tag = Tag(self._ids.letters("et", 30), name, at, order, made_by)
        group.tags[tag.id] = tag
        return tag

    def _find(self, tag_id: str) -> tuple[TagGroup, Tag | None]:
        """The group alone for a group's id. Raises ApiError 40068."""
        for group in self._groups.values():
            if tag_id == group.id or tag_id in group.tags:
                return group, group.tags.get(tag_id)
        raise ApiError(40068, f"invalid tag_id: {tag_id}")

    def _existing(self, tag_id: str | None) -> tuple[TagGroup, Tag | None]:
        try:
            return self._find(tag_id or "")
        except ApiError:
            raise NotFoundError(f"没有标签 {tag_id}") from None

    def _remove(self, group: TagGroup, tag: Tag | None) -> None:
        gone = {tag.id} if tag else set(group.tags)
        if tag:
            group.tags.pop(tag.id, None)
        else:
            self._groups.pop(group.id, None)
        for follow in self._people.follows():
            follow.tag_ids = [tag_id for tag_id in follow.tag_ids if tag_id not in gone]


def _group_json(group: TagGroup, tags: list[Tag]) -> dict[str, Any]:
    return {
        "group_id": group.id,
        "group_name": group.name,
        "create_time": group.create_time,
        "order": group.order,
        "deleted": False,
        "tag": [
            {"id": tag.id, "name": tag.name, "create_time": tag.create_time, "order": tag.order, "deleted": False}
            for tag in tags
        ],
    }

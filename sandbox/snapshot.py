"""The state of the world as plain JSON, for the playground and for tests in another process."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox.handle import Scene
from sandbox.world.groups import Group
from sandbox.world.people import Follow


def snapshot(sandbox: Scene) -> dict[str, Any]:
    """now, apps, members (with notices), customers, follows (with tags and chat), channels, tag_groups, groups, kf …"""
    world = sandbox.world
    return {
        "now": sandbox.clock.now(),
        "corpid": world.corpid,
        "apps": [
            {"name": app.name, "agentid": app.agentid, "listens": bool(app.callback_url)} for app in _apps(sandbox)
        ],
        "members": [asdict(m) | {"notices": _notices(sandbox, m.userid)} for m in world.people.members.values()],
        "customers": [asdict(customer) for customer in world.people.customers.values()],
        "follows": [_follow(sandbox, follow) for follow in world.people.follows()],
        "channels": [_channel(sandbox, way) for way in world.contact_ways.all()],
        "tag_groups": [
            {"id": g.id, "name": g.name, "tags": [{"id": t.id, "name": t.name} for t in g.tags.values()]}
            for g in world.tags.groups()
        ],
        "groups": [_group(group) for group in world.groups.all()],
        "kf": _kf(sandbox),
        "moments": [asdict(moment) for moment in world.moments.all()],
        "mass_sends": [asdict(send) for send in world.mass.all()],
        "faults": {str(number): asdict(fault) for number, fault in sandbox.faults.in_force().items()},
        "log_seq": len(sandbox.log),
    }


def _apps(sandbox: Scene) -> list[Any]:
    return sandbox.world.apps.all()


def _notices(sandbox: Scene, userid: str) -> list[dict[str, Any]]:
    return [asdict(notice) for notice in sandbox.world.messages.notices.get(userid, []) if not notice.recalled]


def _follow(sandbox: Scene, follow: Follow) -> dict[str, Any]:
    world = sandbox.world
    tags = [world.tags.shown(tag_id) for tag_id in follow.tag_ids]
    chat = world.people.chats.get((follow.userid, follow.external_userid), [])
    return asdict(follow) | {"tags": [tag["tag_name"] for tag in tags if tag], "chat": [asdict(m) for m in chat]}


def _group(group: Group) -> dict[str, Any]:
    shown = {name: getattr(group, name) for name in ("chat_id", "name", "owner", "notice", "status")}
    return shown | {"people": list(group.seats), "chat": [asdict(message) for message in group.chat]}


def _kf(sandbox: Scene) -> dict[str, Any]:
    """accounts (with servicers), links, sessions (with what the phone shows)."""
    desk, now = sandbox.world.kf, sandbox.clock.now()
    sessions = [desk.session(*key, now) for key in desk.sessions]
    return {
        "accounts": [
            {"open_kfid": a.open_kfid, "name": a.name, "servicers": list(a.servicers)} for a in desk.accounts.values()
        ],
        "links": [asdict(link) for link in desk.links.values()],
        "sessions": [asdict(session) for session in sessions],
    }


def _channel(sandbox: Scene, way: Any) -> dict[str, Any]:
    return {
        "config_id": way.config_id,
        "state": way.state,
        "remark": way.fields.get("remark", ""),
        "users": way.users,
        "qr_code": sandbox.world.contact_ways.qr_code(way),
    }

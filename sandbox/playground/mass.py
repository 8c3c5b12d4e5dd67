"""What the page shows of mass sends and Moments, as plain values: what a guide has to confirm, a customer's feed."""

from __future__ import annotations

from typing import Any

from sandbox.handle import Scene
from sandbox.playground.message import attachment, linked
from sandbox.playground.timeline import clock_text
from sandbox.world.mass import MassSend
from sandbox.world.moment_feed import Post
from sandbox.world.moments import Moment

TASKS_SHOWN = 20
POSTS_SHOWN = 20
_NAMES_SHOWN = 3


def to_confirm(sandbox: Scene, member: str) -> list[dict[str, Any]]:
    """The member's tasks that wait for a press, the latest first."""
    now, world = sandbox.clock.now(), sandbox.world
    sends = [_mass(sandbox, member, send) for send in world.mass.waiting(now, member)]
    moments = [_moment(sandbox, member, moment) for moment in world.moments.waiting(now, member)]
    return sorted(sends + moments, key=lambda task: int(task["at"]), reverse=True)[:TASKS_SHOWN]


def moments_feed(sandbox: Scene, customer: str) -> list[dict[str, Any]]:
    """What the customer sees in Moments, the latest first."""
    return [_post(sandbox, customer, post) for post in sandbox.world.moment_feed.of(customer)[:POSTS_SHOWN]]


def _mass(sandbox: Scene, member: str, send: MassSend) -> dict[str, Any]:
    recipients = list(send.tasks[member].recipients)
    kind = "个客户群" if send.chat_type == "group" else "位客户"
    reminded = f"，已提醒 {len(send.reminded_at)} 次" if send.reminded_at else ""
    return _task(sandbox, send) | {
        "title": "群发",
        "for": f"{_names(sandbox, recipients)} {len(recipients)} {kind}{reminded}",
        "do": "mass.member_confirms",
        "arguments": {"userid": member, "msgid": send.msgid},
        "button": "发送",
        "id": send.msgid,
    }


def _moment(sandbox: Scene, member: str, moment: Moment) -> dict[str, Any]:
    return _task(sandbox, moment) | {
        "title": "朋友圈",
        "for": f"{len(moment.tasks[member].planned)} 位客户可见",
        "do": "moments.member_posts",
        "arguments": {"userid": member, "moment_id": moment.moment_id},
        "button": "发表",
        "id": moment.moment_id,
    }


def _task(sandbox: Scene, task: MassSend | Moment) -> dict[str, Any]:
    return {
        "at": task.dispatched_at,
        "clock": clock_text(task.dispatched_at),
        "parts": linked(task.text),
        "attachments": [attachment(sandbox, item) for item in task.attachments],
    }


def _names(sandbox: Scene, recipients: list[str]) -> str:
    groups = {group.chat_id: group.name for group in sandbox.world.groups.all()}
    names = [groups.get(to) or sandbox.world.people.name_of(to) for to in recipients[:_NAMES_SHOWN]]
    return "、".join(names) + (" 等" if len(recipients) > _NAMES_SHOWN else "，共")


def _post(sandbox: Scene, customer: str, post: Post) -> dict[str, Any]:
    name_of = sandbox.world.people.name_of
    return {
        "id": f"{post.task.userid}-{post.moment.moment_id}",
        "arguments": {"person": customer, "userid": post.task.userid, "moment_id": post.moment.moment_id},
        "name": name_of(post.task.userid),
        "clock": clock_text(post.task.posted_at),
        "parts": linked(post.moment.text),
        "attachments": [attachment(sandbox, item) for item in post.moment.attachments],
        "liked": customer in post.task.likes,
        "likes": [name_of(person) for person in post.task.likes],
        "comments": [(name_of(comment.person), comment.text) for comment in post.task.comments],
    }

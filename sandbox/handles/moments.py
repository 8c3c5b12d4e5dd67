"""`sandbox.moments`: what members and customers do with 客户朋友圈; no callback of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sandbox.handles.base import Handle
from sandbox.world.moment_feed import Post
from sandbox.world.moments import Moment


class MomentsHandle(Handle):
    """`moment_id` names the Moment, `userid` the member whose post of it is meant."""

    async def tasks(self, userid: str) -> list[dict[str, Any]]:
        """What the member's client asks him to post, oldest first: moment_id, text, attachments, planned, at."""
        member = self._world.people.member(userid).userid
        return [_task(moment, member) for moment in self._world.moments.waiting(self._now(), member)]

    async def member_posts(self, userid: str, moment_id: str) -> list[str]:
        """He presses 发表. Returns the customers who can see it."""
        task = self._world.moments.posts(self._now(), userid=userid, moment_id=moment_id)
        self._happened("moments.member_posts", [], userid=task.userid, moment_id=moment_id)
        return task.visible

    async def member_posts_own(
        self,
        userid: str,
        text: str,
        to: Sequence[str] | None = None,
        attachments: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        """A Moment of his own for these customers (None: all of his). Returns the moment_id."""
        own = [dict(item) for item in attachments]
        moment = self._world.moments.posts_own(self._now(), userid=userid, text=text, attachments=own, to=to)
        self._happened("moments.member_posts_own", [], userid=moment.creator, moment_id=moment.moment_id)
        return moment.moment_id

    async def member_deletes(self, userid: str, moment_id: str) -> None:
        """He takes his post down."""
        self._world.moments.deletes(self._now(), userid=userid, moment_id=moment_id)
        self._happened("moments.member_deletes", [], userid=userid, moment_id=moment_id)

    async def likes(self, person: str, userid: str, moment_id: str) -> None:
        """`person`, a customer or a member, likes the post; again: takes it back."""
        self._world.moment_feed.likes(self._now(), person=person, userid=userid, moment_id=moment_id)
        self._happened("moments.likes", [], person=person, userid=userid, moment_id=moment_id)

    async def comments(self, person: str, userid: str, moment_id: str, text: str) -> None:
        """`person`, a customer or a member, says something to the post; the API never tells what."""
        self._world.moment_feed.comments(self._now(), person=person, userid=userid, moment_id=moment_id, text=text)
        self._happened("moments.comments", [], person=person, userid=userid, moment_id=moment_id)

    async def feed(self, external_userid: str) -> list[dict[str, Any]]:
        """The customer's Moments, newest first: moment_id, userid, at, text, attachments, likes, comments."""
        return [_post(post) for post in self._world.moment_feed.of(external_userid)]


def _task(moment: Moment, userid: str) -> dict[str, Any]:
    return {
        "moment_id": moment.moment_id,
        "text": moment.text,
        "attachments": list(moment.attachments),
        "planned": list(moment.tasks[userid].planned),
        "at": moment.dispatched_at,
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "moment_id": post.moment.moment_id,
        "userid": post.task.userid,
        "at": post.task.posted_at,
        "text": post.moment.text,
        "attachments": list(post.moment.attachments),
        "likes": list(post.task.likes),
        "comments": [asdict(comment) for comment in post.task.comments],
    }

"""What customers see in their Moments, and what they and members say to it."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.world.moments import Moment, Moments, MomentTask, Reaction
from sandbox.world.people import People
from sandbox.world.wire import NotFoundError


@dataclass(frozen=True, slots=True)
class Post:
    """One member's post, as a phone shows it."""

    moment: Moment
    task: MomentTask


class MomentFeed:
    """Likes are taken back by a second one, comments stay. NotFoundError says what is amiss."""

    def __init__(self, moments: Moments, people: People) -> None:
        self._moments, self._people = moments, people

    def of(self, external_userid: str) -> list[Post]:
        """The customer's feed, newest first: of members who are still friends."""
        posts = [Post(moment, task) for moment in self._moments.all() for task in moment.tasks.values()]
        seen = [post for post in posts if self._sees(external_userid, post.task)]
        return sorted(seen, key=lambda post: (post.task.posted_at, post.moment.ordinal), reverse=True)

    def likes(self, at: int, *, person: str, userid: str, moment_id: str) -> None:
        """A customer or a member likes the post of `userid`, or takes it back."""
        task = self._post_for(person, userid, moment_id)
        if task.likes.pop(person, None) is None:
            task.likes[person] = Reaction(person, at)

    def comments(self, at: int, *, person: str, userid: str, moment_id: str, text: str) -> None:
        """A customer or a member says something to the post of `userid`."""
        self._post_for(person, userid, moment_id).comments.append(Reaction(person, at, text))

    def _post_for(self, person: str, userid: str, moment_id: str) -> MomentTask:
        """Members of the corp see it too."""
        _, task = self._moments.post_of(userid, moment_id)
        if person not in self._people.members and not self._sees(person, task):
            raise NotFoundError(f"{person} 看不到 {userid} 的朋友圈 {moment_id}")
        return task

    def _sees(self, person: str, task: MomentTask) -> bool:
        return person in task.visible and not task.deleted_at and self._people.are_friends(task.userid, person)

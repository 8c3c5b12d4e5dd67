"""Reading Moments by API: which there are, who posted, who can see them, who answered (official page 96352)."""

from __future__ import annotations

from typing import Any

from sandbox.world.listing import listed, makers_of, window_of
from sandbox.world.moments import Moment, Moments, MomentTask, Reaction
from sandbox.world.people import People
from sandbox.world.wire import Answer, ApiError, Call, need, text_of

MOMENTS_A_PAGE = 20
MOMENT_SPAN_DAYS = 30
MOMENT_TASKS_A_PAGE, MOMENT_TASKS_BY_DEFAULT = 1000, 500
MOMENT_VISIBLE_A_PAGE, MOMENT_VISIBLE_BY_DEFAULT = 5000, 3000


class MomentResults:
    """Likes and comments are told without their words."""

    def __init__(self, moments: Moments, people: People) -> None:
        self._moments, self._people = moments, people

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/get_moment_list": self.get_moment_list,
            "externalcontact/get_moment_task": self.get_moment_task,
            "externalcontact/get_moment_customer_list": self.get_moment_customer_list,
            "externalcontact/get_moment_send_result": self.get_moment_send_result,
            "externalcontact/get_moment_comments": self.get_moment_comments,
        }

    def get_moment_list(self, call: Call) -> Answer:
        (start, end), wanted = window_of(call.body, MOMENT_SPAN_DAYS), makers_of(call.body)
        moments = [
            moment
            for moment in self._moments.all()
            if start <= moment.create_time <= min(end, call.at)
            and wanted(moment.creator)
            and not (moment.creator and moment.tasks[moment.creator].deleted_at)
        ]
        limits = {"default": MOMENTS_A_PAGE, "at_most": MOMENTS_A_PAGE}
        return listed("moment_list", moments, call.body, _moment_json, ordinals=[m.ordinal for m in moments], **limits)

    def get_moment_task(self, call: Call) -> Answer:
        moment = self._dispatched(call)
        need(not moment.creator, 41067, "a member's own moment")
        limits = {"default": MOMENT_TASKS_BY_DEFAULT, "at_most": MOMENT_TASKS_A_PAGE}
        return listed("task_list", list(moment.tasks.values()), call.body, _task_json, **limits)

    def get_moment_customer_list(self, call: Call) -> Answer:
        """Whom the post is planned for."""
        task = self._task(call)
        limits = {"default": MOMENT_TASKS_BY_DEFAULT, "at_most": MOMENT_TASKS_A_PAGE}
        return listed("customer_list", task.planned, call.body, lambda to: _planned_json(task, to), **limits)

    def get_moment_send_result(self, call: Call) -> Answer:
        """Who can really see it."""
        limits = {"default": MOMENT_VISIBLE_BY_DEFAULT, "at_most": MOMENT_VISIBLE_A_PAGE}
        return listed(
            "customer_list", self._posted(call).visible, call.body, lambda to: {"external_userid": to}, **limits
        )

    def get_moment_comments(self, call: Call) -> Answer:
        task = self._posted(call)
        return {
            "comment_list": [self._reaction_json(comment) for comment in task.comments],
            "like_list": [self._reaction_json(like) for like in task.likes.values()],
        }

    def _dispatched(self, call: Call) -> Moment:
        moment = self._moments.api_moment(call.body)
        need(call.at >= moment.dispatched_at, 41079, "the moment is still being dispatched")
        return moment

    def _task(self, call: Call) -> MomentTask:
        moment, userid = self._dispatched(call), text_of(call.body, "userid")
        task = moment.tasks.get(self._people.known_userid(userid))
        if task is None:
            raise ApiError(41061, f"not a moment of {userid}")
        return task

    def _posted(self, call: Call) -> MomentTask:
        task = self._task(call)
        need(task.posted_at, 41062, f"not yet posted by {task.userid}")
        return task

    def _reaction_json(self, reaction: Reaction) -> dict[str, Any]:
        key = "external_userid" if reaction.person in self._people.customers else "userid"
        return {key: reaction.person, "create_time": reaction.at}


def _moment_json(moment: Moment) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "moment_id": moment.moment_id,
        "create_time": moment.create_time,
        "create_type": 1 if moment.creator else 0,
        "visible_type": 1 if moment.public else 0,
    }
    optional = {"creator": moment.creator, "text": {"content": moment.text} if moment.text else None}
    by_kind: dict[str, list[Any]] = {}
    for item in moment.attachments:
        by_kind.setdefault(item["msgtype"], []).append(item[item["msgtype"]])
    optional["image"] = [{"media_id": image.get("media_id", "")} for image in by_kind.get("image", [])]
    for video in by_kind.get("video", []):
        optional["video"] = {"media_id": video.get("media_id", ""), "thumb_media_id": video.get("media_id", "")}
    for link in by_kind.get("link", []):
        optional["link"] = {"title": link.get("title", ""), "url": link["url"]}
    return shown | {key: value for key, value in optional.items() if value}


def _task_json(task: MomentTask) -> dict[str, Any]:
    return {"userid": task.userid, "publish_status": 1 if task.posted_at else 0}


def _planned_json(task: MomentTask, customer: str) -> dict[str, Any]:
    return {"userid": task.userid, "external_userid": customer}

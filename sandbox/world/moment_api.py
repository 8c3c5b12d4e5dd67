"""Making Moments by API: a job, its result, and calling it off (official page 96351, 2025/09/11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.world.limits import Window
from sandbox.world.media import Media
from sandbox.world.moment_audience import MomentAudience, MomentRange
from sandbox.world.moment_content import Content, moment_content_of
from sandbox.world.moments import Moment, Moments
from sandbox.world.quota import Ledger
from sandbox.world.wire import Answer, ApiError, Call, Ids, need

MOMENT_TASKS_A_MINUTE = 10
MOMENT_JOB_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class _Job:
    """`moment` None: nobody is left who could post it."""

    made_at: int
    done_at: int
    range: MomentRange
    moment: Moment | None


class MomentApi:
    """`job_seconds`: how long a job takes (not published): started for the first half of it, then creating.

    `jobs_at_once`: how many may be unfinished, 41078 for one more; `month_quota`: how many may be made in a calendar
    month, 45009 for one more. Neither number is published, so there is none until it is set.
    """

    def __init__(self, ids: Ids, moments: Moments, audience: MomentAudience, media: Media) -> None:
        self._ids, self._moments, self._audience, self._media = ids, moments, audience, media
        self._jobs: dict[str, _Job] = {}
        self._minute = Window(MOMENT_TASKS_A_MINUTE, 60)
        self._made = Ledger()
        self.job_seconds = 2
        self.jobs_at_once: int | None = None
        self.month_quota: int | None = None

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/add_moment_task": self.add_moment_task,
            "externalcontact/get_moment_task_result": self.get_moment_task_result,
            "externalcontact/cancel_moment_task": self.cancel_moment_task,
        }

    def add_moment_task(self, call: Call) -> Answer:
        self._need_room(call.at)
        content = moment_content_of(call.body, self._media, call.at)
        shown, done_at = self._audience.of(call.body), call.at + self.job_seconds
        moment = None
        if shown.planned:
            moment = self._moments.creates(done_at, self._as_shown(content, call.at), shown.planned, shown.public)
            self._made.add("", call.at)
        jobid = self._ids.letters("job", 40)
        self._jobs[jobid] = _Job(call.at, done_at, shown, moment)
        return {"jobid": jobid}

    def get_moment_task_result(self, call: Call) -> Answer:
        job = self._jobs.get(call.query.get("jobid", ""))
        if job is None or call.at > job.made_at + MOMENT_JOB_SECONDS:
            raise ApiError(40035, "invalid parameter: jobid")
        half = job.made_at + (job.done_at - job.made_at) / 2
        status = 3 if call.at >= job.done_at else 2 if call.at >= half else 1
        answer: Answer = {"status": status, "type": "add_moment_task"}
        return answer | ({"result": _result(job)} if status == 3 else {})

    def cancel_moment_task(self, call: Call) -> Answer:
        """Members who have posted have posted; the others see it no more."""
        moment = self._moments.api_moment(call.body)
        need(not moment.creator, 41067, "a member's own moment")
        moment.cancelled_at = moment.cancelled_at or call.at
        return {}

    def _need_room(self, at: int) -> None:
        need(not self._minute.blocked(at), 45009, "api freq out of limit, still blocked")
        self._minute.draw(at)
        unfinished = sum(job.done_at > at for job in self._jobs.values())
        need(self.jobs_at_once is None or unfinished < self.jobs_at_once, 41078, "too many moment tasks being created")
        made = self._made.count("", "month", at)
        need(self.month_quota is None or made < self.month_quota, 45009, "too many moment tasks this month")

    def _as_shown(self, content: Content, at: int) -> Content:
        """With media_ids of their own, which media/get knows."""
        text, attachments = content
        return text, tuple(self._with_own_media(item, at) for item in attachments)

    def _with_own_media(self, item: dict[str, Any], at: int) -> dict[str, Any]:
        kind = item["msgtype"]
        copied = self._media.copy(self._media.need_for("moments", item[kind]["media_id"], at), "WWCISP_", at)
        return {"msgtype": kind, kind: item[kind] | {"media_id": copied.media_id}}


def _result(job: _Job) -> dict[str, Any]:
    """That a job without anybody to post it ends with 41048 is not published."""
    done = {"errcode": 0, "errmsg": "ok"} if job.moment else {"errcode": 41048, "errmsg": "nobody to post it"}
    unknown = {"user_list": job.range.unknown_users, "department_list": job.range.unknown_departments}
    return {
        **done,
        "moment_id": job.moment.moment_id if job.moment else "",
        "invalid_sender_list": unknown,
        "invalid_external_contact_list": {"tag_list": job.range.unknown_tags},
    }

"""Moments for the corp of the tests."""

from __future__ import annotations

from typing import Any

from sandbox.world.wire import Upload
from tests.sandbox.corp import PNG, Corp
from tests.sandbox.mass_corp import asked

WORDS = {"text": {"content": "今日新品"}}


def attachment(corp: Corp, kind: str = "image", data: bytes = PNG, scene: str = "1") -> dict[str, Any]:
    """What upload_attachment answers."""
    upload = Upload(f"a.{kind}", "", data)
    return corp.ask("media/upload_attachment", upload=upload, media_type=kind, attachment_type=scene)


def mp4(seconds: int, wide: bool = False) -> bytes:
    """The beginning of a film of this length, its header in the short form or the wide one."""
    times = (b"\1\0\0\0" + b"\0" * 16) if wide else (b"\0\0\0\0" + b"\0" * 8)
    length = (seconds * 1000).to_bytes(8 if wide else 4, "big")
    return b"\0\0\0\x18ftypmp42" + b"\0" * 12 + b"\0\0\0\x6cmvhd" + times + (1000).to_bytes(4, "big") + length


def picture(media_id: str) -> dict[str, Any]:
    return {"msgtype": "image", "image": {"media_id": media_id}}


def range_of(users: list[str] | None = None, tags: list[str] | None = None) -> dict[str, Any]:
    senders = {} if users is None else {"sender_list": {"user_list": users}}
    return {"visible_range": senders | ({} if tags is None else {"external_contact_list": {"tag_list": tags}})}


def result(corp: Corp, jobid: str) -> dict[str, Any]:
    """Of a job, once it is done."""
    corp.at += corp.world.moment_api.job_seconds + corp.world.moments.dispatch_seconds
    return dict(corp.ask("externalcontact/get_moment_task_result", jobid=jobid)["result"])


def made(corp: Corp, **body: Any) -> str:
    """A Moment, already at its members; its moment_id."""
    answer = asked(corp, "add_moment_task", **(WORDS | body))
    assert answer["errcode"] == 0, answer
    done = result(corp, answer["jobid"])
    assert done["errcode"] == 0, done
    return str(done["moment_id"])


def posts(corp: Corp, moment_id: str, userid: str = "lihua") -> None:
    corp.world.moments.posts(corp.at, userid=userid, moment_id=moment_id)


def planned(corp: Corp, moment_id: str, userid: str = "lihua") -> list[str]:
    """Whom the post is planned for."""
    answer = asked(corp, "get_moment_customer_list", moment_id=moment_id, userid=userid)
    return [customer["external_userid"] for customer in answer["customer_list"]]


def feed(corp: Corp, customer: str) -> list[str]:
    """The texts of a customer's Moments, newest first."""
    return [post.moment.text for post in corp.world.moment_feed.of(customer)]

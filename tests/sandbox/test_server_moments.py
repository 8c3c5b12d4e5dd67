"""Moments whole: uploaded and made over HTTP, posted and answered from another process."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox import Sandbox
from tests.sandbox.corp import PNG, Listener, Wire
from tests.sandbox.moment_corp import WORDS, picture

ADD, RESULT = "externalcontact/add_moment_task", "externalcontact/get_moment_task_result"


async def uploaded(wire: Wire) -> str:
    form = aiohttp.FormData()
    form.add_field("media", PNG, filename="a.png")
    query = {"access_token": wire.token, "media_type": "image", "attachment_type": "1"}
    async with wire.http.post("/cgi-bin/media/upload_attachment", params=query, data=form) as response:
        return str((await response.json())["media_id"])


async def made(sandbox: Sandbox, wire: Wire) -> str:
    """A Moment with a picture, without any waiting; its moment_id."""
    sandbox.world.moment_api.job_seconds = sandbox.world.moments.dispatch_seconds = 0
    jobid = (await wire.post(ADD, WORDS | {"attachments": [picture(await uploaded(wire))]}))["jobid"]
    query = {"access_token": wire.token, "jobid": jobid}
    async with wire.http.get(f"/cgi-bin/{RESULT}", params=query) as response:
        return str((await response.json())["result"]["moment_id"])


async def test_moment_is_played_from_another_process(sandbox: Sandbox, wire: Wire, listener: Listener) -> None:
    """Posted by the member, liked and commented by the customer; no app is told of any of it."""
    customer = await sandbox.customer_adds(userid="lihua")
    await sandbox.callbacks_settled()
    listener.events.clear()
    moment_id = await made(sandbox, wire)
    (task,) = (await wire.control("moments.tasks", {"userid": "lihua"}))["result"]
    assert (task["moment_id"], task["planned"]) == (moment_id, [customer])
    post = {"userid": "lihua", "moment_id": moment_id}
    assert (await wire.control("moments.member_posts", post))["result"] == [customer]
    assert not (await wire.control("moments.member_posts", post))["ok"]
    await wire.control("moments.likes", {"person": customer, **post})
    await wire.control("moments.comments", {"person": customer, "text": "好看", **post})
    own = (await wire.control("moments.member_posts_own", {"userid": "lihua", "text": "我的"}))["result"]
    mine, corps = (await wire.control("moments.feed", {"external_userid": customer}))["result"]
    assert (mine["moment_id"], corps["likes"], corps["comments"][0]["text"]) == (own, [customer], "好看")
    comments = (await wire.post("externalcontact/get_moment_comments", post))["comment_list"]
    assert [list(comment) for comment in comments] == [["external_userid", "create_time"]]
    await wire.control("moments.member_deletes", {"userid": "lihua", "moment_id": own})
    async with wire.http.get("/sandbox/state") as response:
        state = await response.json()
    assert [moment["moment_id"] for moment in state["moments"]] == [moment_id, own] and listener.events == []


async def test_job_may_be_made_though_its_number_is_lost(sandbox: Sandbox, wire: Wire) -> None:
    """The answer of add_moment_task is lost: the Moment is there, in the list alone."""
    await sandbox.customer_adds(userid="lihua")
    sandbox.world.moment_api.job_seconds = 0
    sandbox.faults.add("reset_after", ADD, count=1)
    with pytest.raises(aiohttp.ClientError):
        await wire.post(ADD, WORDS)
    now = sandbox.clock.now()
    window = {"start_time": now - 60, "end_time": now + 60}
    (moment,) = (await wire.post("externalcontact/get_moment_list", window))["moment_list"]
    assert moment["text"] == WORDS["text"]

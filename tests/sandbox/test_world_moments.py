"""Making Moments, and what members do with them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world.habits import Habit
from sandbox.world.moment_api import MOMENT_JOB_SECONDS, MOMENT_TASKS_A_MINUTE
from sandbox.world.moment_audience import MOMENT_SENDERS
from sandbox.world.moment_content import MOMENT_IMAGES, MOMENT_LINK_TITLE_BYTES, MOMENT_TEXT_CHARS
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import Corp
from tests.sandbox.mass_corp import asked, customers
from tests.sandbox.moment_corp import WORDS, attachment, feed, made, mp4, picture, planned, posts, range_of, result

JOB = "externalcontact/get_moment_task_result"


def tagged(corp: Corp, *names: str) -> list[str]:
    """Corp tags; their ids."""
    body = {"group_name": "标签", "tag": [{"name": name} for name in names]}
    return [tag["id"] for tag in corp.ask("externalcontact/add_corp_tag", body)["tag_group"]["tag"]]


def test_job_ends_in_a_task_that_members_post(corp: Corp) -> None:
    """Started, creating, done; then it lies with the member, and only his press shows it to his customers."""
    (customer,) = customers(corp, 1)
    corp.world.moment_api.job_seconds = 4
    jobid = asked(corp, "add_moment_task", **WORDS)["jobid"]
    seen = []
    for _ in range(4):
        seen.append(corp.ask(JOB, jobid=jobid)["status"])
        corp.at += 1
    assert seen == [1, 1, 2, 2] and len(jobid) <= 64
    done = corp.ask(JOB, jobid=jobid)
    assert (done["status"], done["type"], done["result"]["errcode"]) == (3, "add_moment_task", 0)
    moment_id = done["result"]["moment_id"]
    assert corp.world.moments.waiting(corp.at, "lihua") == []
    corp.at += corp.world.moments.dispatch_seconds
    assert [moment.moment_id for moment in corp.world.moments.waiting(corp.at, "lihua")] == [moment_id]
    assert feed(corp, customer) == []
    posts(corp, moment_id)
    assert feed(corp, customer) == ["今日新品"]
    with pytest.raises(NotFoundError, match="没有待发表"):
        posts(corp, moment_id)


def test_job_is_known_for_a_day(corp: Corp) -> None:
    customers(corp, 1)
    jobid = asked(corp, "add_moment_task", **WORDS)["jobid"]
    corp.at += MOMENT_JOB_SECONDS
    assert corp.ask(JOB, jobid=jobid)["errcode"] == 0
    corp.at += 1
    assert corp.ask(JOB, jobid=jobid)["errcode"] == corp.ask(JOB, jobid="none")["errcode"] == 40035


def link(media_id: str, **content: str) -> dict[str, Any]:
    return {"msgtype": "link", "link": {"url": "https://example.com/a", "media_id": media_id} | content}


def test_bad_moment_is_refused(corp: Corp) -> None:
    """2000 characters; nine pictures, or a video, or a link with a cover: one kind, each what it says it is."""
    customers(corp, 1)
    photo, film = attachment(corp)["media_id"], attachment(corp, "video", mp4(5))["media_id"]
    video = {"msgtype": "video", "video": {"media_id": film}}
    refused = {
        41089: {"text": {"content": ""}},
        45002: {"text": {"content": "字" * (MOMENT_TEXT_CHARS + 1)}},
        41064: {"attachments": [picture(photo)] * (MOMENT_IMAGES + 1)},
        41065: {"attachments": [picture(photo), video]},
        40004: {"attachments": [picture(film)]},
        40007: {"attachments": [picture("gone")]},
        40063: {"attachments": [{"msgtype": "image"}]},
        40035: {"attachments": [link(photo, url="")]},
    }
    for errcode, body in refused.items():
        assert asked(corp, "add_moment_task", **(WORDS | body))["errcode"] == errcode
    corp.at += 60
    too_long = link(photo, title="x" * (MOMENT_LINK_TITLE_BYTES + 1))
    assert asked(corp, "add_moment_task", attachments=[too_long])["errcode"] == 45002
    assert asked(corp, "add_moment_task", attachments=[video, video])["errcode"] == 41064
    assert asked(corp, "add_moment_task", attachments=[{"msgtype": "file", "file": {}}])["errcode"] == 41065
    assert asked(corp, "add_moment_task", **WORDS, **range_of(["x"] * (MOMENT_SENDERS + 1)))["errcode"] == 40035
    for good in ([picture(photo)] * MOMENT_IMAGES, [video], [link(photo)]):
        assert (
            asked(corp, "add_moment_task", text={"content": "字" * MOMENT_TEXT_CHARS}, attachments=good)["errcode"] == 0
        )


def test_so_many_are_made_in_a_minute(corp: Corp) -> None:
    """The eleventh is 45009, and so are the next until the minute is over."""
    customers(corp, 1)
    codes = [asked(corp, "add_moment_task", **WORDS)["errcode"] for _ in range(MOMENT_TASKS_A_MINUTE + 1)]
    assert codes == [0] * MOMENT_TASKS_A_MINUTE + [45009]
    corp.at += 59
    assert asked(corp, "add_moment_task", **WORDS)["errcode"] == 45009
    corp.at += 1
    assert asked(corp, "add_moment_task", **WORDS)["errcode"] == 0


def test_other_ceilings_are_settings(corp: Corp) -> None:
    """One unfinished job at a time; three in a month."""
    customers(corp, 1)
    corp.world.moment_api.jobs_at_once, corp.world.moment_api.month_quota = 1, 3
    assert [asked(corp, "add_moment_task", **WORDS)["errcode"] for _ in range(2)] == [0, 41078]
    codes = []
    for _ in range(3):
        corp.at += 60
        codes.append(asked(corp, "add_moment_task", **WORDS)["errcode"])
    assert codes == [0, 0, 45009]
    corp.at += 31 * 86400
    assert asked(corp, "add_moment_task", **WORDS)["errcode"] == 0


def test_range_says_who_posts_and_who_sees(corp: Corp) -> None:
    """Senders alone: public to all of theirs. Tags: their followers, for them. Both: both. Neither: everybody."""
    first, second = customers(corp, 2)
    (hers,) = customers(corp, 1, "wangfang")
    (vip,) = tagged(corp, "会员")
    for userid, customer in (("lihua", first), ("wangfang", hers)):
        asked(corp, "mark_tag", userid=userid, external_userid=customer, add_tag=[vip])

    def of(**body: Any) -> tuple[int, dict[str, list[str]]]:
        moment_id = made(corp, **body)
        tasks = asked(corp, "get_moment_task", moment_id=moment_id)["task_list"]
        window = {"start_time": corp.at - 60, "end_time": corp.at}
        shown = asked(corp, "get_moment_list", **window)["moment_list"][-1]
        return shown["visible_type"], {t["userid"]: planned(corp, moment_id, t["userid"]) for t in tasks}

    assert of(**range_of(["LiHua"])) == (1, {"lihua": [first, second]})
    assert of(**range_of(tags=[vip])) == (0, {"lihua": [first], "wangfang": [hers]})
    assert of(**range_of(["lihua"], [vip])) == (0, {"lihua": [first]})
    assert of() == (1, {"lihua": [first, second], "wangfang": [hers]})


def test_only_customers_with_wechat_see_it(corp: Corp) -> None:
    """A WeCom user of another corp is not even planned for."""
    (customer,) = customers(corp, 1)
    corp.adds(wecom_user=True)
    assert planned(corp, made(corp)) == [customer]


def test_one_tag_is_enough_or_all_are_needed(corp: Corp) -> None:
    """Which of the two is a setting."""
    one, both = customers(corp, 2)
    tags = tagged(corp, "会员", "干皮")
    asked(corp, "mark_tag", userid="lihua", external_userid=one, add_tag=tags[:1])
    asked(corp, "mark_tag", userid="lihua", external_userid=both, add_tag=tags)
    assert planned(corp, made(corp, **range_of(tags=tags))) == [one, both]
    corp.world.moment_audience.any_tag = False
    assert planned(corp, made(corp, **range_of(tags=tags))) == [both]


def test_unknown_ones_are_named_in_the_result(corp: Corp) -> None:
    """Ignored while somebody is left; else the job fails, and there is no Moment."""
    customers(corp, 1)
    body = range_of(["lihua", "nobody"])
    body["visible_range"]["sender_list"]["department_list"] = [2]
    done = result(corp, asked(corp, "add_moment_task", **WORDS, **body)["jobid"])
    assert done["invalid_sender_list"] == {"user_list": ["nobody"], "department_list": [2]} and done["moment_id"]
    failed = result(corp, asked(corp, "add_moment_task", **WORDS, **range_of(["lihua"], ["etGone"]))["jobid"])
    assert failed["errcode"] == 41048 and failed["invalid_external_contact_list"] == {"tag_list": ["etGone"]}
    assert len(corp.world.moments.all()) == 1


def test_cancelled_moment_is_posted_by_nobody_else(corp: Corp) -> None:
    """What is posted stays posted."""
    (mine,), (hers,) = customers(corp, 1), customers(corp, 1, "wangfang")
    moment_id = made(corp)
    posts(corp, moment_id)
    assert asked(corp, "cancel_moment_task", moment_id=moment_id)["errcode"] == 0
    assert corp.world.moments.waiting(corp.at, "wangfang") == []
    assert feed(corp, mine) == ["今日新品"] and feed(corp, hers) == []
    own = corp.world.moments.posts_own(corp.at, userid="lihua", text="我的").moment_id
    assert asked(corp, "cancel_moment_task", moment_id=own)["errcode"] == 41067


def test_customer_sees_so_many_a_month_when_set(corp: Corp) -> None:
    """The corp's; members' own are not counted. The next month begins anew."""
    (customer,) = customers(corp, 1)
    corp.world.moments.customer_month = 1
    for text in ("一", "二"):
        posts(corp, made(corp, text={"content": text}))
    corp.world.moments.posts_own(corp.at, userid="lihua", text="我的")
    assert feed(corp, customer) == ["我的", "一"]
    corp.at += 31 * 86400
    posts(corp, made(corp, text={"content": "三"}))
    assert feed(corp, customer)[0] == "三"


def test_crowd_posts_by_itself(corp: Corp) -> None:
    """Habits hold for Moments too; whoever never presses leaves it lying."""
    customers(corp, 1)
    customers(corp, 1, "wangfang")
    corp.world.habits.members_confirm(Habit((30, 30), never=frozenset({"lihua"})), ["moments"])
    made_at, moment_id = corp.at, made(corp)
    corp.world.later.due(made_at + 100)
    tasks = asked(corp, "get_moment_task", moment_id=moment_id)["task_list"]
    assert [task["publish_status"] for task in tasks] == [0, 1]

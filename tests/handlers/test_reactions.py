"""What customers do with a post in Moments: counted, and a sign that they are still there."""

from __future__ import annotations

import json
from functools import partial

from bot.store.evidence import evidence
from tests.cli.typed import command
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.handlers.test_send import friends as friends
from tests.house import GUIDE, House

LIKER = "wm-guide-zhou"


async def posted(home: House, day: int = 22) -> str:
    """Both guides post theirs; the moment_id of the first one."""
    await home.look_at(at(day, 10, 6))
    await home.clock.advance(10)
    tasks = {guide: (await home.sandbox.moments.tasks(guide))[0] for guide in (GUIDE, "guide-zhou")}
    for guide, task in tasks.items():
        await home.sandbox.moments.member_posts(guide, task["moment_id"])
    for minute in (8, 30):
        await home.look_at(at(day, 10, minute))
    return str(tasks[GUIDE]["moment_id"])


async def test_likes_and_comments_are_read_for_a_week_and_count_once(friends: House) -> None:
    """Never what was said; colleagues and strangers do not count; a like that is taken back was one."""
    moment, mine = await posted(friends), f"wm-{GUIDE}"
    await friends.sandbox.moments.likes(mine, GUIDE, moment)
    await friends.sandbox.moments.comments(mine, GUIDE, moment, "好看")
    await friends.sandbox.moments.comments("guide-zhou", GUIDE, moment, "赞")
    await friends.look_at(at(23, 18, 30))
    await friends.sandbox.moments.likes(mine, GUIDE, moment)  # again: taken back
    await friends.clock.advance(60)
    await friends.sandbox.moments.comments(mine, GUIDE, moment, "在哪买")
    for day in (25, 29, 30, 31):
        await friends.look_at(at(day, 19, 0))
    rows = await friends.rows("SELECT person_id, what, count(*) AS n FROM reactions GROUP BY person_id, what")
    assert {row.what: row.n for row in rows} == {"like": 1, "comment": 2}
    seen = await friends.app.database.read(partial(evidence, person_id=rows[0].person_id))
    assert sorted(e.trace for e in seen if e.trace.startswith("朋友圈")) == ["朋友圈点赞", "朋友圈评论", "朋友圈评论"]
    calls = [
        c for c in friends.sandbox.log.calls("externalcontact/get_moment_comments") if c["body"]["moment_id"] == moment
    ]
    assert len(calls) == 3


async def test_they_are_reported_by_item_and_told_in_the_story_of_a_person(friends: House) -> None:
    moment, mine = await posted(friends), f"wm-{GUIDE}"
    await friends.sandbox.moments.comments(mine, GUIDE, moment, "好看")
    await friends.look_at(at(23, 18, 30))
    code, said, _ = await command(friends, "report", "moments", "--days", "400", "--json")
    [row] = [row for row in json.loads(said)["moments"] if row["comments"]]
    assert code == 0 and (row["likes"], row["comments"], row["people"]) == (0, 1, 1) and row["posted"] >= 1
    _, story, _ = await command(friends, "timeline", mine)
    assert "评论了朋友圈" in story and "好看" not in story

"""What was seen of one person that says whether they are still lively, for `bot.scrm.customer_stage`.

Clicks have no source yet, so what somebody was sent is no chance that they did not take.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from bot.scrm.customer_stage import Evidence, Trace
from bot.store.tables import FollowLog, GroupMembers, KfMessages, Orders, Reactions, SurveyAnswers
from bot.store.upsert import columns

orders, kf, answers = columns(Orders), columns(KfMessages), columns(SurveyAnswers)
reactions = columns(Reactions)
members, log = columns(GroupMembers), columns(FollowLog)

BY_THEMSELVES: Final = (2, 3)
"""`join_scene`: by an invitation link or a group's code; 1 is being put in by somebody
(developer.work.weixin.qq.com/document/path/92122)."""

DAY_SECONDS: Final = 86_400


def evidence(conn: Connection, person_id: int) -> list[Evidence]:
    """All of it, in no order. A survey gone through is one sign of life, and so is a day of talk."""
    found = seen(person_id)
    return [Evidence(trace, at) for trace, query in found.items() for at in conn.scalars(query)]


def seen(person_id: Any) -> dict[Trace, Select[Any]]:
    """trace → the instants (`at`) of a person; `person_id`: a number, or a column."""

    def of(table: Table, at: Any, *where: ColumnElement[bool]) -> Select[Any]:
        return select(at.label("at")).where(table.c.person_id == person_id, *where)

    said_on = kf.c.said_at // DAY_SECONDS
    return {
        "下单": of(orders, orders.c.paid_at, orders.c.state != "refunded"),
        "客服消息": of(kf, func.max(kf.c.said_at), kf.c.origin == "customer").group_by(said_on),
        "调研回答": of(answers, func.max(answers.c.answered_at)).group_by(answers.c.run_id),
        "进群": of(members, members.c.joined_at, members.c.join_scene.in_(BY_THEMSELVES)),
        "朋友圈评论": of(reactions, reactions.c.at, reactions.c.what == "comment"),
        "朋友圈点赞": of(reactions, reactions.c.at, reactions.c.what == "like"),
        "删除导购": of(log, log.c.at, log.c.what == "lost"),
    }

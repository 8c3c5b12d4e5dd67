"""What happened with one person, in order of time: read from the tables where it is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.store.belongings import Who, belongs, who
from bot.store.tables import metadata

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at `at` (epoch seconds). `what`: one word; `said`: a sentence for people."""

    at: int
    what: str
    said: str


def timeline(conn: Connection, person_id: int) -> list[Moment]:
    """A person's story, the oldest first."""
    known = who(conn, person_id)
    return sorted((m for name, read in READ.items() for m in _moments(conn, name, known, read)), key=lambda m: m.at)


def _moments(conn: Connection, name: str, known: Who, read: Callable[[Row], Iterator[Moment]]) -> Iterator[Moment]:
    table = metadata.tables[name]
    for row in conn.execute(select(table).where(belongs(table, known))).mappings():
        yield from read(dict(row))


ENDED = {"lost": "客户删除了{userid}", "removed": "{userid} 删除了客户", "moved": "{userid} 把客户交给了同事"}
WELCOMED = {"sent": "欢迎语已送达", "withheld": "欢迎语没有发", "refused": "欢迎语被拒绝", "unknown": "欢迎语结果未知"}
SURVEYED = {"done": "答完了", "declined": "不愿答", "expired": "到期没答完", "taken_over": "真人接待，不再问"}
SOURCES = {"channel": "渠道", "survey": "调研", "preference": "偏好"}
PURPOSES = {"survey": "调研"}
STATES = {"paid": "已付款", "partially_refunded": "部分退款", "refunded": "已退款"}
ENDINGS = {"done": "走完了", "stopped": "停了", "passed": "没有进"}
ORIGINS = {"customer": "客户", "servicer": "客服", "bot": "知遇"}


def yuan(amount_fen: int) -> str:
    """An amount as people read it."""
    return f"{amount_fen // 100:,}.{amount_fen % 100:02} 元"


def source(kind_and_id: str) -> str:
    """Where a tag comes from, e.g. channel/parcel, as people read it."""
    kind, _, rest = kind_and_id.partition("/")
    return f"{SOURCES.get(kind, kind)} {rest}".strip()


def _relation(row: Row) -> Iterator[Moment]:
    by = f"，来自渠道 {row['channel_id']}" if row["channel_id"] else ""
    if row["what"] == "added":
        yield Moment(row["at"], "加好友", f"加了 {row['userid']}{by}")
    else:
        yield Moment(row["at"], "流失", ENDED.get(str(row["what"]), str(row["what"])).format(userid=row["userid"]))


def _welcome(row: Row) -> Iterator[Moment]:
    if row["welcome"] in WELCOMED and row["welcome_at"]:
        why = f"：{row['welcome_reason']}" if row["welcome_reason"] else ""
        yield Moment(row["welcome_at"], "迎新", WELCOMED[row["welcome"]] + why)


def _tag(row: Row) -> Iterator[Moment]:
    yield Moment(row["set_at"], "标签", f"{row['tag']}（{source(row['source'])}）")


def _survey(row: Row) -> Iterator[Moment]:
    yield Moment(row["started_at"], "调研", f"{row['survey_id']} 开始")
    if row["ended_at"]:
        yield Moment(row["ended_at"], "调研", f"{row['survey_id']} 结束：{SURVEYED.get(row['state'], row['state'])}")


def _answer(row: Row) -> Iterator[Moment]:
    said = "、".join(row["answers"] or ()) or "跳过"
    yield Moment(row["answered_at"], "回答", f"{row['question_id']}：{said}（{row['surface']}）")


def _spoken(row: Row) -> Iterator[Moment]:
    yield Moment(
        row["said_at"], "客服", f"{ORIGINS.get(row['origin'], row['origin'])}：{row['text'] or row['msgtype']}"
    )


def _seat(row: Row) -> Iterator[Moment]:
    yield Moment(row["joined_at"], "进群", row["chat_id"])
    if row["left_at"]:
        yield Moment(row["left_at"], "退群", row["chat_id"])


def _order(row: Row) -> Iterator[Moment]:
    first = "首单，" if row["is_first"] else ""
    by = f"，归渠道 {row['channel_id']}" if row["channel_id"] else ""
    yield Moment(
        row["paid_at"], "订单", f"{first}{yuan(row['total_fen'])}，{STATES.get(row['state'], row['state'])}{by}"
    )


def _refund(row: Row) -> Iterator[Moment]:
    yield Moment(row["refunded_at"], "退款", yuan(row["amount_fen"]))


def _task(row: Row) -> Iterator[Moment]:
    yield Moment(row["created_at"], "任务", f"请 {row['userid']}：{row['kind']}，{row['reason']}")


def _consent(row: Row) -> Iterator[Moment]:
    purpose = PURPOSES.get(row["purpose"], row["purpose"])
    wish = "同意" if row["granted"] else "不同意"
    yield Moment(row["asked_at"], "授权", f"{purpose}：{wish}（{row['place']}）")


def _preference(row: Row) -> Iterator[Moment]:
    wish = "愿意收到" if row["wanted"] else "不再收到"
    yield Moment(row["set_at"], "偏好", f"{wish}“{row['topic']}”（{row['set_by']}）")


def _sequence(row: Row) -> Iterator[Moment]:
    name = f"序列 {row['calendar']}/{row['sequence']}"
    if row["state"] != "passed":
        yield Moment(row["started_at"], "序列", f"{name} 开始")
    if row["ended_at"]:
        why = f"：{row['because']}" if row["because"] else ""
        yield Moment(row["ended_at"], "序列", f"{name} {ENDINGS.get(row['state'], row['state'])}{why}")


def _code(row: Row) -> Iterator[Moment]:
    yield Moment(row["given_at"], "券码", f"给了“{row['offer']}”的一个券码（{source(row['because'])}）")


def _reaction(row: Row) -> Iterator[Moment]:
    yield Moment(row["at"], "朋友圈", "评论了朋友圈" if row["what"] == "comment" else "给朋友圈点了赞")


READ: Mapping[str, Callable[[Row], Iterator[Moment]]] = {
    "follow_log": _relation,
    "given_codes": _code,
    "follows": _welcome,
    "person_tags": _tag,
    "survey_runs": _survey,
    "survey_answers": _answer,
    "kf_messages": _spoken,
    "group_members": _seat,
    "orders": _order,
    "refunds": _refund,
    "tasks": _task,
    "consents": _consent,
    "preferences": _preference,
    "sequence_runs": _sequence,
    "reactions": _reaction,
}
"""Where a person's story is remembered."""

"""The closed vocabulary of facts: one table for compiling, checking literals, SQL, explanations and the handbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.scrm.rules.condition import Condition, Fact

Type = Literal["文字", "整数", "是否", "标签"]
Scope = Literal["内容", "时间", "池子", "个人"]
"""What a fact is about: the item that would be sent, the moment, the pool that it goes to, one person."""

Literals = Literal[
    "kind",
    "topic",
    "touchpoint",
    "stage",
    "mode",
    "persona",
    "channel",
    "tags",
    "customer_stage",
    "item",
    "guide",
    "group",
]
"""What a literal that meets the fact has to be one of."""

DAY: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A fact as people write it.

    `literals`: the list that its literals are checked against. `numbers`: the only numbers it can be.
    `parts`: how many of the fact's own units make one of those people write (points are hundredths inside).
    `instead`: it is not written in `when`; what is written instead.
    """

    name: str
    fact: Fact
    type: Type
    scope: Scope
    means: str
    literals: Literals | None = None
    numbers: range | None = None
    parts: int = 1
    instead: str | None = None


def _text(name: Literals, scope: Scope, means: str, instead: str | None = None) -> Word:
    type_: Type = "标签" if name == "tags" else "文字"
    return Word(name=name, fact=Fact(name), type=type_, scope=scope, means=means, literals=name, instead=instead)


def _number(name: str, scope: Scope, means: str, fact: Fact | None = None, parts: int = 1) -> Word:
    return Word(name=name, fact=fact or Fact(name), type="整数", scope=scope, means=means, parts=parts)


_WORDS: Final = (
    _text("kind", "内容", "这条内容是哪一类：科普、活动、互动、导购"),
    _text("topic", "内容", "这条内容的话题"),
    _text("touchpoint", "内容", "发到哪里：私聊、群、朋友圈"),
    _text("persona", "内容", "用哪个人设说"),
    _number("item_age_days", "内容", "这条内容上线几天了"),
    _text("item", "内容", "哪一条内容", instead="what: {items: […]}"),
    Word(name="hour", fact=Fact("hour"), type="整数", scope="时间", means="几点，0 到 23", numbers=range(24)),
    Word(
        name="weekday", fact=Fact("weekday"), type="整数", scope="时间", means="周几，1 到 7，1 = 周一",
        numbers=range(1, 8),
    ),
    Word(name="is_workday", fact=Fact("is_workday"), type="是否", scope="时间", means="是不是工作日，调休算在内"),
    _text("stage", "池子", "池子的阶段：冷启动、成长、成熟、衰退"),
    _number("pool_age_days", "池子", "建池几天了"),
    _number("members", "池子", "池子里有几人"),
    _number("buyers_pct", "池子", "买过的人占百分之几"),
    _number("clicks_pct_28d", "池子", "近 28 天点过链接的人占百分之几"),
    _number("lost_pct_28d", "池子", "近 28 天流失百分之几"),
    _text("mode", "池子", "整个客户池按人数和导购的余力适合怎么运营：一对一、分层、会员制"),
    _text("guide", "池子", "哪位导购的客户；群看群主", instead="who: {guides: […]}"),
    _text("group", "池子", "哪个群", instead="who: {groups: […]}"),
    _text("tags", "个人", "客户身上的标签，任何一位导购打的都算"),
    _text("channel", "个人", "从哪条渠道来"),
    _text("customer_stage", "个人", "客户的阶段：活跃、转冷、沉默；没有迹象的是未知"),
    _number("hours_since_add", "个人", "加好友几小时了"),
    _number("days_since_order", "个人", "上次下单到现在几天了"),
    _number("orders", "个人", "下过几单"),
    _number("sells_28d", "个人", "近 28 天收到几条导购", Fact("sent", 28 * DAY, None, "导购")),
    _number("clicks_28d", "个人", "近 28 天点过几次链接", Fact("clicks", 28 * DAY)),
    _number("points_7d", "个人", "近 7 天用掉几分打扰预算", Fact("points", 7 * DAY), parts=100),
    _number("sent_1d", "个人", "近 1 天收到几条", Fact("sent", DAY)),
    _number("sent_7d", "个人", "近 7 天收到几条", Fact("sent", 7 * DAY)),
    _number("sent_30d", "个人", "近 30 天收到几条", Fact("sent", 30 * DAY)),
)  # fmt: skip

VOCABULARY: Final[Mapping[str, Word]] = {word.name: word for word in _WORDS}
WRITTEN: Final[Mapping[str, Word]] = {word.name: word for word in _WORDS if word.instead is None}
"""What may stand in `when`."""

_SCOPES: Final[Mapping[str, Scope]] = {word.fact.name: word.scope for word in _WORDS}


def scope_of(fact: Fact) -> Scope:
    """What a fact is about. Whatever the vocabulary does not know is about a person, to be on the safe side."""
    return _SCOPES.get(fact.name, "个人")


def is_about_people(condition: Condition) -> bool:
    """Whether it asks something of the single person: nothing of that can be asked where everybody sees a post."""
    return any(scope_of(fact) == "个人" for fact in condition.facts)

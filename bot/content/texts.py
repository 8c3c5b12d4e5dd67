"""What a text may use, and how long it may get: the one list of variables, with sample values to render by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.scrm.kind import Outlet
from bot.scrm.persona import Persona
from bot.templates import BadTemplate, render_text, variables
from bot.yamlfile import did_you_mean

MISSED_BYTES = 1_200
"""Of the ready words inside a notice to the guide; the rest of the notice is about them."""

ADVISED_CHARACTERS = 80
"""Our own advice: what a phone shows of a welcome without scrolling."""

_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


@dataclass(frozen=True, slots=True)
class Sample:
    """A value as it usually is, and the longest that it can be."""

    usual: str
    longest: str


SAMPLES: Mapping[str, Sample] = {
    "guide.name": Sample("林夕", "林" * 64),
    "channel.title": Sample("包裹卡", "渠" * 20),
    "persona.name": Sample("小禾", "人" * 20),
    "persona.role": Sample("私人护肤顾问", "身" * 20),
    "persona.calls_customer": Sample("你", "称" * 10),
    "customer.name": Sample("阿宁", "客" * 32),
    "account.name": Sample("屿禾护肤顾问", "号" * 16),
    "survey.link": Sample("https://…/s/…", "https://" + "s" * 350),
    "offer.title": Sample("修护霜双支组", "权" * 30),
    "offer.price": Sample("268元", "12345678.90元"),
    "offer.compare_at": Sample("298元", "12345678.90元"),
    "offer.gift": Sample("旅行装洁面 1 支", "赠" * 40),
    "offer.limit": Sample("每人1份", "限" * 20),
    "offer.link": Sample("https://…", "https://" + "o" * 350),
    "page": Sample("https://…/g/…", "https://" + "g" * 300),
    "post.touchpoint": Sample("群", "朋友圈"),
    "post.where": Sample("会员群一、会员群二", "群" * 70),
    "post.shown_to": Sample("肤质/敏感肌、肤质/干性", "标" * 70),
    "post.with_it": Sample("图片 1 个", "图" * 30),
    "post.title": Sample("换季泛红先停三样", "题" * 20),
    "post.by": Sample("12-14 21:00", "12-14 21:00"),
    "approval.title": Sample("换季泛红先停三样", "题" * 60),
    "approval.by": Sample("周岚", "人" * 24),
    "approval.role": Sample("店长", "角" * 20),
    "trial.title": Sample("换季泛红先停三样", "题" * 60),
    "trial.which": Sample("第 1 版", "第 12 版"),
    "trial.where": Sample("群、私聊", "私聊、群、朋友圈、手发"),
    "tasks.count": Sample("2", "20"),
    "tasks.list": Sample(
        "14:00 前　群　换季泛红先停三样", "\n".join(["14:00 前　朋友圈　" + "题" * 30] * 12 + ["还有 8 条"])
    ),
    "stopped.because": Sample("周岚停掉了：图还没修好", "因" * 200),
    "stopped.taken_back": Sample("“换季泛红先停三样”", "题" * 60 + "…等 20 个任务"),
    "stopped.left": Sample("“换季泛红先停三样”", "题" * 60 + "…等 20 个任务"),
    "codes.said": Sample("“会员月礼”的券码只剩 3 个，按近 7 天的速度 2 天用完", "码" * 100),
    "codes.file": Sample("member-gift.csv", "f" * 100),
    "reason": Sample("欢迎码已经过期", "因" * 60),
    "maybe_sent": Sample("", "是"),
    "ready_text": Sample("你好，有什么可以帮你？", "话" * (MISSED_BYTES // 3)),
    "at": Sample("11-22 10:05", "11-22 10:05"),
}

WELCOME_VARIABLES = frozenset(
    ("guide.name", "channel.title", "persona.name", "persona.role", "persona.calls_customer", "survey.link")
)

SIGN_OFF_VARIABLES = frozenset(("guide.name", "persona.name", "persona.role", "persona.calls_customer"))

OFFER_VARIABLES = frozenset(name for name in SAMPLES if name.startswith("offer."))
BROADCAST_VARIABLES = SIGN_OFF_VARIABLES | OFFER_VARIABLES
HAND_VARIABLES = BROADCAST_VARIABLES | {"customer.name"}
"""What a text may use that is one for all, and one that a guide sends by hand to one."""

NOT_IN_BROADCAST = {
    "customer": "群发是同一段话发给很多人",
    "store": "还不知道导购在哪家门店（要先同步通讯录部门）",
    "survey": "调研的链接一人一条，只能写在欢迎语里",
}

NOT_IN_WELCOME = {
    "customer": "欢迎语发出时还不知道客户昵称",
    "store": "还不知道导购在哪家门店（要先同步通讯录部门）",
    "offer": "欢迎语还不能带权益；要送东西，写在调研的 gift 里",
}


def sample_values(names: Iterable[str], *, longest: bool) -> dict[str, object]:
    """Nested values for these dotted names."""
    values: dict[str, object] = {}
    for name in names:
        sample = SAMPLES[name].longest if longest else SAMPLES[name].usual
        group, _, key = name.partition(".")
        if key:
            known = values.get(group)
            values[group] = {**(known if isinstance(known, dict) else {}), key: sample}
        else:
            values[group] = sample
    return values


def faults(text: str, allowed: Iterable[str], why_not: Mapping[str, str] = {}) -> Iterator[tuple[str, int]]:
    """Why a text cannot be rendered, with the line (from 1) inside the text.

    `why_not`: group of variables, such as "offer" → why a text of this sort cannot have it.
    """
    known = sorted(allowed)
    try:
        unknown = sorted(variables(text) - set(known))
        if not unknown:
            usual_text(text, known)
            longest_bytes(text, known)
    except BadTemplate as error:
        yield str(error), error.line
        return
    for name in unknown:
        reason = why_not.get(name.partition(".")[0])
        hint = did_you_mean(name, known) or f"，能用的有 {' '.join(known)}"
        yield f"{reason}，请删掉 {name}" if reason else f"不认识 {name}{hint}", _line_of(name, text)


def usual_text(text: str, allowed: Iterable[str]) -> str:
    """A text as people usually get it. Raises BadTemplate."""
    return render_text(text, sample_values(allowed, longest=False))


def longest_text(text: str, allowed: Iterable[str]) -> str:
    """A text with the longest values. Raises BadTemplate."""
    return render_text(text, sample_values(allowed, longest=True))


def longest_said(text: str, allowed: Iterable[str], persona: Persona | None, outlet: Outlet) -> str:
    """The same as this persona says it there, signed or not. Raises BadTemplate."""
    words = longest_text(text, allowed)
    if persona is None or not persona.sign_off or not persona.signs(outlet):
        return words
    return f"{words}\n{longest_text(persona.sign_off, SIGN_OFF_VARIABLES)}"


def longest_bytes(text: str, allowed: Iterable[str]) -> int:
    """How many bytes a text has with the longest values. Raises BadTemplate."""
    return len(longest_text(text, allowed).encode())


def too_long(size: int, most: int) -> str:
    """What to say of a text of `size` bytes."""
    return f"按最长的名字算是 {size:,} 字节，上限 {most:,}（一个汉字 3 字节）"


def count_emoji(text: str) -> int:
    return len(_EMOJI.findall(text))


def _line_of(name: str, text: str) -> int:
    return next((i for i, line in enumerate(text.splitlines(), start=1) if name in line), 1)

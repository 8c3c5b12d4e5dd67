"""Handing customers from one guide to another: how it stands, and why it did not work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from bot.scrm.naming import in_line

TransferState = Literal["waiting", "done", "refused", "full", "failed", "lapsed"]
"""waiting: WeCom took it, the customer may still refuse within 24 h; refused: they did; full: the takeover guide has
no room; failed: WeCom would not even begin, or knows nothing of it; lapsed: WeCom never told how it ended."""

PATIENCE_SECONDS = 3 * 86_400
"""A transfer is over after 24 h (official page 92125); what is open after three days stays so. Our own default."""

STATES: dict[int, TransferState] = {1: "done", 3: "refused", 4: "full", 5: "failed"}
"""`status` of transfer_result (official page 94082); 2 is waiting."""

HANDED_OVER = "由同事转接过来，不再发欢迎语"

UNDER_WAY = (40100, 40129)
"""Being transferred already: our own earlier try, as far as we know."""

REASONS: dict[TransferState, str] = {
    "refused": "客户拒绝了转接",
    "full": "接替成员的客户数已满",
    "failed": "企业微信没有这次转接的记录",
    "lapsed": "过了三天，企业微信还没有说转接的结果，请看一下客户现在由谁接待",
}

FAIL_REASONS: dict[str, TransferState] = {"customer_refused": "refused", "customer_limit_exceed": "full"}
"""FailReason of transfer_fail (official page 92277)."""

WHY: dict[int, str] = {
    40096: "客户编号不对",
    40097: "原成员还没有离职，请用在职转接",
    40098: "接替成员还没有实名",
    40099: "接替成员的客户数已满",
    40100: "客户已经在转接中",
    40128: "90 天内已经转接过 2 次",
    40130: "原成员和接替成员是同一个人",
    40131: "原成员没有这位客户",
    90500: "原群主还没有离职，请用在职转接",
    90501: "不是客户群",
    90502: "原群主已经离职，请用离职转接",
    90503: "接替成员的群已经满了",
    90504: "群主没有变",
    90507: "群正在转接中",
    90508: "群已经转接过了",
    90509: "不是这家企业的客户群",
}
"""errcode of one customer or group (reference section 2.3)."""


def why_failed(fail_reason: str) -> str:
    """Why WeCom gave a transfer up, in words for guides; a reason that we do not know as WeCom wrote it."""
    if state := FAIL_REASONS.get(fail_reason):
        return REASONS[state]
    return f"企业微信的原话是“{in_line(fail_reason)}”" if fail_reason else "企业微信没有说明原因"


def why(errcode: int) -> str:
    """Why WeCom did not begin."""
    return WHY.get(errcode, f"企业微信没有接受（错误码 {errcode}）")


def in_sum(reasons: Iterable[str]) -> str:
    """Reasons as one line, the commonest first."""
    return "、".join(f"{reason}（{count} 位）" for reason, count in Counter(reasons).most_common())

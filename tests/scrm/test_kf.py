"""When we may speak in 微信客服, and that the same words are the same message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.scrm.actions.kf import SendKfMessage
from bot.scrm.kf import KfSession, message_id, speak
from bot.scrm.records.kf import SpendKfSend

NOW = 1_700_000_000
OPEN = KfSession(open_kfid="wk", external_userid="wm", service_state=1, customer_at=NOW - 60, sends=2)


def test_what_is_said_is_spent_and_sent() -> None:
    """One of five, before the 48 hours end."""
    decision = speak(OPEN, "survey/1", "干性还是油性？", NOW)
    [spent], [sent] = decision.records, decision.actions
    assert isinstance(spent, SpendKfSend) and isinstance(sent, SendKfMessage)
    assert (spent.msgid, spent.text, spent.at) == (sent.msgid, "干性还是油性？", NOW)
    assert sent.not_after_at == NOW - 60 + 48 * 3600


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"service_state": 3}, "人工接待中，机器人不插话"),
        ({"service_state": 2}, "会话在排队或已结束，机器人不能发言"),
        ({"service_state": 4}, "会话在排队或已结束，机器人不能发言"),
        ({"customer_at": NOW - 48 * 3600}, "客户 48 小时内没有说话"),
        ({"customer_at": 0}, "客户 48 小时内没有说话"),
        ({"sends": 5}, "客户没有回应，已经连续发了 5 条"),
    ],
)
def test_when_nothing_may_be_said(change: dict[str, int], because: str) -> None:
    """And it says why."""
    decision = speak(replace(OPEN, **change), "t", "在吗", NOW)
    assert (decision.actions, decision.records, decision.because) == ((), (), (because,))


def test_a_customer_s_word_opens_a_window() -> None:
    """Of five, for 48 hours, and an ended session is new again; a human keeps theirs; a tap counts if it does."""
    ended = replace(OPEN, service_state=4, sends=5)
    heard = ended.heard(NOW)
    assert (heard.service_state, heard.customer_at, heard.sends) == (0, NOW, 0)
    assert replace(OPEN, service_state=3).heard(NOW).service_state == 3
    assert replace(OPEN, service_state=3).heard(NOW + 48 * 3600).service_state == 0
    assert ended.heard(NOW, opens_window=False) == ended
    assert heard.spoken().sends == 1


def test_a_message_id_is_the_same_for_the_same_words() -> None:
    """And no longer than WeCom takes."""
    assert message_id("wk", "wm", "a") == message_id("wk", "wm", "a")
    assert len({message_id(k, w, t) for k in "ab" for w in "ab" for t in "ab"}) == 8
    assert len(message_id("wk", "wm", "话" * 100)) == 32

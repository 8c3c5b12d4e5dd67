"""What is said in 微信客服 fits, and is cut where a person would cut it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.kf_messages import cut, menu, text
from bot.wecom.messages import MessageTooLong


def test_a_text_as_wecom_wants_it() -> None:
    """Page 94677."""
    assert text("M", "你好") == {"msgid": "M", "msgtype": "text", "text": {"content": "你好"}}


def test_a_menu_as_wecom_wants_it() -> None:
    """Page 94677; without a tail there is none."""
    body = menu("M", "满意吗？", [("101", "满意"), ("102", "不满意")], "欢迎再来")
    clicks = [{"type": "click", "click": {"id": i, "content": c}} for i, c in (("101", "满意"), ("102", "不满意"))]
    shown = {"head_content": "满意吗？", "list": clicks, "tail_content": "欢迎再来"}
    assert body == {"msgid": "M", "msgtype": "msgmenu", "msgmenu": shown}
    assert "tail_content" not in menu("M", "满意吗？", [])["msgmenu"]


@given(st.text(), st.integers(min_value=3, max_value=200))
def test_what_is_cut_fits_and_is_whole(words: str, limit: int) -> None:
    """Never inside a character; what fits stays as it is."""
    short = cut(words.encode(errors="replace").decode(), limit)
    assert len(short.encode()) <= limit
    if short != words.encode(errors="replace").decode():
        assert short.endswith("…")
        assert words.startswith(short[:-1]) or "?" in short


def test_words_are_cut_to_their_limits() -> None:
    """2,048 of a text, 1,024 of a menu's head and tail, 128 of a line."""
    long = "护" * 1000
    assert len(text("M", long)["text"]["content"].encode()) == 2048 - 2048 % 3
    shown = menu("M", long, [("1", long)], long)["msgmenu"]
    assert len(shown["head_content"].encode()) <= 1024 and len(shown["tail_content"].encode()) <= 1024
    assert len(shown["list"][0]["click"]["content"].encode()) <= 128


def test_what_cannot_be_cut_is_refused() -> None:
    """An id that came back shortened would mean something else."""
    with pytest.raises(MessageTooLong, match="菜单项编号"):
        menu("M", "", [("x" * 65, "a")])
    with pytest.raises(MessageTooLong, match="菜单过长：11 项，最多 10 项"):
        menu("M", "", [(str(n), "a") for n in range(11)])
    with pytest.raises(MessageTooLong, match="消息编号"):
        text("m" * 33, "a")

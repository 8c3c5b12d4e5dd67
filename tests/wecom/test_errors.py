"""Errors say what happened and what to do, and nothing that is secret or personal."""

from __future__ import annotations

import pytest

from bot.wecom.errors import AnswerLost, CallError, NotReached, WeComError, meaning


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, "temporary"),
        (45033, "temporary"),
        (45035, "temporary"),
        (41096, "temporary"),
        (40014, "token"),
        (42001, "token"),
        (40001, "token"),
        (45009, "rate"),
        (41050, "permanent"),
        (41051, "permanent"),
        (60020, "permanent"),
        (48002, "permanent"),
        (84061, "permanent"),
        (40096, "permanent"),
        (999999, "permanent"),
    ],
)
def test_an_errcode_has_a_kind(errcode: int, kind: str) -> None:
    assert WeComError("externalcontact/get", errcode).kind == kind


def test_a_wrong_secret_is_permanent_where_tokens_are_fetched() -> None:
    assert WeComError("gettoken", 40001).kind == "permanent"


def test_what_is_shown_names_the_meaning_and_never_the_errmsg() -> None:
    error = WeComError("message/send", 81013, "user wmSECRET invalid, hint: [17000], from ip: 10.0.0.1")
    assert str(error) == "message/send 81013 接收人全部无效，或不在应用的可见范围内"
    assert "wmSECRET" not in repr(error)
    assert "wmSECRET" in error.errmsg


def test_every_named_errcode_has_words_of_its_own() -> None:
    named = [41050, 41051, 41096, 45009, 45033, 45035, 40014, 42001, 60020, 48002, 84061, 40096]
    words = [meaning(errcode) for errcode in named]
    assert len(set(words)) == len(named)
    assert meaning(123456) not in words


def test_lost_and_not_reached_name_only_the_api() -> None:
    assert str(AnswerLost("gettoken")) == "gettoken 已发出，但没有得到完整的回答"
    assert str(NotReached("gettoken")) == "gettoken 无法连接企业微信"
    assert isinstance(NotReached("x"), CallError)

"""templates/messages: the product's own words are tried out when they are loaded."""

from __future__ import annotations

from typing import Any

import pytest

Folder = Any  # the fixture's class, in conftest.py
FILE = "templates/messages/guide/note.txt"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("你好\n", ":1: 第一行要写这条消息能用的变量"),
        ("{# 可用：custmer.name #}\n你好\n", ":1: 不认识变量 custmer.name，是不是 customer.name？"),
        ("{# 可用：at #}\n{{ at }}\n{{ reason }}\n", ":3: 不认识 reason"),
        ("{# 可用：at #}\n{{ at }}\n{% if %}\n", ":3: {{ … }} 或 {% … %} 写得不完整"),
        ("{# 可用：at #}\n" + "长" * 700, ":1: 按最长的名字算是 2,100 字节，上限 2,048"),
    ],
)
def test_a_broken_message_is_refused_with_its_line(folder: Folder, text: str, said: str) -> None:
    """Before anybody would get it."""
    [problem] = folder.write(FILE, text).problems()
    assert problem.startswith(f"{FILE}{said}"), problem


def test_a_message_may_use_less_than_it_could(folder: Folder) -> None:
    """And may have no variables at all."""
    assert folder.write(FILE, "{# 可用： #}\n你好\n").warnings() == []


def test_a_message_in_another_encoding_is_named(folder: Folder) -> None:
    """As for content files."""
    (folder.root / FILE).write_bytes("{# 可用：at #}\n你好\n".encode("gbk"))
    assert folder.problems()[0] == f"{FILE}:1: 不是 UTF-8 编码，请用 UTF-8 另存"

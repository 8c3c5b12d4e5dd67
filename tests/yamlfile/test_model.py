"""Mismatches with a model are said in Chinese, at their lines, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import pytest
from pydantic import Field, SecretStr, field_validator

from bot.yamlfile import Problems, Row, parse, validate


class Item(Row):
    id: str
    kind: Literal["科普", "活动"] = "科普"
    images: tuple[str, ...] = ()
    many: int = Field(default=1, ge=1, le=9, alias="count")
    secret: SecretStr | None = None

    not_yet: ClassVar[Mapping[str, str]] = {"offer": "权益还没有上线"}

    @field_validator("id")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value) > 3:
            raise ValueError("太长")
        return value


class File(Row):
    items: tuple[Item, ...]


def problems(text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        validate(parse("k.yaml", text.encode()), File)
    return [str(problem) for problem in caught.value.problems]


def test_a_right_file_becomes_the_model() -> None:
    """Aliases are read as written in the file."""
    assert validate(parse("k.yaml", b"items:\n  - {id: a, count: 3}\n"), File).items[0].many == 3


def test_everything_wrong_is_said_at_once() -> None:
    """One run shows all, in the order of lines."""
    text = """items:
  - id: abcd
    kind: 科谱
    imgaes: [x]
  - kind: 互动
    count: 12
    offer: x
    images: x
  - 7
"""
    assert problems(text) == [
        "k.yaml:2: id: 太长",
        "k.yaml:3: kind: “科谱”不行，是不是 科普？可以写 科普、活动",
        "k.yaml:4: imgaes: 不认识，是不是 images？",
        "k.yaml:5: id: 必须写，这里缺了",
        "k.yaml:5: kind: “互动”不行，可以写 科普、活动",
        "k.yaml:6: count: 不能大于 9",
        "k.yaml:7: offer: 这个版本还不支持：权益还没有上线",
        "k.yaml:8: images: 应该是列表，例如 [甲, 乙]",
        "k.yaml:9: items: 应该是一组“键: 值”",
    ]


def test_slips_and_mismatches_come_together() -> None:
    """A slip on a line stands for what the model makes of that line; other lines are still checked."""
    said = problems("items:\n  - {id: a, images: 【x】}\n  - {id: a, count: 0}\n")
    assert said == ["k.yaml:2: images: 列表用英文方括号 [干性, 油性]", "k.yaml:3: count: 不能小于 1"]


def test_an_unreadable_file_says_only_why() -> None:
    """Nothing is guessed about a file that could not be parsed."""
    assert problems("items：\n  - {}\n") == ["k.yaml:1: items: “items”后面要用英文冒号加一个空格：items:"]


def test_an_empty_file_is_said_to_be_empty() -> None:
    """Rather than a complaint about types."""
    assert problems("# nothing\n") == ["k.yaml:1: 文件是空的"]


def test_a_wrong_secret_is_never_shown() -> None:
    """Neither in the problem nor in what it was raised from."""
    with pytest.raises(Problems) as caught:
        validate(parse("k.yaml", b"items:\n  - {id: a, secret: [hunter2]}\n"), File)
    assert "hunter2" not in str(caught.value) + repr(caught.value.__cause__)

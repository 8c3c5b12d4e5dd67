"""`lint`: files and standard input, with articles, rewrites and an exit code for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.router import Router

ROOT = Path(__file__).parent.parent.parent
APP = build(ROOT, Router)


def lint(*arguments: str, text: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(APP, ["lint", *arguments], input=text)
    return result.exit_code, result.output


def test_the_sample_brand_says_nothing_wrong() -> None:
    """Everything that customers read."""
    assert lint() == (0, "没有问题。\n")


def test_any_text_can_be_asked_about() -> None:
    """From standard input, by line, with the law and a way out."""
    code, said = lint("-", text="早上好\n我们是药妆品牌\n")
    assert code == 1
    assert said.startswith("-:2: 不能发：“药妆” 医疗用语\n    依据 《广告法》第十七条")
    assert said.endswith("1 处不能发，0 处建议改。\n")


def test_advice_alone_does_not_fail() -> None:
    """Exit code 0: it may be sent."""
    code, said = lint("-", text="95%的用户说好")
    assert (code, said.count("建议改：")) == (0, 1)


def test_a_content_file_is_read_by_its_words(tmp_path: Path) -> None:
    """What only staff read is passed over, and the line is that of the words."""
    (tmp_path / "library").mkdir()
    file = tmp_path / "library" / "a.yaml"
    file.write_text(
        "items:\n  - title: 最有效的标题\n    variants:\n      - for: 群\n        text: |\n          早上好。\n"
        "          这支最有效，{{ offer.price }}\n    follow_up: {after: 40分钟, say: 别说最有效}\n",
        encoding="utf-8",
    )
    code, said = lint(str(file), "--json")
    hits = json.loads(said)["hits"]
    assert [(hit["line"], hit["found"], hit["severity"]) for hit in hits] == [(7, "最有效", "refuse")]
    assert (code, hits[0]["article"], hits[0]["file"]) == (1, "《广告法》第九条第（三）项", str(file))


def test_prices_may_stand_in_offers(tmp_path: Path) -> None:
    """And nowhere else."""
    file = tmp_path / "offers.yaml"
    file.write_text("offers:\n  - {id: a1, title: 第二件半价}\n", encoding="utf-8")
    assert lint(str(file))[0] == 0
    assert lint("-", text="第二件半价")[0] == 1


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    """Every file in it that customers read; a folder without any is a slip, and so is what is no YAML."""
    assert lint(str(ROOT / "content" / "library")) == (0, "没有问题。\n")
    code, said = lint(str(tmp_path))
    assert code == 2 and "没有给客户看的内容" in said
    file = tmp_path / "offers.yaml"
    file.write_text("offers: [", encoding="utf-8")
    code, said = lint(str(tmp_path))
    assert code == 2 and "offers.yaml:1" in said and "没有问题" not in said


@pytest.mark.parametrize("arguments", [("gone.txt",), ("-", "--persona", "xiaohei")])
def test_what_cannot_be_looked_at_is_said(arguments: tuple[str, ...]) -> None:
    """With exit code 2."""
    code, said = lint(*arguments)
    assert code == 2
    assert "找不到" in said or "没有人设“xiaohei”，是不是 xiaohe？" in said

"""content/groups.yaml: what may stand there, and what staff are told of slips."""

from __future__ import annotations

from pathlib import Path

from bot.content.groups import GroupsFile, problems
from bot.content.media import MediaShelf
from bot.yamlfile import parse, validate


def told(text: str, folder: Path) -> list[str]:
    document = parse("content/groups.yaml", text.encode())
    return [str(problem) for problem in problems(document, validate(document, GroupsFile), MediaShelf(folder))]


def test_a_welcome_is_for_groups_by_name(tmp_path: Path) -> None:
    """`*` stands for anything; without names it is for all."""
    text = "welcome:\n  - {id: vip, groups: [会员群*], text: 你好}\n  - {id: default, text: 你好}\n"
    assert told(text, tmp_path) == []
    document = parse("content/groups.yaml", text.encode())
    vip, default = validate(document, GroupsFile).value()
    assert vip.suits("会员群-静安 1") and not vip.suits("福利群") and default.suits("福利群")
    assert vip.digest == default.digest and vip.digest != default.id


def test_slips_are_named_with_their_lines(tmp_path: Path) -> None:
    """Twice the same id, two attachments, our own placeholders, a file that is not there."""
    text = (
        "welcome:\n"
        "  - id: vip\n"
        "    text: 你好 {{ customer.name }}\n"
        "    link: {title: 看看, url: 'https://a.example'}\n"
        "    video: a.mp4\n"
        "  - {id: vip, text: 你好}\n"
    )
    said = told(text, tmp_path)
    assert any(":2:" in line and "写了两次" in line for line in said)
    assert any(":3:" in line and "%NICKNAME%" in line for line in said)
    assert any(":5:" in line and "只能带一个附件" in line for line in said)
    assert any(":5:" in line and "找不到 a.mp4" in line for line in said)

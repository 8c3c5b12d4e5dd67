"""content/lint/*.yaml: lists that staff edit, and claims with their proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.lint_folder import read_linter
from bot.content.lint_lists import ClaimsFile, ListFile, linter, problems
from bot.scrm.persona import Persona
from bot.yamlfile import Problems, parse, validate

FILE, CLAIMS = "content/lint/absolute.yaml", "content/lint/claims.yaml"
LIST = """\
family: 绝对化用语
article: 《广告法》第九条
rewrite: 说事实
except: [(不|没)说~]
terms:
  - words: [最好, 最佳]
    except: [~先]
  - pattern: 转发…领取
    article: 《规范》第二条
    rewrite: 不换转发
    severity: 提醒
    valid: 2026-01-01 ~ 2026-12-31
  - together: [转, 好处]
    within: 12
    without: [没好处]
  - together: [好处]
    any_of: [催, 夸]
classes:
  - class: 转
    words: [转发, 转一下]
  - class: 好处
    words: [红包]
    pattern: 送[0-9]{1,3}个
  - class: 没好处
    words: [别信]
  - class: 催
    words: [赶紧]
  - class: 夸
    words: [真香]
"""
PROVEN = """\
claims:
  - claim: 美白
    words: [美白, 淡斑]
  - claim: 保湿
    proof: 文献 1
    valid: ~ 2026-12-31
"""


def said(text: str = LIST, claims: str = PROVEN) -> list[str]:
    """Everything that is wrong with the two."""
    lists, proofs = parse(FILE, text.encode()), parse(CLAIMS, claims.encode())
    try:
        known = [(lists, validate(lists, ListFile))]
        return [str(p) for p in problems(known, (proofs, validate(proofs, ClaimsFile)))]
    except Problems as found:
        return [str(p) for p in found.problems]


def test_every_key_reaches_the_linter() -> None:
    """A term takes from the list what it does not say itself."""
    document = parse(FILE, LIST.encode())
    proofs = validate(parse(CLAIMS, PROVEN.encode()), ClaimsFile)
    kit = linter([(document, validate(document, ListFile))], proofs)
    (hit,) = kit.hits("最好")
    assert (hit.family, hit.article, hit.rewrite, hit.severity) == (
        "绝对化用语",
        "《广告法》第九条",
        "说事实",
        "refuse",
    )
    (hit,) = kit.hits("转发就能领取")
    assert (hit.article, hit.rewrite, hit.severity) == ("《规范》第二条", "不换转发", "warn")
    assert [hit.found for hit in kit.hits("转一下，明天送3个")] == ["转一下，明天送3个"]
    assert kit.hits("有红包就转一下，别信") == ()
    assert [hit.found for hit in kit.hits("红包赶紧拿。赶紧，真香")] == ["红包赶紧"]
    assert kit.hits("最好先停，没说最佳") == ()
    assert kit.hits("转发就能领取", at=1_798_732_800) == ()  # 2027-01-01 in Shanghai
    moist = Persona(id="x", name="x", role="x", voice="x", may_claim=("保湿", "美白"))
    assert [hit.found for hit in kit.hits("保湿美白淡斑", moist, at=1_798_732_799)] == ["美白", "淡斑"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- words: [最好, 最佳]\n    except: [~先]", "- rewrite: 改", ":6: terms: words、pattern、together 至少写一个"),
        ("转发…领取", "转发(领取", ":8: pattern: “转发(领取”读不懂，检查括号是否成对"),
        ("转发…领取", "第[0-9]+元", ":8: pattern: “第[0-9]+元”在长文字里会找得很慢，+ 和 * 请写成 {1,6}，隔字用 …"),
        ("转发…领取", "转发.*领取", ":8: pattern: “转发.*领取”在长文字里会找得很慢"),
        ("转发…领取", "(转发)?", ":8: pattern: “(转发)?”什么都能对上，请写得具体些"),
        ("(不|没)说~", "(不|没说~", ":4: except: “(不|没说~”读不懂"),
        ("最佳]", "最 好]", ":6: 提醒: words: “最 好”在 content/lint/absolute.yaml:6 已经写了"),
        ("最佳]", "✨]", ":6: words: “✨”里的符号会略过不看，只剩“”"),
        ("最佳]", "微❤]", ":6: words: “微❤”里的符号会略过不看，只剩“微”"),
        ("severity: 提醒", "severity: 警告", ":11: severity: “警告”不行，可以写 拒绝、提醒"),
        ("2026-01-01 ~ 2026-12-31", "2026 年", ":12: valid: 起止请写成 2026-12-01 ~ 2026-12-31"),
        ("2026-01-01 ~ 2026-12-31", "2026-12-31 ~ 2026-01-01", ":12: valid: 前后写反了"),
        ("2026-01-01 ~ 2026-12-31", "~ 2026-09-31", ":12: valid: 没有 9月31日"),
        ("family: 绝对化用语\n", "", ":1: family: 必须写，这里缺了"),
        ("together: [转, 好处]", "together: [转, 坏处]", ":13: together: 没有词类“坏处”，请写进 classes"),
        (
            "together: [转, 好处]",
            "together: [转]",
            ":13: together: 至少写两个词类，或者再写 any_of；只有一类词就写 words",
        ),
        ("any_of: [催, 夸]", "any_of: [催, 骂]", ":17: any_of: 没有词类“骂”，请写进 classes"),
        ("together: [好处]\n    any", "words: [好处]\n    any", ":17: any_of: 先写 together：哪一类词和它们一起说"),
        ("without: [没好处]", "without: [不转]", ":15: without: 没有词类“不转”，请写进 classes"),
        ("within: 12", "within: 99", ":14: within"),
        ("class: 好处", "class: 转", ":21: class: 词类“转”在 content/lint/absolute.yaml:19 已经写了"),
        ("    words: [别信]", "", ":24: classes: words 和 pattern 至少写一个"),
        ("送[0-9]{1,3}个", "送[0-9]+个", ":23: pattern: “送[0-9]+个”在长文字里会找得很慢"),
        ("article: 《规范》", "artical: 《规范》", ":9: artical: 不认识，是不是 article？"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, message: str) -> None:
    """With the line, in Chinese."""
    assert old in LIST
    found = said(LIST.replace(old, new, 1))
    assert any(problem.startswith(FILE + message) for problem in found), found


def test_an_effect_is_proven_once() -> None:
    """Twice the same name would leave open which proof counts."""
    assert said(claims=PROVEN.replace("claim: 保湿", "claim: 美白")) == [
        f"{CLAIMS}:4: claim: “美白”写了两次",
    ]


def test_valid_lists_are_silent() -> None:
    """Nothing is said of what is right."""
    assert said() == []


def test_a_folder_with_a_bad_list_is_refused(tmp_path: Path) -> None:
    """No linter is better than one that misses a list unseen."""
    (tmp_path / "lint").mkdir()
    (tmp_path / "lint" / "a.yaml").write_text(LIST.replace("转发…领取", "转发(领取"), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_linter(tmp_path)
    assert "lint/a.yaml:8: pattern" in str(caught.value)

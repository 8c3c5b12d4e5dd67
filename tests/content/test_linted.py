"""Which words of a file customers read, and in whose voice they are looked at."""

from __future__ import annotations

import pytest

from bot.content.linted import Spoken, heard, kind_of, problem, spoken, voices
from bot.scrm.lint import Linter, Taboo
from bot.scrm.persona import Persona
from bot.yamlfile import parse

FILE = "content/welcome.yaml"
WELCOME = """\
welcomes:
  - id: parcel
    guides: [guide-lin]
    text: |
      你好，亲亲。
    link: {title: 最有效, url: "https://m.yuhe.example/最有效"}
  - id: default
    text: 亲亲，{{ guide.name }}在。
"""
BRAND = Persona(id="brand", name="屿禾", role="品牌", voice="短")
XIAOHE = Persona(id="xiaohe", name="小禾", role="顾问", voice="短", guides=("guide-wu",), never_say=("亲亲",))
VOICES = {"brand": BRAND, "xiaohe": XIAOHE}
LINTER = Linter([Taboo(family="绝对化用语", article="《广告法》第九条", rewrite="说事实", words=("最有效",))])


def test_a_voice_is_asked_about_what_it_says() -> None:
    """The guides of a welcome speak as the brand here; a welcome for all is said by both."""
    document = parse(FILE, WELCOME.encode())
    found = [str(problem(document, path, hit)) for path, hit in heard(document, "welcome", LINTER, VOICES)]
    assert found == [
        f"{FILE}:6: link.title: “最有效”是绝对化用语（《广告法》第九条）；说事实",
        f"{FILE}:8: text: “亲亲”是人设禁用词（人设“小禾”的 never_say）；换一种说法",
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("content/library/a.yaml", "library"),
        ("content/welcome.yaml", "welcome"),
        ("content/surveys/newcomer.yaml", "surveys"),
        ("content/tags.yaml", None),
        ("a.txt", None),
    ],
)
def test_files_are_known_by_their_place(name: str, kind: str | None) -> None:
    """Folder first, then name."""
    assert kind_of(name) == kind


def test_what_customers_say_themselves_is_passed_over() -> None:
    """A persona's examples: the answers count, in that persona's voice."""
    persona = "id: xiaohe\nvoice: 不说最有效\nexamples:\n  - {ask: 哪个最有效？, answer: 看肤质。}\n"
    found = list(spoken(parse("personas/x.yaml", persona.encode()), "personas"))
    assert found == [Spoken(("examples", 0, "answer"), "看肤质。", ("xiaohe",))]


@pytest.mark.parametrize(
    ("one", "names"),
    [
        (Spoken((), ""), ["brand", "xiaohe"]),
        (Spoken((), "", ("xiaohe", "gone")), ["xiaohe"]),
        (Spoken((), "", None, ("guide-wu",)), ["xiaohe"]),
        (Spoken((), "", None, ("guide-wu", "guide-lin", "guide-zhou")), ["xiaohe", "brand"]),
    ],
)
def test_who_may_say_it(one: Spoken, names: list[str]) -> None:
    """The personas named, else those of the guides named, else all."""
    assert [voice.id for voice in voices(one, VOICES)] == names

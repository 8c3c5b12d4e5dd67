"""content/library/*.yaml: items, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content import linted
from bot.content.library import LibraryFile, library
from bot.content.library_check import Around, problems
from bot.content.media import MediaShelf
from bot.content.period import Stretch
from bot.scrm.actions import Attached
from bot.scrm.item import FollowUp, Item, Variant
from bot.scrm.lint import Claim, Linter, Taboo
from bot.scrm.offer import Offer
from bot.scrm.period import Period
from bot.scrm.persona import Persona
from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy
from bot.scrm.who import Who
from bot.yamlfile import Problems, parse, validate

FILE = "content/library/redness.yaml"
PNG = b"\x89PNG\r\n\x1a\npixels"
NOT_BY_NAME = "群发是同一段话发给很多人，不能用 customer.name；要称呼客户请写 for: 手发"
NOW = 1_796_054_400  # 2026-12-01 in Shanghai
ITEMS = """\
items:
  - id: kp-redness
    title: 换季泛红先停三样
    kind: 科普
    topic: 护肤知识
    source: kb-redness
    valid: 2026-11-01 ~ 2027-03-31
    variants:
      - for: 群 私聊
        text: |
          换季脸颊发红，先停三样。肿或破皮请先看医生。
        images: [redness/card.png]
      - for: 朋友圈
        text: |
          脸红的时候，少做比多做有用。
        link: {title: 清单, url: "https://m.yuhe.example/l", cover: redness/card.png}
      - for: 手发
        text: |
          {{ customer.name }}，上次你说换季容易红，这张清单先收着？
    follow_up: {after: 40分钟, say: 回复前 5 位发“1”的客户}
  - id: dg-cream-set
    title: 双支组
    kind: 导购
    topic: 会员福利
    offer: cream-set
    personas: [xiaohe]
    who: {tags_any: [肤质/敏感肌], guides: [guide-lin]}
    repeat_after: 30天
    draft: 是
    variants:
      - for: 私聊
        persona: xiaohe
        text: |
          到手 {{ offer.price }}，{{ offer.link }}
"""


@pytest.fixture
def around(tmp_path: Path) -> Around:
    """Everything that the two items refer to."""
    (tmp_path / "redness").mkdir()
    (tmp_path / "redness" / "card.png").write_bytes(PNG)
    return Around(
        shelf=MediaShelf(tmp_path),
        topics=("护肤知识", "活动", "新品", "会员福利"),
        offers={"cream-set": Offer(id="cream-set", title="双支组", link="https://s.yuhe.example", price_fen=26_800)},
        personas={
            "brand": Persona(id="brand", name="屿禾", role="品牌", voice="短"),
            "xiaohe": Persona(
                id="xiaohe", name="小禾", role="顾问", voice="短", emoji=1, never_say=("亲亲",), sign_off="——屿禾"
            ),
        },
        channels=("parcel",),
        guides=("guide-lin",),
        taxonomy=TAXONOMY,
        knowledge=("kb-redness",),
        at=NOW,
    )


def rule(family: str, *words: str, **more: str) -> Taboo:
    return Taboo(family=family, article="《广告法》第九条", rewrite="说事实", words=words, **more)  # type: ignore[arg-type]


LINTER = Linter(
    [rule("绝对化用语", "最有效"), rule("手写价格", pattern="[0-9]+元"), rule("催促", "快抢", severity="warn")],
    [Claim(name="美白", taboo=rule("功效没有依据", "美白", claim="美白"))],
)
TAXONOMY = Taxonomy((TagGroup(name="肤质", tags=(Tag("肤质", "敏感肌"),)),))


def said(text: str, around: Around) -> list[str]:
    document = parse(FILE, text.encode())
    try:
        found = [*problems([(document, validate(document, LibraryFile))], around)]
    except Problems as wrong:
        return [str(problem) for problem in wrong.problems]
    heard = linted.heard(document, "library", LINTER, around.personas or {}, around.at)
    return [str(problem) for problem in (*found, *(linted.problem(document, *hit) for hit in heard))]


def read(text: str, around: Around) -> dict[str, Item]:
    document = parse(FILE, text.encode())
    return library([(document, validate(document, LibraryFile))], around.shelf.digests, around.offers or {})


def test_every_key_reaches_the_item(around: Around) -> None:
    """Words by outlet, attachments, spans in seconds, days in the corp's time zone."""
    assert said(ITEMS, around) == []
    items = read(ITEMS, around)
    redness, cream = items["kp-redness"], items["dg-cream-set"]
    assert redness.variants[0] == Variant(
        outlets=("私聊", "群"),
        text="换季脸颊发红，先停三样。肿或破皮请先看医生。",
        attachments=(Attached(kind="image", media="redness/card.png"),),
    )
    assert [attached.kind for attached in redness.variants[1].attachments] == ["link"]
    assert (redness.kind, redness.topic, redness.source) == ("科普", "护肤知识", "kb-redness")
    assert redness.valid == Period(1_793_462_400, 1_806_508_800)
    assert redness.follow_up == FollowUp(2_400, "回复前 5 位发“1”的客户")
    assert (cream.offer, cream.personas, cream.draft) == ("cream-set", ("xiaohe",), True)
    assert cream.repeat_after_seconds == 30 * 86_400
    assert cream.who == Who(tags_any=("肤质/敏感肌",), guides=("guide-lin",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("          换季脸颊", "          {{ customer.name }}，换季脸颊", f":10: text: {NOT_BY_NAME}"),
        ("到手 {{ offer.price }}", "到手 268元", ":34: text: “268元”是手写价格（《广告法》第九条）；说事实"),
        ("脸红的时候", "脸" * 2_001, ":14: text: 2,010 个字，朋友圈上限 2,000"),
        ("换季脸颊发红", "换" * 1_330, ":10: text: 4,051 字节，上限 4,000"),
        ("topic: 护肤知识", "topic: 护肤知试", ":5: topic: 没有话题“护肤知试”，是不是 护肤知识？"),
        ("offer: cream-set", "offer: cream-sat", ":25: offer: offers.yaml 里没有权益“cream-sat”，是不是 cream-set？"),
        ("source: kb-redness", "source: kb-rednes", ":6: source: knowledge/ 里没有知识“kb-rednes”，是不是"),
        ("personas: [xiaohe]", "personas: [xiaohei]", ":26: personas: 没有人设“xiaohei”，是不是 xiaohe？"),
        ("persona: xiaohe", "persona: brand", ":32: persona: “brand”不在这条内容的 personas 里"),
        ("guides: [guide-lin]", "guides: [guide-lim]", ":27: who.guides: 渠道和人设里都没有导购“guide-lim”，是不是"),
        ("guides: [guide-lin]", "stores: [静安店]", ":27: who.stores: 这个版本还不支持：按门店分"),
        ("guides: [guide-lin]", "when: orders > 1", ":27: who.when: 这个版本还不支持：条件请写在日历或规则里"),
        ("id: dg-cream-set", "id: kp-redness", ":2: id: “kp-redness”写了两次"),
        ("for: 群 私聊", "for: 群 朋友圈儿", ":9: for: “朋友圈儿”不行，是不是 朋友圈？可以写 私聊、群、朋友圈、手发"),
        ("title: 换季泛红先停三样", f"title: {'长' * 21}", ":3: title: 有 21 个字，不超过 20 字"),
        ("{{ offer.price }}", "{{ offer.gift }}", ":33: text: 权益“cream-set”没有写 gift，不能用 offer.gift"),
        ("脸红的时候", "{{ offer.price }}", ":14: text: 用了 offer.price 但没写 offer"),
        ("脸红的时候", "最有效", ":15: text: “最有效”是绝对化用语（《广告法》第九条）；说事实"),
        ("脸红的时候", "亲亲", ":15: text: “亲亲”是人设禁用词（人设“小禾”的 never_say）；换一种说法"),
        ("脸红的时候", "美白", ":15: text: “美白”是功效没有依据"),
        ("脸红的时候", "快抢", ":15: 提醒: text: “快抢”是催促"),
        ("脸红的时候", "脸红😊😊", ":14: 提醒: text: 表情有 2 个，人设最多 1 个"),
        ("    follow_up: {after: 40分钟, say: 回复前 5 位发“1”的客户}\n", "    imgaes: []\n", ":20: imgaes: 不认识"),
        (", cover: redness/card.png", "", ":16: link: 朋友圈的链接要有封面图，请写 cover"),
        ("{title: 清单", f"{{title: {'清' * 22}", ":16: link.title: 66 字节，朋友圈的链接标题上限 64"),
        ("    kind: 科普\n", "    kind: 互动\n", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(around: Around, old: str, new: str, message: str) -> None:
    """At its line, in Chinese, with a way to mend it."""
    assert old in ITEMS
    found = said(ITEMS.replace(old, new, 1), around)
    assert any(problem.startswith(FILE + message) for problem in found) if message else found == [], found


def test_one_item_without_a_list_is_explained(around: Around) -> None:
    """The shape that people try first."""
    found = said("id: kp-redness\ntitle: 泛红\n", around)
    assert f"{FILE}:1: id: 这个版本还不支持：内容都写在 items: 下面，一条前面一个 -" in found


def test_an_interaction_wants_somebody_to_be_there(around: Around) -> None:
    """Advice only."""
    lonely = ITEMS.replace("kind: 科普", "kind: 互动").replace(
        "    follow_up: {after: 40分钟, say: 回复前 5 位发“1”的客户}\n", ""
    )
    assert said(lonely, around) == [f"{FILE}:4: 提醒: kind: 没写 follow_up，互动没有人接就白发了"]


def test_an_offer_that_is_over_is_no_reason_to_write(around: Around) -> None:
    """Advice, unless the item is a draft: that time passes makes no edition wrong, the gates hold the item back."""
    over = replace(around, offers={"cream-set": replace((around.offers or {})["cream-set"], valid=Period(0, NOW))})
    assert said(ITEMS, over) == []
    live = ITEMS.replace("    draft: 是\n", "")
    assert said(live, over) == [
        f"{FILE}:25: 提醒: offer: “cream-set”已过期，这一条不再发出；请换一份权益，或写 draft: 是"
    ]


def test_moments_can_only_include(around: Around) -> None:
    """By tag and guide (WeCom's limit)."""
    narrow = ITEMS.replace("    follow_up:", "    who: {tags_none: [肤质/敏感肌]}\n    follow_up:")
    assert said(narrow, around) == [
        f"{FILE}:20: who.tags_none: 朋友圈只能按标签（tags_any）和导购圈人（企业微信限制）；请把朋友圈另写一条"
    ]


def test_a_sign_off_counts_into_the_length(around: Around) -> None:
    """Where it stands below the words."""
    fits = ITEMS.replace("到手 {{ offer.price }}，{{ offer.link }}", "字" * 1_333)
    assert said(fits, around) == [f"{FILE}:33: text: 4,012 字节，上限 4,000（一个汉字 3 字节）"]


def test_a_sign_off_counts_where_it_is_said_by_hand_too(around: Around) -> None:
    """What has no words of its own for 手发 borrows these; in a group and in Moments nothing is signed."""
    group = ITEMS.replace("到手 {{ offer.price }}，{{ offer.link }}", "字" * 1_333).replace("for: 私聊", "for: 群")
    assert said(group, around) == [f"{FILE}:33: text: 4,012 字节，上限 4,000（一个汉字 3 字节）"]
    by_hand = "      - for: 手发\n        text: 你好\n"
    assert said(group + by_hand, around) == []


def test_the_digest_follows_what_people_would_see(around: Around) -> None:
    """Words, files, and the offer's values; not the title, nor whom it is for."""
    said(ITEMS, around)
    first = read(ITEMS, around)
    same = read(ITEMS.replace("title: 换季泛红先停三样", "title: 泛红").replace("40分钟", "50分钟"), around)
    assert same["kp-redness"].digest == first["kp-redness"].digest
    words = read(ITEMS.replace("少做比多做", "少做，比多做"), around)
    assert words["kp-redness"].digest != first["kp-redness"].digest
    assert words["dg-cream-set"].digest == first["dg-cream-set"].digest
    dearer = replace(around, offers={"cream-set": replace((around.offers or {})["cream-set"], price_fen=1)})
    assert read(ITEMS, dearer)["dg-cream-set"].digest != first["dg-cream-set"].digest
    (around.shelf.folder / "redness" / "card.png").write_bytes(PNG + b"!")
    said(ITEMS, around)
    assert read(ITEMS, around)["kp-redness"].digest != first["kp-redness"].digest


def test_what_could_not_be_read_is_not_complained_of(around: Around) -> None:
    """An item is not wrong because another file is."""
    assert said(ITEMS, Around(shelf=around.shelf)) == []
    assert Stretch().period() == Period()

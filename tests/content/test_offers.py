"""content/offers.yaml and content/codes/*.csv."""

from __future__ import annotations

import pytest

from bot.content.codes import read_codes
from bot.content.offers import Around, OffersFile, problems
from bot.scrm.offer import Offer, yuan
from bot.scrm.period import Period
from bot.yamlfile import Problems, parse, validate

FILE = "content/offers.yaml"
OFFERS = """\
offers:
  - {id: redpack, title: 红包, codes: red.csv, limit: 每人1份, valid: 2026-12-01 ~ 2026-12-31, link: "https://m.yuhe.example/r"}
  - id: cream-set
    title: 修护霜双支组
    sku: YH-RC50-2
    price: 268元
    compare_at: 298元
    floor: 259元
    valid: 2026-12-10 10:00 ~ 2026-12-12 22:00
    where: 私域专享
    stock: 500
    gift: 旅行装洁面 1 支
    link: https://shop.yuhe.example/c/cream-set
  - {id: cream-all, title: 全渠道款, sku: YH-RC50-2, price: 288元, valid: 2026-12-01 ~, link: "https://shop.yuhe.example/c"}
"""
SOON = "2026-12-10 10:00 ~ 2026-12-12 22:00"
AROUND = Around(codes=("red.csv",), used={"cream-set": 3}, at=1_796_054_400)  # 2026-12-01 in Shanghai


def said(text: str = OFFERS, around: Around = AROUND) -> list[str]:
    document = parse(FILE, text.encode())
    try:
        return [str(problem) for problem in problems(document, validate(document, OffersFile), around)]
    except Problems as found:
        return [str(problem) for problem in found.problems]


def test_every_key_reaches_the_offer() -> None:
    """Money in fen, the period to the minute, and only what there is for texts."""
    offers = validate(parse(FILE, OFFERS.encode()), OffersFile).value()
    assert offers["cream-set"] == Offer(
        id="cream-set",
        title="修护霜双支组",
        link="https://shop.yuhe.example/c/cream-set",
        valid=Period(1_796_868_000, 1_797_084_000),
        price_fen=26_800,
        compare_at_fen=29_800,
        floor_fen=25_900,
        where="私域专享",
        sku="YH-RC50-2",
        stock=500,
        gift="旅行装洁面 1 支",
    )
    assert offers["redpack"].codes == "red.csv"
    assert offers["redpack"].values == {"title": "红包", "link": "https://m.yuhe.example/r", "limit": "每人1份"}
    assert offers["cream-set"].values["price"] == "268元"
    assert said() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("price: 268元", "price: 278.5元", None),
        ("compare_at: 298元", "compare_at: 268元", ":7: compare_at: 划线价要高于价格 268元"),
        ("    price: 268元\n", "", ":6: compare_at: 写了划线价也要写 price"),
        (SOON, "~ 2026-11-30", ":9: 提醒: valid: 已过期，还有 3 条内容在用它，它们不再发出"),
        ("2026-12-01 ~ 2026-12-31", "~ 2026-11-30", ":2: 提醒: valid: 已过期，可以删掉了"),
        ("id: cream-all", "id: redpack", ":2: id: “redpack”写了两次"),
        ("red.csv", "rde.csv", ":2: codes: content/codes/ 里没有 rde.csv，是不是 red.csv？"),
        ("red.csv", "../red.csv", ":2: codes: 请写 content/codes/ 下面的文件名"),
        ("stock: 500", "codes: red.csv", ":11: codes: red.csv 写在了两份权益里，一个码会发两次"),
        ("price: 268元", "price: 268", ":6: price: 金额请写成 268元 或 1.80元"),
        ("where: 私域专享", "where: 私域", ":10: where: “私域”不行，是不是 私域专享？"),
        ("    link: https://shop.yuhe.example/c/cream-set\n", "", ":3: link: 必须写，这里缺了"),
        ("title: 修护霜双支组", f"title: {'长' * 31}", ":4: title: 有 31 个字，不超过 30 字"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, message: str | None) -> None:
    """At its line; a price above the floor is no problem."""
    assert old in OFFERS
    found = said(OFFERS.replace(old, new, 1))
    assert any(problem.startswith(FILE + message) for problem in found) if message else found == [], found


def test_money_reads_as_people_say_it() -> None:
    """Without needless zeros."""
    assert [yuan(fen) for fen in (26_800, 180, 5)] == ["268元", "1.80元", "0.05元"]


def test_codes_are_read_in_order() -> None:
    """Blanks around them and a last empty line do no harm."""
    found = read_codes("content/codes/a.csv", b"\xef\xbb\xbfcode\r\nA1\r\n B2 \r\n\r\n")
    assert (found.codes, found.problems) == (("A1", "B2"), ())


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("code\nA1\nB2\nA1\n", ":4: code: 和第 2 行重复，一个码只能给一个人"),
        ("code\nA1\n\nB2\n", ":3: code: 空行，请删掉"),
        ("code\nA1,B2\n", ":2: code: 只要一列，这行有逗号"),
        ("code\nA 1\n", ":2: code: 一个码不超过 64 个字，中间没有空格"),
        ("A1\nB2\n", ":1: code: 只要一列，第一行写 code"),
        ("code\n", ":1: code: 一个码也没有"),
        ("", ":1: code: 只要一列，第一行写 code"),
    ],
)
def test_a_bad_list_of_codes_is_named(raw: str, message: str) -> None:
    """By line, and without showing the codes."""
    found = [str(problem) for problem in read_codes("a.csv", raw.encode()).problems]
    assert len(found) == 1 and found[0].startswith(f"a.csv{message}"), found


def test_codes_of_another_encoding_are_refused() -> None:
    """As spreadsheets save them in some places."""
    assert (
        read_codes("a.csv", "code\n优惠券一号\n".encode("gbk")).problems[0].message == "读不懂，请用 UTF-8 另存为 CSV"
    )

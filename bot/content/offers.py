"""content/offers.yaml: the only place where a price is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.content.fields import Id, Line, Money, WebAddress
from bot.content.period import TIMEZONE, PeriodField
from bot.scrm.offer import Offer, Where, yuan
from bot.yamlfile import Document, Problem, Row, did_you_mean

MAX_TITLE = 30
MAX_GIFT = 40


def _codes(value: object) -> str:
    text = str(value)
    if not text.endswith(".csv") or "/" in text or "\\" in text or text.startswith("."):
        raise ValueError("请写 content/codes/ 下面的文件名，例如 redpack-12.csv")
    return text


CodesFile = Annotated[
    str, PlainValidator(_codes), WithJsonSchema({"type": "string", "pattern": r"^[^/\\.][^/\\]*\.csv$"})
]


class OfferRow(Row):
    """一份权益"""

    id: Id = Field(description="编号，用后不改")
    title: Line = Field(description=f"名字，客户看得到，不超过 {MAX_TITLE} 字")
    valid: PeriodField = Field(description="从什么时候到什么时候，例如 2026-12-10 10:00 ~ 2026-12-12 22:00")
    link: WebAddress = Field(description="在哪里领或买；自己的网址，以 https:// 开头")
    price: Money | None = Field(default=None, description="价格，例如 268元；正文用 {{ offer.price }}")
    compare_at: Money | None = Field(default=None, description="划线价：前 7 天真卖过的最低价")
    floor: Money | None = Field(default=None, description="底价，价格低于它就不能上线")
    where: Where = Field(default="全渠道", description="私域专享，或全渠道同价")
    limit: Line | None = Field(default=None, description="限量，例如 每人1份")
    stock: int | None = Field(default=None, ge=0, description="库存，份")
    gift: Line | None = Field(default=None, description=f"赠品，不超过 {MAX_GIFT} 字")
    sku: Line | None = Field(default=None, description="商品编码")
    codes: CodesFile | None = Field(default=None, description="一次性券码，content/codes/ 下的 CSV，一列 code")

    def value(self, timezone: str = TIMEZONE) -> Offer:
        return Offer(
            id=self.id,
            title=self.title,
            link=self.link,
            valid=self.valid.period(timezone),
            price_fen=self.price,
            compare_at_fen=self.compare_at,
            floor_fen=self.floor,
            where=self.where,
            sku=self.sku,
            stock=self.stock,
            gift=self.gift,
            limit=self.limit,
            codes=self.codes,
        )


class OffersFile(Row):
    """权益：content/offers.yaml，价格只写在这里"""

    offers: tuple[OfferRow, ...] = Field(description="一份权益一项")

    def value(self, timezone: str = TIMEZONE) -> dict[str, Offer]:
        return {row.id: row.value(timezone) for row in self.offers}


@dataclass(frozen=True, slots=True)
class Around:
    """What offers refer to, and who refers to them; None where that could not be read.

    `codes`: file names below content/codes. `used`: offer → how many items use it. `at`: now, epoch seconds.
    """

    codes: Collection[str] | None = None
    used: Mapping[str, int] | None = None
    at: int | None = None
    timezone: str = TIMEZONE


def problems(document: Document, file: OffersFile, around: Around) -> Iterator[Problem]:
    """What no single value can know: ids twice, prices that cannot be, what is over, codes that are not there."""
    ids = Counter(row.id for row in file.offers)
    for i, row in enumerate(file.offers):
        here = ("offers", i)
        if ids[row.id] > 1:
            yield document.problem((*here, "id"), f"“{row.id}”写了两次")
        for key, text, most in (("title", row.title, MAX_TITLE), ("gift", row.gift or "", MAX_GIFT)):
            if len(text) > most:
                yield document.problem((*here, key), f"有 {len(text)} 个字，不超过 {most} 字")
        yield from _price_problems(document, i, row)
        yield from _end_problems(document, i, row, around)
        if row.codes and around.codes is not None and row.codes not in around.codes:
            hint = did_you_mean(row.codes, around.codes)
            yield document.problem((*here, "codes"), f"content/codes/ 里没有 {row.codes}{hint}")
    yield from _shared_codes(document, file)
    yield from _cheaper_elsewhere(document, file)


def _price_problems(document: Document, i: int, row: OfferRow) -> Iterator[Problem]:
    here = ("offers", i)
    if row.price is not None and row.floor is not None and row.price < row.floor:
        yield document.problem((*here, "price"), f"低于底价 {yuan(row.floor)}")
    if row.compare_at is None:
        return
    if row.price is None:
        yield document.problem((*here, "compare_at"), "写了划线价也要写 price")
    elif row.compare_at <= row.price:
        yield document.problem((*here, "compare_at"), f"划线价要高于价格 {yuan(row.price)}")


def _end_problems(document: Document, i: int, row: OfferRow, around: Around) -> Iterator[Problem]:
    end, used = row.valid.period(around.timezone).end_at, (around.used or {}).get(row.id, 0)
    if around.at is None or end is None or around.at < end:
        return
    still = f"还有 {used} 条内容在用它，它们不再发出" if used else "可以删掉了"
    yield document.problem(("offers", i, "valid"), f"已过期，{still}", "warning")


def _shared_codes(document: Document, file: OffersFile) -> Iterator[Problem]:
    owners = Counter(row.codes for row in file.offers if row.codes)
    for i, row in enumerate(file.offers):
        if row.codes and owners[row.codes] > 1:
            yield document.problem(("offers", i, "codes"), f"{row.codes} 写在了两份权益里，一个码会发两次")


def _cheaper_elsewhere(document: Document, file: OffersFile) -> Iterator[Problem]:
    """The same thing for less, for everybody, while members are told that theirs is special."""
    for i, row in enumerate(file.offers):
        if row.where != "私域专享" or row.price is None or not row.sku:
            continue
        public = [r.price for r in file.offers if r.sku == row.sku and r.where == "全渠道" and r.price is not None]
        if public and min(public) < row.price:
            message = f"同一 SKU 全渠道卖 {yuan(min(public))}，比私域专享便宜"
            yield document.problem(("offers", i, "price"), message)

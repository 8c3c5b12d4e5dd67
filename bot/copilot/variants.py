"""Other wordings of an item, proposed in the voice of a persona: what is asked, and how the answer is read.

Only content goes into the prompt: persona, item, the facts that it rests on. There is no way in for a customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ValidationError

from bot.copilot.client import Llm, LlmError, Message
from bot.scrm.item import Item, Variant
from bot.scrm.kind import Outlet
from bot.scrm.persona import Persona

RULES: Final = """\
你替一个品牌的运营改写一条内容，给人审。只改说法，不改意思。
- 只能用下面给的事实；不加新的数字、功效、承诺、价格、时间。
- 双花括号里的变量（例如 {{ guide.name }}）原样留着，不能新加。
- 照着人设的口吻，不说禁用的词；像人说的话，短。
- 每一版都要和已有的、和彼此明显不同，开头不一样。
只回一个 JSON 对象：{"variants": ["第一版", "第二版"]}"""

AGAIN: Final = '刚才的回答读不懂。只回一个 JSON 对象：{"variants": ["第一版"]}'


class Answer(BaseModel):
    """What the model has to say."""

    variants: list[str]


@dataclass(frozen=True, slots=True)
class Brief:
    """What is to be worded anew. `facts`: of the knowledge that the item rests on."""

    item: Item
    persona: Persona
    outlet: Outlet
    facts: tuple[str, ...] = ()

    @property
    def there(self) -> tuple[Variant, ...]:
        """The wordings that there are."""
        return self.item.worded_for(self.outlet)


def messages(brief: Brief, count: int) -> list[Message]:
    """The prompt for so many wordings."""
    persona, item = brief.persona, brief.item
    told = [
        f"人设：{persona.name}，{persona.role}。{persona.voice}",
        f"禁用的词：{'、'.join(persona.never_say) or '没有'}。可以说的功效：{'、'.join(persona.may_claim) or '没有'}。",
        f"一条最多 {persona.emoji} 个表情。",
        *(f"口吻的例子：{example.ask} → {example.answer}" for example in persona.examples),
        f"内容：{item.kind}，话题 {item.topic}，用在{brief.outlet}。题目：{item.title}",
        *(f"事实：{fact}" for fact in brief.facts),
        *(f"已有的一版：\n{variant.text}" for variant in brief.there),
        f"请写 {count} 版。",
    ]
    return [{"role": "system", "content": RULES}, {"role": "user", "content": "\n".join(told)}]


async def propose(llm: Llm, brief: Brief, count: int) -> list[str]:
    """So many wordings at most, as the model says them. An answer that cannot be read is asked for once more.

    Raises:
        LlmError: none came.
    """
    asked: Sequence[Message] = messages(brief, count)
    for _ in range(2):
        said = await llm.answer(asked)
        try:
            return [text.strip() for text in Answer.model_validate_json(said).variants[:count] if text.strip()]
        except ValidationError:
            asked = (*asked, {"role": "assistant", "content": said}, {"role": "user", "content": AGAIN})
    raise LlmError("模型两次都没有按格式回答")

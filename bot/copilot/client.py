"""A language model behind any endpoint that speaks OpenAI's chat completions (platform.openai.com/docs/api-reference).

async with Llm(base_url, model, api_key) as llm:
    text = await llm.answer(messages)
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

Message = dict[str, str]
"""{"role": …, "content": …}"""


class LlmError(Exception):
    """The model gave no answer; the words are for people."""


class Llm:
    """`timeout_seconds`: of one try; a busy or broken endpoint is tried twice more."""

    def __init__(self, base_url: str, model: str, api_key: str, timeout_seconds: float = 60) -> None:
        from openai import AsyncOpenAI  # takes most of a second, and only this needs it

        self.model = model
        self._client = AsyncOpenAI(base_url=base_url, api_key=api_key or "-", timeout=timeout_seconds, max_retries=2)

    async def __aenter__(self) -> Llm:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def answer(self, messages: Sequence[Message]) -> str:
        """What it says, as a JSON object in a text.

        Raises:
            LlmError: it could not be reached, or refused.
        """
        from openai import APIConnectionError, APIStatusError

        asked: Any = list(messages)
        try:
            answer = await self._client.chat.completions.create(
                model=self.model, messages=asked, response_format={"type": "json_object"}
            )
        except APIStatusError as error:
            raise LlmError(f"模型拒绝了（HTTP {error.status_code}），看看 config.yaml 的 llm") from None
        except APIConnectionError:
            raise LlmError("连不上模型，看看 config.yaml 的 llm.base_url") from None
        return (answer.choices[0].message.content or "") if answer.choices else ""

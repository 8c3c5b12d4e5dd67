"""A persona offers to texts what they may use of it."""

from __future__ import annotations

from bot.scrm.persona import Persona


def test_texts_may_use_name_role_and_how_customers_are_called() -> None:
    """The voice and the taboo words are for writers, not for texts."""
    persona = Persona(id="xiaohe", name="小禾", role="私人护肤顾问", voice="先问再答")
    assert persona.values == {"name": "小禾", "role": "私人护肤顾问", "calls_customer": "你"}

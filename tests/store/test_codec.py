"""What is written as JSON is read back equal: every action and every own event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from bot.scrm.actions import ACTIONS, Action
from bot.scrm.actions.base import Text
from bot.scrm.events import OWN_EVENTS, OwnEvent
from bot.store.codec import action_of, action_payload, event_body, own_event


def rendered(cls: type[Action]) -> st.SearchStrategy[Action]:
    """Any action of a class; once rendered, its words are text."""
    return st.builds(cls, **{f.name: st.text(max_size=20) for f in fields(cls) if f.type == Text})


@pytest.mark.parametrize("cls", ACTIONS)
def test_an_action_survives(cls: type[Action]) -> None:
    """Through the payload of an outbox row."""

    @settings(max_examples=25)
    @given(rendered(cls))
    def holds(action: Any) -> None:
        assert action_of(cls.__name__, action_payload(action)) == action

    holds()


@pytest.mark.parametrize("cls", OWN_EVENTS)
def test_an_own_event_survives(cls: type[OwnEvent]) -> None:
    """Through the body of an inbox row."""

    @settings(max_examples=25)
    @given(st.from_type(cls))
    def holds(event: Any) -> None:
        assert own_event(cls.__name__, event_body(event)) == event

    holds()


def test_a_name_that_is_not_ours_is_nothing() -> None:
    assert own_event("CustomerAdded", "{}") is None

"""Which handlers an event goes to.

    router = Router()

    @router.on(CustomerAdded, CustomerHalfAdded)
    async def welcome(event, facts) -> Decision: ...

Every handler of an event's class speaks, in the order they were registered; their decisions add up.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.scrm.decision import Decision
from bot.scrm.facts import Facts

Handler = Callable[[Any, Facts], Awaitable[Decision]]
H = TypeVar("H", bound=Handler)


class Router:
    """A table from event class to handlers."""

    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = {}

    def on(self, *events: type) -> Callable[[H], H]:
        """Register the decorated coroutine for these event classes."""

        def register(handler: H) -> H:
            for event in events:
                self._handlers.setdefault(event, []).append(handler)
            return handler

        return register

    def include(self, *routers: Router) -> Router:
        """Take over the handlers of other routers, in the order given."""
        for router in routers:
            for event, handlers in router._handlers.items():
                self._handlers.setdefault(event, []).extend(handlers)
        return self

    def handlers(self, event: object) -> tuple[Handler, ...]:
        """The handlers of this event's very class; empty when nobody listens."""
        return tuple(self._handlers.get(type(event), ()))

    async def decide(self, event: object, facts: Facts) -> Decision:
        """Ask every handler and add their decisions up."""
        decision = Decision()
        for handler in self.handlers(event):
            decision += await handler(event, facts)
        return decision

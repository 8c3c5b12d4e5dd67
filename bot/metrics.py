"""What is counted, for Prometheus. One registry per app, so that two in one process do not mix."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """The counters of one running app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.callbacks = Counter(
            "zhiyu_callbacks", "Callbacks answered, by outcome", ("app", "outcome"), registry=self.registry
        )
        self.events = Counter("zhiyu_events", "Events handled, by outcome", ("name", "outcome"), registry=self.registry)
        self.actions = Counter("zhiyu_actions", "Tries, by outcome", ("kind", "state"), registry=self.registry)
        self.commit_rows = Histogram(
            "zhiyu_commit_rows",
            "Callbacks that shared a commit",
            buckets=(1, 2, 4, 8, 16, 32, 64, 128),
            registry=self.registry,
        )
        self.welcome_seconds = Histogram(
            "zhiyu_welcome_seconds",
            "From the add to the sent welcome, whole seconds",
            buckets=(0, 1, 2, 5, 10, 20),
            registry=self.registry,
        )
        self.codes_left = Gauge(
            "zhiyu_offer_codes_left", "One-use codes of an offer that nobody has", ("offer",), registry=self.registry
        )
        self.waiting = Gauge("zhiyu_inbox_waiting", "Events in the dispatcher's hands", registry=self.registry)

    def text(self) -> bytes:
        """The exposition format that Prometheus scrapes."""
        return generate_latest(self.registry)

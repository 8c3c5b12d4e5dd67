"""Everything that went over the wire, in the order in which it ended: the witness for tests and benchmarks."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]


class Log:
    """Append only. Each entry has `seq` (from 1), `kind` (callback | call | action), `at` and `wall_at`.

    `at` (the sandbox's clock, epoch seconds) and `wall_at` (real time, float seconds) say when the try, the call or
    the action began, and `took_ms` how long it lasted.
    """

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, kind: str, **fields: Any) -> None:
        self._entries.append({"seq": len(self._entries) + 1, "kind": kind, **fields})

    def since(self, seq: int = 0) -> list[Entry]:
        """The entries after number `seq`."""
        return self._entries[max(seq, 0) :]

    def calls(self, api: str | None = None) -> list[Entry]:
        """API calls, all or those of one API (`externalcontact/send_welcome_msg`)."""
        return [e for e in self._entries if e["kind"] == "call" and api in (None, e["api"])]

    def callbacks(self, event: str | None = None) -> list[Entry]:
        """Callback tries, all or those of one event (`change_external_contact/add_external_contact`)."""
        return [e for e in self._entries if e["kind"] == "callback" and event in (None, e["event"])]

    def __len__(self) -> int:
        return len(self._entries)


def masked(token: str) -> str:
    """Enough of a token to tell two apart, too little to use it."""
    return f"{token[:4]}…" if token else ""

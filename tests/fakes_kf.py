"""微信客服 that remembers in memory, as far as facts show it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.scrm.kf import SENDS_AT_MOST, UNDER_WAY, KfSession
from bot.scrm.records import Record
from bot.scrm.records.kf import (
    HearKf,
    NoteKfEntered,
    NoteKfFailed,
    NoteKfMessage,
    NoteKfSettled,
    SaveKfAccount,
    SaveKfState,
    SpendKfSend,
)


@dataclass
class FakeKf:
    """Sessions, accounts, and our own messages: msgid → (state, when, whether it is one of the five)."""

    sessions: dict[tuple[str, str], KfSession] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    ours: dict[tuple[str, str, str], tuple[str, int, bool]] = field(default_factory=dict)

    async def session(self, open_kfid: str, external_userid: str) -> KfSession:
        return self._get(open_kfid, external_userid)

    async def account_id(self, open_kfid: str) -> str | None:
        return self.accounts.get(open_kfid)

    def remember(self, record: Record) -> None:
        """What the store would remember of it."""
        match record:
            case SaveKfAccount():
                self.accounts[record.open_kfid] = record.account_id
            case NoteKfEntered():
                self._change(record, **({"scene": record.scene} if record.scene else {}))
            case SaveKfState():
                self._change(record, service_state=record.service_state, servicer_userid=record.servicer_userid)
            case NoteKfMessage():
                self._change(record)
                if record.origin == "bot":
                    self.ours.setdefault(_key(record, record.msgid), ("waiting", record.at, False))
            case HearKf():
                self._hear(record)
            case SpendKfSend():
                self._spend(record)
            case NoteKfSettled():
                self._settle(record)
            case NoteKfFailed():
                self._change(record, **({"sends": SENDS_AT_MOST} if record.full else {}))

    def _hear(self, record: HearKf) -> None:
        after = self._get(record.open_kfid, record.external_userid).heard(record.at)
        self._change(record, customer_at=after.customer_at, sends=after.sends, service_state=after.service_state)

    def _spend(self, record: SpendKfSend) -> None:
        key, session = _key(record, record.msgid), self._get(record.open_kfid, record.external_userid)
        if self.ours.get(key, ("refused", 0, True))[0] in ("refused", "expired", "failed"):
            assert session.sends < SENDS_AT_MOST
            self.ours[key] = ("waiting", record.at, True)
            self._change(record, sends=session.sends + 1)

    def _settle(self, record: NoteKfSettled) -> None:
        key, session = _key(record, record.msgid), self._get(record.open_kfid, record.external_userid)
        before, _, counted = self.ours.get(key, ("", 0, False))
        if before == "waiting":
            self.ours[key] = (record.state, record.at, counted)
        if before == "waiting" and counted and record.state in ("refused", "expired", "failed") and session.sends:
            self._change(record, sends=session.sends - 1)

    def _get(self, open_kfid: str, external_userid: str) -> KfSession:
        fresh = KfSession(open_kfid=open_kfid, external_userid=external_userid)
        known = self.sessions.get((open_kfid, external_userid), fresh)
        mine = (value for key, value in self.ours.items() if key[:2] == (open_kfid, external_userid) and value[2])
        out = (UNDER_WAY if state == "waiting" else at for state, at, _ in mine if state in _OUT)
        return replace(known, out=tuple(out))

    def _change(self, record: object, **changes: object) -> None:
        open_kfid, external_userid = record.open_kfid, record.external_userid  # type: ignore[attr-defined]
        changed = replace(self._get(open_kfid, external_userid), **changes)  # type: ignore[arg-type]
        self.sessions[open_kfid, external_userid] = changed


_OUT = ("waiting", "sent", "unknown")


def _key(record: object, msgid: str) -> tuple[str, str, str]:
    return record.open_kfid, record.external_userid, msgid  # type: ignore[attr-defined]

"""Customers are handed from one guide to another (在职继承、离职继承): asked, begun, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.router import Router
from bot.scrm.actions import Action, SendAppMessage
from bot.scrm.actions.groups import SyncGroup
from bot.scrm.actions.transfers import AT_ONCE, ReadTransferResults, TransferCustomers, TransferGroups
from bot.scrm.decision import Decision
from bot.scrm.events.transfers import (
    CustomersTransferred,
    GroupsTransferred,
    TransferAsked,
    TransferEvent,
    TransferResultDue,
    TransferResults,
)
from bot.scrm.facts import Facts
from bot.scrm.naming import name_of
from bot.scrm.owner import Owner
from bot.scrm.records import AddTask, EndFollow, NoteWelcome, Record, StartFollow
from bot.scrm.records.owners import SaveOwner
from bot.scrm.records.transfers import MoveGroups, NoteTransfers, SettleTransfer
from bot.scrm.transfer import (
    FAIL_REASONS,
    HANDED_OVER,
    PATIENCE_SECONDS,
    REASONS,
    STATES,
    TransferState,
    in_sum,
    why,
    why_failed,
)
from bot.scrm.words import Words
from bot.wecom.events import TransferFailed

router = Router()


@router.on(TransferAsked)
async def asked(event: TransferAsked, facts: Facts) -> Decision:
    """A hundred customers a call; the next hundred when WeCom has taken these."""
    start, end, resigned = event.handover, event.takeover, event.resigned
    named = [event.customers[n : n + AT_ONCE] for n in range(0, len(event.customers), AT_ONCE)]
    actions: list[Action] = [
        TransferCustomers(handover=start, takeover=end, resigned=resigned, customers=some) for some in named or [()]
    ]
    if event.groups:
        actions.append(TransferGroups(handover=start, takeover=end, resigned=resigned))
    return Decision(actions=tuple(actions))


@router.on(CustomersTransferred)
async def begun(event: CustomersTransferred, facts: Facts) -> Decision:
    """Those who are on the way are waited for; why others are not becomes a task."""
    stands = [(who, _WAITING, None) for who in event.started] + [(who, _FAILED, code) for who, code in event.refused]
    note = NoteTransfers(
        handover=event.handover, takeover=event.takeover, resigned=event.resigned, stands=tuple(stands), at=facts.now
    )
    decision = Decision(records=(note,)) + _ask_guide(event, [(who, why(code)) for who, code in event.refused], facts)
    if not event.to_after:
        return decision
    rest = TransferCustomers(
        handover=event.handover, takeover=event.takeover, resigned=event.resigned, after=event.to_after
    )
    return decision + Decision(actions=(rest,))


@router.on(TransferResultDue)
async def result_due(event: TransferResultDue, facts: Facts) -> Decision:
    """Ask how it stands; what WeCom left open for days is given up."""
    read = ReadTransferResults(handover=event.handover, takeover=event.takeover, resigned=event.resigned)
    asked_before = facts.now - PATIENCE_SECONDS
    late = (await facts.transfers.overdue(event.handover, event.takeover, asked_before))[:AT_ONCE]
    if not late:
        return Decision(actions=(read,))
    note = NoteTransfers(
        handover=event.handover,
        takeover=event.takeover,
        resigned=event.resigned,
        stands=tuple((who, "lapsed", None) for who in late),
        at=facts.now,
    )
    decision = Decision(records=(note,), actions=(read,))
    return decision + _ask_guide(event, [(who, REASONS["lapsed"]) for who in late], facts)


@router.on(TransferResults)
async def results(event: TransferResults, facts: Facts) -> Decision:
    """Who was handed over is the other guide's customer now: WeCom's own doing, which no callback has to tell.

    What is settled already was told by a callback, or by an earlier look.
    """
    waiting = [each for each in event.results if await facts.transfers.waiting(event.takeover, each[0])]
    ended = [(who, STATES[status]) for who, status in waiting]
    note = NoteTransfers(
        handover=event.handover,
        takeover=event.takeover,
        resigned=event.resigned,
        stands=tuple((who, state, None) for who, state in ended),
        at=facts.now,
    )
    moved: list[Record] = [note]
    for who, state in ended:
        if state == "done":
            moved += await _move(event, who, facts)
    failed = [(who, REASONS[state]) for who, state in ended if state != "done"]
    return Decision(records=tuple(moved)) + _ask_guide(event, failed, facts)


@router.on(TransferFailed)
async def failed(event: TransferFailed, facts: Facts) -> Decision:
    """WeCom called back first: the member whom it names is told why, and nobody has to wait for the result."""
    state, reason = FAIL_REASONS.get(event.fail_reason), why_failed(event.fail_reason)
    whose = {"userid": event.userid, "external_userid": event.external_userid}
    over = SettleTransfer(**whose, state=state or "refused", at=event.created_at)
    task = AddTask(**whose, kind="transfer", reason=reason, ready_text="", created_at=facts.now)
    person = await facts.people.by_external_userid(event.external_userid)
    values = {"customer": {"name": name_of(person)}, "reason": reason}
    message = SendAppMessage(userid=event.userid, text=Words("guide/transfer_failed.txt", values))
    return Decision(records=(over, task), actions=(message,), because=(reason,))


@router.on(GroupsTransferred)
async def groups_moved(event: GroupsTransferred, facts: Facts) -> Decision:
    """The groups' new owner; those that stay are named, and read back: an earlier try may have moved them."""
    moved = MoveGroups(chat_ids=event.chat_ids, owner=event.takeover)
    read = tuple(SyncGroup(chat_id=chat_id) for chat_id, _ in event.failed)
    return Decision(
        records=(moved,), actions=read, because=tuple(f"群 {id_} 没有转成：{why(code)}" for id_, code in event.failed)
    )


_WAITING: TransferState = "waiting"
_FAILED: TransferState = "failed"


async def _move(event: TransferResults, who: str, facts: Facts) -> Iterable[Record]:
    """The old relation ends, the new one begins, and is not greeted."""
    old, new = await facts.follows.of(event.handover, who), await facts.follows.of(event.takeover, who)
    records: list[Record] = []
    if old and old.status != "ended":
        records.append(
            EndFollow(
                userid=event.handover,
                external_userid=who,
                ended_by="transfer",
                ended_at=event.created_at,
                expected_version=old.version,
            )
        )
    if new is None or new.status == "ended":
        records.append(
            StartFollow(
                userid=event.takeover,
                external_userid=who,
                status="active",
                added_at=event.created_at,
                state=old.state if old else None,
                source="transfer",
                expected_version=new.version if new else None,
            )
        )
        records.append(
            NoteWelcome(
                userid=event.takeover, external_userid=who, state="history", at=event.created_at, reason=HANDED_OVER
            )
        )
    owner = await facts.people.owner(who)
    if owner and owner.userid == event.handover:
        heir = Owner(userid=event.takeover, since_at=event.created_at, because=f"由 {event.handover} 转接")
        records.append(SaveOwner(external_userid=who, owner=heir))
    return records


def _ask_guide(event: TransferEvent, failed: Sequence[tuple[str, str]], facts: Facts) -> Decision:
    """One task a customer, and one message for all of them, to the guide who still has the customer."""
    if not failed:
        return Decision()
    userid = event.takeover if event.resigned else event.handover
    tasks = tuple(
        AddTask(userid=userid, kind="transfer", external_userid=who, reason=reason, ready_text="", created_at=facts.now)
        for who, reason in failed
    )
    summary = in_sum(reason for _, reason in failed)
    message = SendAppMessage(
        userid=userid,
        text=Words("guide/transfer_report.txt", {"reason": summary}),
        not_before_at=facts.content.care.awake_at("导购提醒", facts.now, facts.timezone),
    )
    return Decision(records=tasks, actions=(message,), because=(summary,))

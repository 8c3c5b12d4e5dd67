"""What a person does to what is running: each a change and its line in the audit trail, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.flow import deliver
from bot.scrm.events.planning import ApprovalAsked
from bot.scrm.item import Item
from bot.scrm.records.planning import Approval, SetSwitch
from bot.scrm.switch import Switch
from bot.store import inbox, outbox, planning
from bot.store.audit import Change, Doer, note


def approve(conn: Connection, by: Doer, items: Sequence[Item], role: str = "") -> None:
    """Somebody has seen these items as they are worded now, as a `role` where a rule wants one's word."""
    done = planning.approved(conn)
    new = [item for item in items if (f"{item.digest}@{role}" if role else item.digest) not in done]
    given = (Approval(item=item.id, digest=item.digest, role=role, by=by.who, at=by.at) for item in new)
    planning.approve(conn, *given)
    after = {"role": role} if role else {}
    note(conn, *(Change(by=by, what="审批", target=item.id, after={"digest": item.digest} | after) for item in new))


def ask_approval(conn: Connection, by: Doer, item: Item, approvers: Sequence[str]) -> bool:
    """Have these be told that somebody waits for their word. Returns whether they are: once for a wording."""
    asked = ApprovalAsked(created_at=by.at, userid=by.who, item=item.id, digest=item.digest, approvers=tuple(approvers))
    arrival = inbox.own_arrival(asked, cause=f"approval/{item.digest}")
    if inbox.is_known(conn, arrival.key):
        return False
    inbox.put(conn, [arrival])
    note(conn, Change(by=by, what="请人审批", target=item.id, after={"digest": item.digest}))
    return True


def set_switch(conn: Connection, by: Doer, switch: Switch, *, on: bool, because: str) -> bool:
    """Stop something, or let it go on. Returns whether that changed anything."""
    was_on = switch not in planning.stopped(conn)
    if was_on == on:
        return False
    planning.set_switch(conn, SetSwitch(switch=switch, on=on, by=by.who, because=because, at=by.at))
    before, after = {"on": was_on}, {"on": on}
    what = "恢复" if on else "停掉"
    note(conn, Change(by=by, what=what, target=str(switch), before=before, after=after, because=because))
    return True


def retry(conn: Connection, by: Doer, outbox_id: int) -> bool:
    """Let an action be tried anew. Returns whether there was one."""
    was = outbox.state_of(conn, outbox_id)
    done = outbox.retry(conn, outbox_id, by.at)
    if done:
        _moved(conn, by, "重试", f"动作 {outbox_id}", was, "pending")
    return done


def drop(conn: Connection, by: Doer, outbox_id: int) -> bool:
    """Give an action up; those who decide hear of it. Returns whether there was one."""
    was = outbox.state_of(conn, outbox_id)
    done = deliver.drop(conn, outbox_id, by.at)
    if done:
        _moved(conn, by, "放弃", f"动作 {outbox_id}", was, "dropped")
    return done


def replay(conn: Connection, by: Doer, inbox_id: int, *, again: bool = False) -> bool:
    """Let an event have another turn. Returns whether there was one."""
    was = inbox.state_of(conn, inbox_id)
    done = inbox.replay(conn, inbox_id, again=again)
    if done:
        _moved(conn, by, "重放", f"事件 {inbox_id}", was, "waiting")
    return done


def _moved(conn: Connection, by: Doer, what: str, target: str, was: str | None, now: str) -> None:
    note(conn, Change(by=by, what=what, target=target, before={"state": was}, after={"state": now}))

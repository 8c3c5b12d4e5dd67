"""What a person does to what is running: each a change and its line in the audit trail, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.flow.outcome import given_up, outcome
from bot.scrm.actions import SendAppMessage
from bot.scrm.events.planning import ApprovalAsked
from bot.scrm.item import Item
from bot.scrm.records.planning import Approval, SetSwitch
from bot.scrm.records.sends import DismissTasks
from bot.scrm.switch import Switch
from bot.store import inbox, outbox, planning, sends, standing
from bot.store.audit import Change, Doer, note


def approve(conn: Connection, by: Doer, items: Sequence[Item], role: str = "") -> None:
    """Somebody has seen these items as they are worded now, as a `role` where a rule wants one's word."""
    done = planning.approved(conn)
    new = [item for item in items if (f"{item.digest}@{role}" if role else item.digest) not in done]
    given = (Approval(item=item.id, digest=item.digest, role=role, by=by.who, at=by.at) for item in new)
    planning.approve(conn, *given)
    after = {"role": role} if role else {}
    note(conn, *(Change(by=by, what="审批", target=item.id, after={"digest": item.digest} | after) for item in new))


def ask_approval(conn: Connection, by: Doer, item: Item, whom: Mapping[str, Sequence[str]], awake_at: int) -> bool:
    """Have these (userid → as which roles) be told from `awake_at` on that somebody waits for their word. Returns
    whether anybody is: each once for a wording and what is wanted of them, however often this is asked."""
    told = [_ask(conn, by, item, userid, tuple(roles), awake_at) for userid, roles in whom.items()]
    if any(told):
        note(conn, Change(by=by, what="请人审批", target=item.id, after={"digest": item.digest}))
    return any(told)


def _ask(conn: Connection, by: Doer, item: Item, userid: str, roles: tuple[str, ...], awake_at: int) -> bool:
    asked = ApprovalAsked(
        created_at=by.at, userid=by.who, item=item.id, digest=item.digest, approver=userid, roles=roles
    )
    wanted = ",".join(role for role in roles if role)  # anybody's word is one that they are asked for anyway
    arrival = inbox.own_arrival(asked, cause=f"approval/{item.digest}/{userid}/{wanted}")
    known = inbox.find(conn, arrival.key)
    if known is None:
        inbox.put(conn, [arrival])
    elif known.state == "waiting" or outbox.is_kept(conn, known.id, known.run, SendAppMessage, userid):
        return False
    else:  # it brought no message: the item was worded otherwise when its turn came
        inbox.replay(conn, known.id, again=True)
    inbox.hold(conn, arrival.key, awake_at)
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


def dismiss(conn: Connection, by: Doer, guide: str, because: str, *, entry: str = "", key: str = "") -> int:
    """Take back what a guide has in hand alone: all of it, what is of one calendar/entry, or one send. Returns how many
    tasks."""
    who = standing.names(conn, [by.who]).get(by.who, by.who)
    said = f"{who}退掉了：{because}"
    count = sends.dismiss(conn, DismissTasks(userid=guide, entry=entry, key=key, because=said, at=by.at))
    if count:
        after = {"entry": entry, "tasks": count} | ({"key": key} if key else {})
        note(conn, Change(by=by, what="退掉任务", target=guide, after=after, because=because))
    return count


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
    dropped = outbox.drop(conn, outbox_id, by.at)
    if dropped is None:
        return False
    told = outcome(dropped.action, *given_up(dropped), None, by.at)
    inbox.put(conn, [inbox.own_arrival(event, cause=f"dropped/{outbox_id}") for event in told])
    _moved(conn, by, "放弃", f"动作 {outbox_id}", was, "dropped")
    return True


def replay(conn: Connection, by: Doer, inbox_id: int, *, again: bool = False) -> bool:
    """Let an event have another turn. Returns whether there was one."""
    was = inbox.state_of(conn, inbox_id)
    done = inbox.replay(conn, inbox_id, again=again)
    if done:
        _moved(conn, by, "重放", f"事件 {inbox_id}", was, "waiting")
    return done


def _moved(conn: Connection, by: Doer, what: str, target: str, was: str | None, now: str) -> None:
    note(conn, Change(by=by, what=what, target=target, before={"state": was}, after={"state": now}))

"""Speaking in 微信客服: only while the session is the bot's, which is asked before each message."""

from __future__ import annotations

from msgspec.structs import replace

from bot.flow.perform.post import Events, Performed, Post, Withheld
from bot.scrm.actions import Action
from bot.scrm.actions.kf import MoveKfSession, SendKfMessage
from bot.scrm.events.kf import KfSessionRead
from bot.scrm.kf import BOT_STATES, ENDED, HUMAN, POOL
from bot.store.outbox import Claimed
from bot.wecom import kf_messages
from bot.wecom.errors import WeComError

CODE_USED = 41051
RECEIVES_NOBODY = (95014, 95019)
"""Not a servicer of this account or not activated; has stopped receiving (reference section 6.4)."""

HUMAN_HAS_IT = "人工正在接待，机器人没有插话"
NOT_OURS = "会话在排队或已经结束，没有发出"


async def _send(post: Post, action: SendKfMessage, claimed: Claimed) -> Events:
    body, session = _body(action), await _session(post, action)
    # A code is good whoever has the session: who has it decides all the same.
    if session.service_state not in ((*BOT_STATES, ENDED) if action.code else BOT_STATES):
        raise Withheld(HUMAN_HAS_IT if session.service_state == HUMAN else NOT_OURS, (session,))
    if action.code:
        await _send_by_code(post, action.code, body, claimed)
    else:
        await post.wecom.kf.send_msg(action.open_kfid, action.external_userid, body)
    return ()


async def _send_by_code(post: Post, code: str, body: kf_messages.Body, claimed: Claimed) -> None:
    try:
        await post.wecom.kf.send_msg_on_event(code, body)
    except WeComError as error:
        # After a try of ours whose answer was lost: that try did arrive.
        if not (error.errcode == CODE_USED and claimed.in_doubt):
            raise


async def _session(post: Post, action: SendKfMessage | MoveKfSession) -> KfSessionRead:
    answer = await post.wecom.kf.service_state_get(action.open_kfid, action.external_userid)
    return _read(post, action, int(answer["service_state"]), str(answer.get("servicer_userid") or ""))


def _body(action: SendKfMessage) -> kf_messages.Body:
    if not action.menu:
        return kf_messages.text(action.msgid, str(action.text))
    clicks = [(item.id, item.say) for item in action.menu]
    return kf_messages.menu(action.msgid, str(action.text), clicks, action.tail)


async def _move(post: Post, action: MoveKfSession, claimed: Claimed) -> Events:
    # A human may have taken it meanwhile, or a try of ours whose answer was lost moved it: then it stays there.
    before = await _session(post, action)
    after = before if before.service_state in (POOL, HUMAN) else await _hand_over(post, action, claimed)
    passed_over = action.servicer_userid if after.service_state == POOL else ""
    return (replace(after, passed_over=passed_over),)


async def _hand_over(post: Post, action: MoveKfSession, claimed: Claimed) -> KfSessionRead:
    state, code = await _to_people(post, action)
    if action.say and code:
        await _send_by_code(post, code, kf_messages.text(action.msgid, str(action.say)), claimed)
    return _read(post, action, state, action.servicer_userid if state == HUMAN else "")


async def _to_people(post: Post, action: MoveKfSession) -> tuple[int, str]:
    """Who has the session now, and the code for a word about it."""
    trans, whose = post.wecom.kf.service_state_trans, (action.open_kfid, action.external_userid)
    if action.servicer_userid:
        try:
            return HUMAN, (await trans(*whose, HUMAN, action.servicer_userid)).get("msg_code", "")
        except WeComError as error:
            if error.errcode not in RECEIVES_NOBODY:
                raise
    return POOL, (await trans(*whose, POOL)).get("msg_code", "")


def _read(post: Post, action: SendKfMessage | MoveKfSession, state: int, servicer_userid: str) -> KfSessionRead:
    return KfSessionRead(
        created_at=post.clock.now(),
        open_kfid=action.open_kfid,
        external_userid=action.external_userid,
        service_state=state,
        servicer_userid=servicer_userid,
    )


HOW: dict[type[Action], Performed] = {
    SendKfMessage: _send,
    MoveKfSession: _move,
}

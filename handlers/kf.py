"""微信客服 as a channel: what is pulled is remembered, sessions are kept true, accounts and links are there.

What is said in a session is not decided here; only the greeting of an account that asks no survey.
"""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions.kf import KeepKfAccount, KeepKfLink, PullKfMessages, SyncKfCustomers
from bot.scrm.channel_tags import channel_tags
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.kf import (
    KfAccountKept,
    KfCustomerSynced,
    KfEntered,
    KfLinkKept,
    KfMessageReceived,
    KfPullDue,
    KfRecalled,
    KfRejectSwitched,
    KfSendFailed,
    KfServicerSpoke,
    KfServicerStatusChanged,
    KfSessionChanged,
    KfSessionRead,
    KfSettled,
    KfStrangersCame,
)
from bot.scrm.facts import Facts
from bot.scrm.kf import BOT, CHANGED_TO_ENDED, ENDED, HUMAN, NEW, greet
from bot.scrm.records.kf import (
    ForgetKfText,
    HearKf,
    NoteKfEntered,
    NoteKfFailed,
    NoteKfMessage,
    NoteKfSettled,
    SaveKfAccount,
    SaveKfCustomer,
    SaveKfLink,
    SaveKfState,
)
from bot.wecom.events import KfAccountAuthChanged, KfMessagesWaiting

router = Router()

CUSTOMERS_AT_ONCE = 100
"""Of customer/batchget (official page 95159)."""

FAILURES = {
    0: "微信没有说明原因",
    1: "客服账号已删除",
    2: "应用已关闭",
    4: "客户超过 48 小时没有说话",
    5: "会话已关闭",
    6: "客户没有回应，已经连续发了 5 条",
    7: "客服账号未绑定视频号",
    8: "主体未认证",
    9: "未绑定视频号且主体未认证",
    10: "客户拒收消息",
}
"""fail_type of msg_send_fail (official page 94670)."""

FULL = 6
CLOSED = (1, 2, 4, 5, 10)
"""Until the customer speaks again nothing more arrives."""


@router.on(KfMessagesWaiting)
async def rings(event: KfMessagesWaiting, facts: Facts) -> Decision:
    """The bell says nothing but that something waits."""
    return Decision(actions=(PullKfMessages(open_kfid=event.open_kfid, kf_token=event.kf_token),))


@router.on(KfPullDue)
async def pull_due(event: KfPullDue, facts: Facts) -> Decision:
    """A bell may have been lost."""
    return Decision(actions=(PullKfMessages(open_kfid=event.open_kfid),), because=("一小时没有拉取过，补拉一次",))


@router.on(ContentWentLive, KfAccountAuthChanged)
async def keep_accounts(event: ContentWentLive | KfAccountAuthChanged, facts: Facts) -> Decision:
    """Every account of content/kf.yaml is to be there."""
    accounts = facts.content.kf_accounts.values()
    keep = (KeepKfAccount(account_id=a.id, name=a.name, guides=a.guides, avatar=a.avatar) for a in accounts)
    return Decision(actions=tuple(keep))


@router.on(KfAccountKept)
async def account_kept(event: KfAccountKept, facts: Facts) -> Decision:
    """Its channels need their links; and what came while nobody listened is pulled."""
    kept = SaveKfAccount(account_id=event.account_id, open_kfid=event.open_kfid, name=event.name, at=event.created_at)
    account = facts.content.kf_accounts.get(event.account_id)
    links = tuple(
        KeepKfLink(channel_id=channel_id, open_kfid=event.open_kfid)
        for channel_id in (account.channels if account else ())
        if facts.content.channel(channel_id)
    )
    because = (f"没能加为接待人员：{'、'.join(event.left_out)}",) if event.left_out else ()
    return Decision(records=(kept,), actions=(*links, PullKfMessages(open_kfid=event.open_kfid)), because=because)


@router.on(KfLinkKept)
async def link_kept(event: KfLinkKept, facts: Facts) -> Decision:
    """A link is listed nowhere: it is kept here."""
    return Decision(
        records=(
            SaveKfLink(channel_id=event.channel_id, open_kfid=event.open_kfid, url=event.url, at=event.created_at),
        )
    )


@router.on(KfStrangersCame)
async def strangers(event: KfStrangersCame, facts: Facts) -> Decision:
    """Ask who they are, a hundred at a time."""
    ids = event.external_userids
    firsts = range(0, len(ids), CUSTOMERS_AT_ONCE)
    asks = (SyncKfCustomers(external_userids=ids[first : first + CUSTOMERS_AT_ONCE]) for first in firsts)
    return Decision(actions=tuple(asks))


@router.on(KfCustomerSynced)
async def customer(event: KfCustomerSynced, facts: Facts) -> Decision:
    """Name and picture of a customer, and perhaps whom else they are."""
    saved = SaveKfCustomer(external_userid=event.external_userid, profile=event.profile, at=event.created_at)
    return Decision(records=(saved,))


@router.on(KfEntered)
async def entered(event: KfEntered, facts: Facts) -> Decision:
    """Somebody came in; the scene of their link is the channel."""
    channel = facts.content.channel(event.scene)
    noted = NoteKfEntered(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        at=event.created_at,
        scene=event.scene,
        scene_param=event.scene_param,
        channel_id=channel.id if channel else None,
    )
    decision = Decision(records=(noted,)) + await _greeting(event, facts)
    return decision + await channel_tags(event.external_userid, channel, facts) if channel else decision


async def _greeting(event: KfEntered, facts: Facts) -> Decision:
    """Where a survey is asked, the greeting is said with it."""
    account = facts.content.kf_accounts.get(await facts.kf.account_id(event.open_kfid) or "")
    if account is None or account.survey:
        return Decision()
    return greet(event, f"greeting/{event.msgid}", account.greeting, facts.now)


@router.on(KfMessageReceived)
async def heard(event: KfMessageReceived, facts: Facts) -> Decision:
    """What the customer said, and the window that it opens."""
    said = NoteKfMessage(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        msgid=event.msgid,
        origin="customer",
        msgtype=event.msgtype,
        at=event.created_at,
        text=event.text,
        menu_id=event.menu_id,
        media_id=event.media_id,
        history=event.history,
    )
    if event.menu_id is not None and not facts.settings.kf_click_reopens_window:
        return Decision(records=(said,))
    opens = HearKf(open_kfid=event.open_kfid, external_userid=event.external_userid, at=event.created_at)
    return Decision(records=(said, opens))


@router.on(KfServicerSpoke)
async def servicer_spoke(event: KfServicerSpoke, facts: Facts) -> Decision:
    """A human has the session."""
    said = NoteKfMessage(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        msgid=event.msgid,
        origin="servicer",
        msgtype=event.msgtype,
        at=event.created_at,
        text=event.text,
        history=event.history,
    )
    return Decision(records=(said, _state(event, HUMAN, event.servicer_userid)))


@router.on(KfSessionChanged)
async def session_changed(event: KfSessionChanged, facts: Facts) -> Decision:
    """Taken from the pool, handed on or opened again: a human has it; else it has ended."""
    if event.change_type == CHANGED_TO_ENDED:
        return Decision(records=(_state(event, ENDED),))
    return Decision(records=(_state(event, HUMAN, event.new_servicer_userid),))


@router.on(KfSessionRead)
async def session_read(event: KfSessionRead, facts: Facts) -> Decision:
    """WeCom told who has the session."""
    return Decision(records=(_state(event, event.service_state, event.servicer_userid),))


@router.on(KfSettled)
async def settled(event: KfSettled, facts: Facts) -> Decision:
    """What became of a message of ours; an answer makes a new session the bot's."""
    noted = NoteKfSettled(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        msgid=event.msgid,
        state=event.state,
        reason=event.reason,
        at=event.created_at,
    )
    session = await facts.kf.session(event.open_kfid, event.external_userid)
    answered = event.state == "sent" and session.service_state == NEW and session.customer_at
    return Decision(records=(noted, _state(event, BOT)) if answered else (noted,), because=_why(event.reason))


@router.on(KfSendFailed)
async def send_failed(event: KfSendFailed, facts: Facts) -> Decision:
    """A message of ours was accepted and did not arrive."""
    reason = FAILURES.get(event.fail_type, FAILURES[0])
    noted = NoteKfFailed(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        msgid=event.fail_msgid,
        reason=reason,
        full=event.fail_type == FULL,
    )
    closed = (_state(event, ENDED),) if event.fail_type in CLOSED else ()
    return Decision(records=(noted, *closed), because=(f"没有送到客户：{reason}",))


@router.on(KfRecalled)
async def recalled(event: KfRecalled, facts: Facts) -> Decision:
    """Our copy goes, too."""
    gone = ForgetKfText(open_kfid=event.open_kfid, external_userid=event.external_userid, msgid=event.recall_msgid)
    return Decision(records=(gone,), because=("消息已撤回，存下的内容一并删除",))


@router.on(KfRejectSwitched, KfServicerStatusChanged)
async def noticed(event: KfRejectSwitched | KfServicerStatusChanged, facts: Facts) -> Decision:
    """What concerns the humans alone: WeCom acts on it by itself."""
    return Decision(because=("人工接待的状态变化，机器人不用做什么",))


KfOfCustomer = KfServicerSpoke | KfSessionChanged | KfSessionRead | KfSettled | KfSendFailed


def _state(event: KfOfCustomer, service_state: int, servicer_userid: str = "") -> SaveKfState:
    return SaveKfState(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        service_state=service_state,
        servicer_userid=servicer_userid,
        at=event.created_at,
    )


def _why(reason: str) -> tuple[str, ...]:
    return (reason,) if reason else ()

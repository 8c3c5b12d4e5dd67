"""What can go wrong when WeCom is called, and what it means.

CallError                 a call did not succeed
├── WeComError            WeCom answered, with an errcode (HTTP 200 and `errcode` ≠ 0)
├── AnswerLost            the request may have arrived, the answer did not: the outcome is unknown
└── NotReached            the request surely did not arrive

Source of the codes: developer.work.weixin.qq.com/document/path/90313, reference section 2.3.
No message shows an errmsg, an address or a token: they may hold ids.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["permanent", "temporary", "token", "rate"]

_TOKEN = frozenset({40001, 40014, 42001})
_RATE = frozenset({45009})
_TEMPORARY = frozenset({-1, 41063, 41079, 41096, 45033, 45035})

_MEANINGS = {
    -1: "企业微信系统繁忙",
    40001: "应用 Secret 不正确，请在管理后台核对",
    40003: "成员账号（userid）不存在或无效",
    40007: "素材（media_id）无效或已过期，需要重新上传",
    40013: "企业 ID（corpid）不正确",
    40014: "access_token 无效",
    40029: "授权码（code）无效",
    40035: "参数不合法",
    40056: "应用编号（agentid）不正确",
    40058: "参数不合法或缺失",
    40068: "标签或标签组不存在",
    40070: "要打的标签全部无效",
    40071: "标签名称已存在",
    40096: "客户（external_userid）无效",
    40126: "企业标签数量已达上限",
    41035: "缺少客户（external_userid）",
    41044: "联系我（config_id）无效",
    41045: "联系我数量已达上限",
    41048: "没有可以送达的客户",
    41049: "缺少欢迎语凭证（welcome_code）",
    41050: "欢迎语凭证无效，或已超过 20 秒",
    41051: "已经开始聊天，或欢迎语已经发过（也可能由其他应用先发）",
    41053: "客户尚未同意会话存档",
    41054: "成员尚未激活或未实名",
    41063: "任务还在派发中，请稍后再查",
    41079: "朋友圈任务还在派发中",
    41096: "其他应用正在发送这条欢迎语",
    42001: "access_token 已过期",
    45002: "消息内容过长",
    45009: "接口调用超过频率限制",
    45033: "接口并发调用超过限制",
    45035: "同一对象正被另一个请求修改",
    48002: "应用没有此接口的权限，请把应用加入「可调用接口的应用」",
    48007: "这个客服账号没有交给应用管理，请在「通过API管理微信客服账号」里勾选",
    48006: "应用闲置过久，接口权限已被收回",
    60011: "没有查看或修改该成员、部门或标签的权限",
    60020: "调用者 IP 不在「企业可信IP」中，请在管理后台添加",
    60021: "成员不在应用的可见范围内",
    60111: "成员账号（userid）不存在",
    60140: "卡片的 response_code 无效或已过期",
    81013: "接收人全部无效，或不在应用的可见范围内",
    82001: "没有指定接收人",
    60251: "缺少客服账号（open_kfid）",
    60252: "客服账号（open_kfid）无效",
    60253: "不是这个客服账号的接待人员",
    84061: "成员与客户之间没有好友关系",
    84074: "成员没有外部联系人权限",
    84084: "成员不是该客户的跟进人",
    95000: "客服账号（open_kfid）无效",
    95001: "客户没有回应，已经连续发了 5 条",
    95002: "客户 48 小时内没有说话，不能再发",
    95003: "企业未认证，能接待的客户数已满",
    95004: "客服账号不存在",
    95005: "客服账号数量已达上限",
    95006: "客服账号名称不符合要求（不超过 16 个字）",
    95007: "拉取消息的凭证（token）无效或已过期",
    95008: "菜单超过 10 项",
    95009: "菜单项的类型不支持",
    95011: "微信客服在企业微信后台的模式下使用，接口不可用",
    95012: "微信客服在独立后台使用，请换用它的 Secret",
    95013: "会话已经结束",
    95014: "不是接待人员，或成员尚未激活",
    95015: "管理员已配置专属服务",
    95016: "会话不能这样转接",
    95017: "微信客服的接口开关没有打开",
    95018: "会话的状态不允许发送：人工接待中、在排队或已经结束",
    95019: "接待人员已停止接待",
    95023: "微信客服的接口已交给另一个应用",
    95026: "客服账号使用太少，功能受限",
    95027: "企业未认证，最多 10 个客服账号",
    95030: "这种消息被组件禁止发送",
    95031: "客户 48 小时内没有咨询过",
}


class CallError(Exception):
    """A call to WeCom did not succeed. api: the path after `/cgi-bin/`, such as `message/send`."""

    def __init__(self, api: str, *args: object) -> None:
        super().__init__(api, *args)
        self.api = api


class WeComError(CallError):
    """WeCom refused. errmsg is kept for callers that need what it names, and is never shown.

    retry_at: epoch seconds when a call may be tried again, where that is known (kind `rate`).
    """

    def __init__(self, api: str, errcode: int, errmsg: str = "", retry_at: int | None = None) -> None:
        super().__init__(api, errcode)
        self.errcode = errcode
        self.errmsg = errmsg
        self.retry_at = retry_at

    @property
    def kind(self) -> Kind:
        """permanent: asking again gives the same answer; temporary: later it may not; token: after a new token;
        rate: after a wait. A wrong secret at `gettoken` is permanent: repeating it gets the address blocked.
        """
        if self.errcode in _TOKEN and self.api != "gettoken":
            return "token"
        if self.errcode in _RATE:
            return "rate"
        return "temporary" if self.errcode in _TEMPORARY else "permanent"

    def __str__(self) -> str:
        return f"{self.api} {self.errcode} {meaning(self.errcode)}"


class AnswerLost(CallError):  # noqa: N818 - it says what happened
    """A time-out, a reset, a 5xx or an unreadable answer after the request was sent."""

    def __str__(self) -> str:
        return f"{self.api} 已发出，但没有得到完整的回答"


class NotReached(CallError):  # noqa: N818
    """The connection was refused or the name not found."""

    def __str__(self) -> str:
        return f"{self.api} 无法连接企业微信"


def meaning(errcode: int) -> str:
    """What an errcode means, for staff."""
    return _MEANINGS.get(errcode, "企业微信拒绝了请求")

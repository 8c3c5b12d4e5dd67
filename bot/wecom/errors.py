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
    48006: "应用闲置过久，接口权限已被收回",
    60011: "没有查看或修改该成员、部门或标签的权限",
    60020: "调用者 IP 不在「企业可信IP」中，请在管理后台添加",
    60021: "成员不在应用的可见范围内",
    60111: "成员账号（userid）不存在",
    60140: "卡片的 response_code 无效或已过期",
    81013: "接收人全部无效，或不在应用的可见范围内",
    82001: "没有指定接收人",
    84061: "成员与客户之间没有好友关系",
    84074: "成员没有外部联系人权限",
    84084: "成员不是该客户的跟进人",
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

"""`doctor`: is this deployment set up right, and if not, which console page to open."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, Json, read_config, run, say, say_json

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from bot.config import AppConfig, Config

CONSOLE = "https://work.weixin.qq.com/wework_admin/frame#/apps"
SKEW_SECONDS = 5
"""A clock further off than this eats into the 20 s of a welcome."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend`: what to do when it is not well."""

    subject: str
    ok: bool
    says: str
    mend: str = ""


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def doctor(config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
        """体检：回调地址、密钥、可信 IP、权限、时钟，逐项说明该去后台哪里改。"""
        findings = run(examine(read_config(config)))
        if as_json:
            say_json([asdict(f) for f in findings])
        else:
            _show(findings)
        if not all(f.ok for f in findings):
            raise typer.Exit(1)


async def examine(config: Config) -> list[Finding]:
    """Every finding about a deployment, app by app."""
    import aiohttp

    findings: list[Finding] = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        findings.append(await _clock(config, http))
        for app in config.apps:
            findings += await _api(config, app)
            findings.append(await _callback(config, app, http))
    return findings


async def _api(config: Config, app: AppConfig) -> list[Finding]:
    """Token, trusted IP and the right to customer contact, by one harmless call each."""
    from bot.app.client import open_client
    from bot.clock import SystemClock
    from bot.wecom.errors import AnswerLost, NotReached, WeComError, meaning

    async with AsyncExitStack() as stack:
        client = await open_client(config, app, SystemClock(), stack)
        calls = (
            ("access_token", client.token.get),
            ("可信 IP", client.network.get_api_domain_ip),
            ("客户联系权限", client.external_contact.get_follow_user_list),
        )
        findings: list[Finding] = []
        for subject, call in calls:
            if findings and not findings[-1].ok:
                break  # each needs the one before: the same trouble again is no news
            try:
                await call()
            except WeComError as error:
                findings.append(Finding(f"{app.name} {subject}", False, meaning(error.errcode), mend(error.errcode)))
            except (AnswerLost, NotReached):
                said = f"连不上 {config.corp.api_base_url}"
                findings.append(Finding(f"{app.name} {subject}", False, said, "检查网络、代理和 corp.api_base_url"))
            else:
                findings.append(Finding(f"{app.name} {subject}", True, "正常"))
        return findings


MENDS = {
    40001: f"核对应用详情页的 Secret 与 corp.id：{CONSOLE}",
    40013: "核对 corp.id：管理后台 → 我的企业 → 企业信息",
    60020: f"应用详情页 → 企业可信IP，加上本机出口 IP：{CONSOLE}",
    48002: "客户联系 → 客户 → API → 可调用接口的应用，勾选本应用",
    48006: f"应用长期闲置被停用，在应用详情页重新启用：{CONSOLE}",
    50002: f"把导购加入应用可见范围：{CONSOLE}",
}


def mend(errcode: int) -> str:
    """What to do about an error code, and where."""
    return MENDS.get(errcode, f"在错误码页查 {errcode}：https://developer.work.weixin.qq.com/document/path/90313")


async def _callback(config: Config, app: AppConfig, http: ClientSession) -> Finding:
    """Ask our own public address for an echo, as WeCom does when the address is saved."""
    import base64

    import aiohttp
    from wechatpy.work.crypto import PrpCrypto

    from bot.clock import SystemClock
    from bot.wecom.callback import signature

    url = f"{config.public_url}/callback/{app.name}"
    said, now, nonce = token_hex(8), str(SystemClock().now()), token_hex(5)
    key = base64.b64decode(app.encoding_aes_key.get_secret_value() + "=")
    echostr = PrpCrypto(key).encrypt(said, config.corp.id)
    echostr = echostr.decode() if isinstance(echostr, bytes) else echostr
    signed = signature(app.callback_token.get_secret_value(), now, nonce, echostr)
    query = {"msg_signature": signed, "timestamp": now, "nonce": nonce, "echostr": echostr}
    advice = f"确认服务已启动、{config.public_url} 能从外网打开、反向代理没有改动请求"
    try:
        async with http.get(url, params=query) as answer:
            echoed = await answer.text()
            ok = answer.status == 200 and echoed == said
            return Finding(f"{app.name} 回调地址", ok, f"{url} 答 {answer.status}", "" if ok else advice)
    except (aiohttp.ClientError, TimeoutError):
        return Finding(f"{app.name} 回调地址", False, f"{url} 打不开", advice)


async def _clock(config: Config, http: ClientSession) -> Finding:
    """WeCom's clock by its Date header: ours decides when a welcome is too late."""
    import aiohttp

    from bot.clock import SystemClock

    try:
        async with http.get(config.corp.api_base_url) as answer:
            date = answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError):
        return Finding("时钟", False, f"连不上 {config.corp.api_base_url}", "检查网络")
    if not date:
        return Finding("时钟", True, "对方没有报时，无法比较")
    skew = SystemClock().now() - int(parsedate_to_datetime(date).timestamp())
    ok = abs(skew) <= SKEW_SECONDS
    return Finding(
        "时钟", ok, f"与企业微信相差 {skew} 秒", "" if ok else "开启服务器对时（NTP），否则欢迎语可能误判超时"
    )


def _show(findings: list[Finding]) -> None:
    for f in findings:
        say(f"{'✓' if f.ok else '✗'} {f.subject}：{f.says}")
        if f.mend:
            say(f"    → {f.mend}")

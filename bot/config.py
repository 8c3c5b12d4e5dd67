"""One deployment, as written in config.yaml, with its secrets from the environment (`bot/yamlfile/environment.py`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from bot.scrm.role import Role, Staff
from bot.yamlfile import Row, read, validate
from bot.yamlfile.environment import filled


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("不是时区名，例如 Asia/Shanghai")
    return name


def _base_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/[^\s?#]*)?", url):
        raise ValueError("应该是网址，以 https:// 开头（本机调试可用 http://），不带 ? 和 #")
    return url.rstrip("/")


def _aes_key(key: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", key.get_secret_value()):
        raise ValueError("EncodingAESKey 应该是后台给的 43 位字母和数字")
    return key


def _callback_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9]{1,32}", token.get_secret_value()):
        raise ValueError("回调 Token 应该是后台给的，不超过 32 位字母和数字")
    return token


def _database_url(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("sqlite:///", "postgresql://")):
        raise ValueError("要以 sqlite:/// 或 postgresql:// 开头")
    return url


def _signing_key(key: SecretStr) -> SecretStr:
    if 0 < len(key.get_secret_value()) < 32:
        raise ValueError("至少 32 个字符，例如 openssl rand -base64 32 的结果；不写就由 EncodingAESKey 推出")
    return key


def _orders_key(key: SecretStr) -> SecretStr:
    if 0 < len(key.get_secret_value()) < 32:
        raise ValueError("至少 32 个字符，例如 openssl rand -base64 32 的结果；不写就不开放订单接口")
    return key


def _agentid(value: object) -> object:
    return str(value) if isinstance(value, int) else value


def _apps(apps: tuple[AppConfig, ...]) -> tuple[AppConfig, ...]:
    if not apps:
        raise ValueError("至少要写一个应用")
    if len({app.name for app in apps}) < len(apps):
        raise ValueError("有两个应用的 name 相同，回调地址 /callback/<name> 会分不清")
    return apps


BaseUrl = Annotated[str, AfterValidator(_base_url)]
Seconds = Annotated[int, Field(ge=1, le=3600)]


class CorpConfig(Row):
    """The corp (企业). `timezone` sets where its days and weeks begin."""

    id: str = Field(min_length=1, max_length=64)
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Shanghai"
    api_base_url: BaseUrl = "https://qyapi.weixin.qq.com"


class AppConfig(Row):
    """One self-built app (自建应用). `name` is its place in the callback address: /callback/<name>.

    Token and EncodingAESKey as on developer.work.weixin.qq.com/document/path/90930.
    """

    name: str = Field(pattern="^[a-z][a-z0-9-]{0,29}$")
    agentid: Annotated[str, BeforeValidator(_agentid), Field(pattern="^[0-9]{1,18}$")]
    secret: SecretStr = Field(min_length=1)
    callback_token: Annotated[SecretStr, AfterValidator(_callback_token)]
    encoding_aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]


class ServerConfig(Row):
    """Where we listen."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8600, ge=0, le=65535)


class DatabaseConfig(Row):
    """Where everything is kept. A password may be part of the URL, so it is a secret."""

    url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr("sqlite:///data/zhiyu.sqlite3")


class CallbackConfig(Row):
    """Receiving. A callback whose timestamp is further than `window_seconds` from now is refused."""

    window_seconds: Seconds = 300


class OutboundConfig(Row):
    """Calling WeCom. The limits are those of developer.work.weixin.qq.com/document/path/90312."""

    timeout_seconds: Seconds = 10
    welcome_timeout_seconds: Seconds = 3
    concurrency: int = Field(default=32, ge=1, le=1000)
    welcome_concurrency: int = Field(default=64, ge=1, le=1000)
    per_api_minute: int = Field(default=10_000, ge=1)
    per_api_hour: int = Field(default=150_000, ge=1)
    per_ip_minute: int = Field(default=20_000, ge=1)
    per_ip_hour: int = Field(default=600_000, ge=1)
    welcome_reserve_minute: int = Field(default=2_000, ge=0)

    @model_validator(mode="after")
    def _reserve_fits(self) -> OutboundConfig:
        if self.welcome_reserve_minute >= self.per_ip_minute:
            raise ValueError("welcome_reserve_minute 要小于 per_ip_minute")
        return self


def _inbox_days(days: int) -> int:
    if days < 4:
        raise ValueError("至少 4 天：微信客服的消息三天内会重新拉到，事件还在才认得出是同一条")
    return days


def _planned_days(days: int) -> int:
    if days < 400:
        raise ValueError("至少 400 天：内容要隔多久再发、去年同一个节日做了什么，都要查得到")
    return days


class RetentionConfig(Row):
    """For how many days finished rows stay, so that a replayed callback is still known and a report still counts; and
    what people said: no longer than it is of use to them.

    kf_text_days: words of 微信客服. answers_days: survey answers and profile fields, after the last relation ended.
    order_ids_days: whose an order is, while nobody is known by it. planned_days: slots, decisions, touches and counts.
    """

    inbox_days: Annotated[int, AfterValidator(_inbox_days)] = 30
    outbox_days: int = Field(default=90, ge=1)
    kf_text_days: int = Field(default=180, ge=1)
    answers_days: int = Field(default=180, ge=1)
    order_ids_days: int = Field(default=180, ge=1)
    planned_days: Annotated[int, AfterValidator(_planned_days)] = 400


class UnconfirmedConfig(Row):
    """What WeCom's pages leave open, as this deployment takes it to be (reference section 12)."""

    kf_click_reopens_window: bool = True


class PoolConfig(Row):
    """How large a pool one guide can look after person by person; 0: as measured."""

    guide_capacity: int = Field(default=0, ge=0)


def _people(people: tuple[StaffConfig, ...]) -> tuple[StaffConfig, ...]:
    if len({each.userid for each in people}) < len(people):
        raise ValueError("同一个 userid 写了两次，分不清是什么身份")
    return people


class StaffConfig(Row):
    """Somebody who may come into the console, and as what."""

    userid: str = Field(min_length=1, max_length=64)
    role: Role
    approves_as: tuple[str, ...] = ()


class LoginConfig(Row):
    """Who may come into the console, and where WeCom asks who they are (path/91022 and 98152)."""

    people: Annotated[tuple[StaffConfig, ...], AfterValidator(_people)] = ()
    qr_url: BaseUrl = "https://login.work.weixin.qq.com/wwlogin/sso/login"
    in_app_url: BaseUrl = "https://open.weixin.qq.com/connect/oauth2/authorize"


class LlmConfig(Row):
    """A language model that proposes words: any endpoint that speaks OpenAI's chat completions."""

    base_url: BaseUrl
    model: str
    api_key: SecretStr = SecretStr("")


class Config(Row):
    """A whole deployment."""

    corp: CorpConfig
    apps: Annotated[tuple[AppConfig, ...], AfterValidator(_apps)]
    public_url: BaseUrl
    signing_key: Annotated[SecretStr, AfterValidator(_signing_key)] = SecretStr("")
    people_secret: Annotated[SecretStr, AfterValidator(_signing_key), Field(alias="people_key")] = SecretStr("")
    orders_key: Annotated[SecretStr, AfterValidator(_orders_key)] = SecretStr("")
    login: LoginConfig = LoginConfig()
    server: ServerConfig = ServerConfig()
    database: DatabaseConfig = DatabaseConfig()
    callback: CallbackConfig = CallbackConfig()
    outbound: OutboundConfig = OutboundConfig()
    retention: RetentionConfig = RetentionConfig()
    pool: PoolConfig = PoolConfig()
    unconfirmed: UnconfirmedConfig = UnconfirmedConfig()
    llm: LlmConfig | None = None

    @property
    def main_app(self) -> AppConfig:
        """The app that speaks: it calls the APIs and sends app messages. The first one listed."""
        return self.apps[0]

    @property
    def staff(self) -> dict[str, Staff]:
        """userid → who may come into the console."""
        return {each.userid: Staff(each.userid, each.role, each.approves_as) for each in self.login.people}

    @property
    def link_key(self) -> bytes:
        """What signs the links to our pages; made from the main app's EncodingAESKey when no `signing_key` is set."""
        secret = self.signing_key.get_secret_value() or self.main_app.encoding_aes_key.get_secret_value()
        return HKDF(SHA256(), length=32, salt=None, info=b"zhiyu/links").derive(secret.encode())

    @property
    def people_key(self) -> bytes:
        """Hashes phones, and the ids of those who asked to be forgotten. Made of the file's `people_key`, else of the
        secret that `link_key` is made of; a database knows it again and takes no other."""
        own, signing, last = self.people_secret, self.signing_key, self.main_app.encoding_aes_key
        secret = own.get_secret_value() or signing.get_secret_value() or last.get_secret_value()
        return HKDF(SHA256(), length=32, salt=None, info=b"zhiyu/people").derive(secret.encode())

    @property
    def data_folder(self) -> Path:
        """Where exports, backups and receipts lie: beside the SQLite file, else in data/."""
        kind, _, file = self.database.url.get_secret_value().partition(":///")
        return Path(file).parent if kind == "sqlite" else Path("data")


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """Read config.yaml. Raises Problems with everything that is wrong or missing."""
    return validate(filled(read(path, path.name), environ), Config)

"""config.yaml as shipped works; what is wrong in it is said with file, line and key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.config import Config, load_config
from bot.yamlfile import Problems

ROOT = Path(__file__).parent.parent
ENVIRON = {
    "ZHIYU_CORP_ID": "wwcorp",
    "ZHIYU_AGENTID": "1000002",
    "ZHIYU_SECRET": "app-secret-value",
    "ZHIYU_CALLBACK_TOKEN": "CallbackTokenValue",
    "ZHIYU_ENCODING_AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}
SECRETS = [ENVIRON[name] for name in ENVIRON if name not in ("ZHIYU_CORP_ID", "ZHIYU_AGENTID")]


def shipped(environ: dict[str, str]) -> Config:
    return load_config(ROOT / "config.yaml", environ)


def example_environ() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def edited(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped file with one passage changed."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "config.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def problems(path: Path, environ: dict[str, str]) -> list[str]:
    with pytest.raises(Problems) as caught:
        load_config(path, environ)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_file_works_with_the_example_environment() -> None:
    """Copying .env.example is all that the sandbox needs."""
    config = shipped(example_environ())
    assert (config.server.port, config.corp.timezone, config.corp.api_base_url) == (
        8600,
        "Asia/Shanghai",
        "http://127.0.0.1:8601",
    )
    assert config.database.url.get_secret_value() == "sqlite:///data/zhiyu.sqlite3"


def test_what_the_shipped_file_says_is_what_happens_without_it(tmp_path: Path) -> None:
    """The file promises that left-out keys take the defaults it shows."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    bare = tmp_path / "config.yaml"
    bare.write_text(text[: text.index("server:")], encoding="utf-8")
    assert load_config(bare, ENVIRON) == shipped(ENVIRON)


def test_every_key_of_the_model_is_in_the_shipped_file() -> None:
    """Whoever edits it sees everything there is."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    for section in Config.model_fields.values():
        for name in getattr(section.annotation, "model_fields", {}):
            assert re.search(rf"^ +{name}:", text, re.MULTILINE), name


def test_the_first_app_speaks() -> None:
    """It calls the APIs and sends app messages."""
    assert shipped(ENVIRON).main_app.name == "main"


def test_secrets_are_never_shown() -> None:
    """Neither printed, nor logged by repr, nor dumped."""
    config = shipped(ENVIRON)
    for shown in (repr(config), str(config), str(config.model_dump())):
        assert not [secret for secret in SECRETS if secret in shown]


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    """As containers hand them out; surrounding blanks are no part of it."""
    file = tmp_path / "secret"
    file.write_text("from-a-file\n")
    environ = {**ENVIRON, "ZHIYU_SECRET": "", "ZHIYU_SECRET_FILE": str(file)}
    assert shipped(environ).main_app.secret.get_secret_value() == "from-a-file"


def test_every_missing_secret_is_named_at_once() -> None:
    """With the variable to set and the line that asks for it."""
    said = problems(ROOT / "config.yaml", {})
    assert len(said) == len(ENVIRON)
    assert (
        said[0] == "config.yaml:8: corp.id: 没有环境变量 ZHIYU_CORP_ID，也没有 ZHIYU_CORP_ID_FILE。请写进 .env 或环境"
    )


def test_a_secret_file_that_cannot_be_read_is_named() -> None:
    """The path stays out of the message."""
    environ = {**ENVIRON, "ZHIYU_SECRET": "", "ZHIYU_SECRET_FILE": "/nowhere/at-all"}
    assert problems(ROOT / "config.yaml", environ) == [
        "config.yaml:22: secret: 读不了环境变量 ZHIYU_SECRET_FILE 指的文件"
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ZHIYU_ENCODING_AES_KEY", "short", "encoding_aes_key: EncodingAESKey 应该是后台给的 43 位"),
        ("ZHIYU_CALLBACK_TOKEN", "has space", "callback_token: 回调 Token 应该是"),
        ("ZHIYU_AGENTID", "abc", "agentid: 写法不对"),
        ("ZHIYU_DATABASE_URL", "mysql://x", "database.url: 要以 sqlite:/// 或 postgresql:// 开头"),
        ("ZHIYU_PUBLIC_URL", "example.com", "public_url: 应该是网址"),
        ("ZHIYU_PORT", "many", "server.port: 应该是整数"),
        ("ZHIYU_PORT", "70000", "server.port: 不能大于 65535"),
    ],
)
def test_wrong_values_are_said_and_not_shown(name: str, value: str, said: str) -> None:
    """A secret that is wrong may be nearly right, so no message repeats it."""
    [problem] = problems(ROOT / "config.yaml", {**ENVIRON, name: value})
    assert said in problem
    assert value not in problem


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("timezone: Asia/Shanghai", "timezone: Asia/Shangai", "corp.timezone: 不是时区名"),
        ("window_seconds: 300", "windows_seconds: 300", "callback.windows_seconds: 不认识，是不是 window_seconds？"),
        (
            "welcome_reserve_minute: 2000",
            "welcome_reserve_minute: 20000",
            "welcome_reserve_minute 要小于 per_ip_minute",
        ),
        ("- name: main", "- name: Main", "name: 写法不对"),
        ("inbox_days: 30", "inbox_days: 3", "retention.inbox_days: 至少 4 天"),
    ],
)
def test_wrong_keys_and_values_are_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Names that do not exist get the nearest that do."""
    [problem] = problems(edited(tmp_path, old, new), ENVIRON)
    assert said in problem


def test_links_are_signed_by_a_key_of_their_own_or_a_derived_one() -> None:
    """Another secret signs other links; the secret itself stands nowhere in the key; a short one is refused."""
    derived = shipped(ENVIRON)
    given = shipped({**ENVIRON, "ZHIYU_SIGNING_KEY": "s" * 32})
    other = shipped({**ENVIRON, "ZHIYU_ENCODING_AES_KEY": ENVIRON["ZHIYU_ENCODING_AES_KEY"][::-1].replace("C", "A", 1)})
    assert len({derived.link_key, given.link_key, other.link_key}) == 3
    assert derived.link_key == shipped(ENVIRON).link_key and len(derived.link_key) == 32
    assert ENVIRON["ZHIYU_ENCODING_AES_KEY"].encode()[:8] not in derived.link_key
    [said] = problems(ROOT / "config.yaml", {**ENVIRON, "ZHIYU_SIGNING_KEY": "short-secret"})
    assert "signing_key: 至少 32 个字符" in said and "short-secret" not in said


def test_two_apps_of_one_name_are_refused(tmp_path: Path) -> None:
    """Their callback addresses would be the same."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    app = text[text.index("  - name: main") : text.index("# 外面访问")]
    [problem] = problems(edited(tmp_path, app, app + app), ENVIRON)
    assert "有两个应用的 name 相同" in problem

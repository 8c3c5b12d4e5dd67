"""Commands as people type them, beside a running bot."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from typer import Typer
from typer.testing import CliRunner

from demo.stage import config_text
from main import cli
from tests.house import House


def environ(home: House) -> dict[str, str]:
    """What .env would say of this deployment."""
    app = home.config.main_app
    return {
        **os.environ,
        "ZHIYU_CORP_ID": home.config.corp.id,
        "ZHIYU_AGENTID": app.agentid,
        "ZHIYU_SECRET": app.secret.get_secret_value(),
        "ZHIYU_CALLBACK_TOKEN": app.callback_token.get_secret_value(),
        "ZHIYU_ENCODING_AES_KEY": app.encoding_aes_key.get_secret_value(),
        "ZHIYU_API_BASE_URL": home.config.corp.api_base_url,
        "ZHIYU_PUBLIC_URL": home.app.url,
        "ZHIYU_DATABASE_URL": home.config.database.url.get_secret_value(),
    }


async def command(home: House, *arguments: str, app: Typer = cli) -> tuple[int, str, str]:
    """Exit code, standard output and standard error; in a thread of its own, as a process of its own takes longer."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "config.yaml")
        here = home.config.model_copy(update={"public_url": home.app.url})
        file.write_text(config_text(here), encoding="utf-8")
        run = partial(CliRunner().invoke, app, [*arguments, "--config", str(file)])
        result = await asyncio.to_thread(run)
    return result.exit_code, result.stdout, result.stderr

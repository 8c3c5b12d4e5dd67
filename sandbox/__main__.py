"""`python -m sandbox --port 8601 --app … --member …`: the sandbox as a server of its own."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys

from sandbox.sandbox import Sandbox


def main() -> None:
    """Run until interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))


async def _serve(args: argparse.Namespace) -> None:
    sandbox = Sandbox(
        seed=args.seed,
        corpid=args.corpid,
        retry_seconds=args.retry_seconds,
        callbacks_in_flight=args.callbacks_in_flight,
    )
    for app in args.app:
        _add_app(sandbox, app)
    for member in args.member:
        userid, _, name = member.partition(":")
        sandbox.add_member(userid, name or userid)
    url = await sandbox.start(args.host, args.port)
    sys.stdout.write(f"沙箱已就绪 {url}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    await sandbox.stop()


def _add_app(sandbox: Sandbox, described: str) -> None:
    """name:agentid:secret:token:aeskey:callback_url (the URL may hold colons)."""
    name, agentid, secret, token, key, url = described.split(":", 5)
    sandbox.add_app(name, int(agentid), secret, url, token, key)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="在本机运行一个模拟的企业微信")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认 127.0.0.1）")
    parser.add_argument("--port", type=int, default=8601, help="监听端口（默认 8601，0 为任意空闲端口）")
    parser.add_argument("--corpid", default="ww_sandbox", help="企业 ID")
    parser.add_argument("--seed", default="0", help="随机种子：相同的种子和调用得到相同的编号")
    parser.add_argument("--retry-seconds", type=float, default=1.0, help="回调未答复时，隔多少秒重发")
    parser.add_argument("--callbacks-in-flight", type=int, default=32, help="同时发出的回调最多多少个（默认 32）")
    parser.add_argument("--app", action="append", default=[], metavar="名:agentid:secret:token:aeskey:回调URL")
    parser.add_argument("--member", action="append", default=[], metavar="userid:姓名")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""`/sandbox/…`: the same actions as the handle's methods, for pages, tests and benchmarks in another process.

`POST /sandbox/{action}` takes the method's arguments as a JSON object and answers {"ok": true, "result": …}, or
HTTP 400 with {"ok": false, "error": "…"}. `GET /sandbox/log?since=N` and `GET /sandbox/state` read.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from sandbox.handle import Scene
from sandbox.snapshot import snapshot
from sandbox.world.wire import NotFoundError

Action = Callable[..., Awaitable[Any]]
_PEOPLE = (
    *("customer_adds", "customer_deletes", "customer_reads", "customer_writes"),
    *("member_accepts", "member_clicks", "member_deletes", "member_edits", "member_enters_app"),
    *("member_reads", "member_writes", "member_writes_app"),
    *("admin_edits_tags", "transfer_fails", "verifies_callback", "callbacks_settled"),
    "existing_pool",
)
# Handles of nouns: their methods are actions too, as `groups.creates`.
_NOUNS = ("groups", "links", "staff", "kf", "mass", "moments")


def add_control(app: web.Application, sandbox: Scene) -> None:
    """Hang the control API on the server."""
    control = Control(sandbox)
    app.router.add_post("/sandbox/{action}", control.act)
    app.router.add_get("/sandbox/log", control.read_log)
    app.router.add_get("/sandbox/state", control.read_state)
    app.router.add_get("/sandbox/faults", control.read_faults)


class Control:
    """The handle's methods under their own names, and a few settings."""

    def __init__(self, sandbox: Scene) -> None:
        self._sandbox = sandbox
        self._actions: dict[str, Action] = {name: getattr(sandbox, name) for name in _PEOPLE} | {
            "add_app": self._add_app,
            "add_member": self._add_member,
            "add_fault": self._add_fault,
            "remove_fault": self._remove_fault,
            "clear_faults": self._clear_faults,
            "revoke_tokens": self._revoke_tokens,
            "set_limits": self._set_limits,
            "burst": self._burst,
            "silently": self._silently,
        }
        for noun in _NOUNS:
            handle = getattr(sandbox, noun)
            verbs = (verb for verb in vars(type(handle)) if not verb.startswith("_"))
            self._actions |= {f"{noun}.{verb}": getattr(handle, verb) for verb in verbs}

    async def act(self, request: web.Request) -> web.Response:
        """One action. Only application/json: a foreign page cannot send that without asking first."""
        action = self._actions.get(request.match_info["action"])
        if action is None:
            return _answer({"ok": False, "error": "没有这个动作"}, 404)
        if request.content_type != "application/json":
            return _answer({"ok": False, "error": "请用 application/json"}, 415)
        try:
            arguments = json.loads(await request.read() or b"{}")
            inspect.signature(action).bind(**arguments)
            return _answer({"ok": True, "result": await action(**arguments)})
        except NotFoundError as error:
            return _answer({"ok": False, "error": str(error)}, 400)
        except (TypeError, ValueError) as error:
            return _answer({"ok": False, "error": f"参数不对：{error}"}, 400)

    async def read_log(self, request: web.Request) -> web.Response:
        """`since` = the last seq already seen; `next` of the answer is the one to ask with."""
        since = request.query.get("since", "0")
        entries = self._sandbox.log.since(int(since) if since.isdigit() else 0)
        return _answer({"entries": entries, "next": len(self._sandbox.log)})

    async def read_state(self, request: web.Request) -> web.Response:
        return _answer(snapshot(self._sandbox))

    async def read_faults(self, request: web.Request) -> web.Response:
        return _answer({str(number): asdict(fault) for number, fault in self._sandbox.faults.in_force().items()})

    async def _add_app(self, **app: Any) -> int:
        return self._sandbox.add_app(**app).agentid

    async def _add_member(self, **member: Any) -> str:
        return self._sandbox.add_member(**member).userid

    async def _add_fault(self, **fault: Any) -> int:
        return self._sandbox.faults.add(**fault)

    async def _remove_fault(self, fault_id: int) -> None:
        self._sandbox.faults.remove(fault_id)

    async def _clear_faults(self) -> None:
        self._sandbox.faults.clear()

    async def _revoke_tokens(self, agentid: int | None = None, errcode: int = 40014) -> None:
        self._sandbox.world.apps.revoke(agentid, errcode)

    async def _set_limits(
        self, per_minute: int | None = None, per_hour: int | None = None, concurrency: int | None = None
    ) -> None:
        self._sandbox.world.limits.set(per_minute, per_hour)
        self._sandbox.world.traffic.ceiling = concurrency

    async def _silently(self, action: str, arguments: dict[str, Any]) -> Any:
        """Another action, its callbacks lost."""
        if action not in self._actions:
            raise NotFoundError("没有这个动作")
        with self._sandbox.silently():
            return await self._actions[action](**arguments)

    async def _burst(self, count: int, state: str | None = None, userid: str | None = None) -> list[str]:
        """`count` customers add at once."""
        return [await self._sandbox.customer_adds(state=state, userid=userid) for _ in range(min(count, 100_000))]


def _answer(value: object, status: int = 200) -> web.Response:
    return web.json_response(value, status=status, dumps=lambda v: json.dumps(v, ensure_ascii=False))

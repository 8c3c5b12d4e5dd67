"""What people see in a browser: pages made here, whole, without scripts but for one, and never kept or framed.

Every answer carries the headers that keep a page to itself; whatever goes wrong, people get a page in their words.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from urllib.parse import parse_qs

import structlog
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.clock import Clock
from bot.scrm.links import LinkRejected

FORM_BYTES = 16 * 1024
FORM_FIELDS = 50
FORM_SECONDS = 5
"""A form that trickles in slower than this is not sent by a phone."""

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Form = dict[str, list[str]]


class Refused(Exception):  # noqa: N818 (reads as what it is)
    """A request that gets a kind page instead of what it asked for. `notice`: a key of NOTICES."""

    def __init__(self, notice: str) -> None:
        super().__init__(notice)
        self.notice = notice


NOTICES: dict[str, tuple[int, str, str]] = {
    "bad": (404, "这个链接打不开", "可能没有复制完整。回到聊天里再点一次原来的链接，或者让导购重新发你一个。"),
    "expired": (410, "这个链接过期了", "不要紧，跟导购说一声，重新发你一个就好。"),
    "ended": (410, "这份小调研已经结束了", "谢谢你点开。想说的随时可以直接告诉导购。"),
    "declined": (200, "好的，不打扰", "想聊的时候直接找导购就行。"),
    "cookies": (403, "页面没能记住你", "请在微信里直接打开链接；如果关闭了 Cookie，打开后再试一次。"),
    "form": (403, "这一页放得太久了", "为了安全没有提交。回到聊天里重新点开链接，答过的不会丢。"),
    "foreign": (403, "没有提交", "这次提交不是从我们的页面发出的，已经拦下。"),
    "sense": (400, "没看懂这次提交", "刷新一下再试。"),
    "large": (413, "内容太多了", "少写几句再提交，细节可以直接告诉导购。"),
    "often": (429, "点得有点快", "歇一分钟再继续，答过的都在。"),
    "stale": (410, "这个链接过期了", "链接只在当天用得上。在企业微信里点开应用，会收到一个新的。"),
    "stranger": (403, "看不到这位客户", "你和这位客户已经不是好友了，或者从来不是。"),
    "own_word": (403, "这是客户自己退的", "只有对方自己能改回来，在对方手机上的“想收到什么”里。"),
    "nothing": (404, "现在没有要填的", "这位客户没有进行中的小调研。"),
    "over": (410, "这份调研已经结束", "客户说过这次不填，或者时间已经过了，不再追问。"),
    "busy": (503, "暂时打不开", "是我们这边的问题，过一会儿再试试，答过的不会丢。"),
}
"""Status, title and words of every page that says no."""


class Pages:
    """Templates of templates/pages as answers. `images`: from where they may come, for the content security policy."""

    def __init__(self, folder: Path, images: str = "data:") -> None:
        self._folder, self._images = folder, images
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def show(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        """A page. Every template wants a `title`; with a `script`, the address of one of ours, it may load that."""
        nonce, values = secrets.token_urlsafe(12), {"script": "", **values}
        text = self._templates.get_template(template).render(nonce=nonce, **values)
        headers = page_headers(nonce, self._images, scripts=bool(values["script"]))
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)

    def script(self, name: str) -> web.Response:
        """A script of ours, as it lies beside the templates."""
        text = (self._folder / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type="text/javascript", charset="utf-8", headers=PRIVATE)

    def notice(self, name: str, onward: tuple[str, str] | None = None) -> web.Response:
        """A page that says why not. `onward`: address and words of a link below."""
        status, title, words = NOTICES[name]
        return self.show("notice.html", status=status, title=title, words=words, onward=onward)

    def kind(self, handler: Handler, say: Callable[[str], web.Response] | None = None) -> Handler:
        """The handler, with a kind answer for all that it refuses and for our own faults: a page, if no other."""
        say = say or self.notice

        @wraps(handler)
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except LinkRejected as rejected:
                return say(rejected.reason)
            except Refused as refused:
                return say(refused.notice)
            except web.HTTPException:
                raise
            except Exception as error:
                log.exception("page_failed", page=handler.__name__, error=type(error).__name__)
                return say("busy")

        return answer


def page_headers(nonce: str, images: str = "data:", *, scripts: bool = False) -> dict[str, str]:
    """Nothing from elsewhere, no scripts, in nobody's frame, in nobody's cache, and no address told to others.
    `scripts`: files of ours may run, and ask us; nothing that stands in the page itself."""
    own = "script-src 'self'; connect-src 'self'; " if scripts else ""
    policy = (
        f"default-src 'none'; {own}style-src 'nonce-{nonce}'; img-src {images}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, **PRIVATE}


PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
"""Headers of everything about a person."""


def go(path: str) -> web.Response:
    """On to another page of ours; what was posted is not posted again when that one is reloaded."""
    return web.Response(status=303, headers={"Location": path, **PRIVATE})


async def read_body(request: web.Request, clock: Clock) -> bytes:
    """What was posted.

    Raises:
        Refused: too much, or too slow.
    """
    if (request.content_length or 0) > FORM_BYTES:
        raise Refused("large")
    try:
        async with clock.timeout(FORM_SECONDS):
            body = await request.read()
    except (web.HTTPRequestEntityTooLarge, web.RequestPayloadError, TimeoutError):
        raise Refused("large") from None
    if len(body) > FORM_BYTES:
        raise Refused("large")
    return body


async def read_form(request: web.Request, clock: Clock, home: str) -> Form:
    """The fields of a posted form. PostgreSQL keeps no NUL, so none is let in. `home`: the host that people see.

    Raises:
        Refused: not sent by a page of ours, too much, or too slow.
    """
    if not same_site(request, home):
        raise Refused("foreign")
    body = await read_body(request, clock)
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FORM_FIELDS)
    except ValueError:
        raise Refused("large") from None
    return {name: [value.replace("\0", "") for value in values] for name, values in fields.items()}


def values_of(form: Form) -> tuple[str, ...]:
    """What was answered to a question; none: skipped. A blank is no skip, there is a button for that."""
    return () if form.get("action") == ["skip"] else tuple(form.get("answer", ("",)))


def declined(form: Form) -> bool:
    """Whether somebody in the middle of a survey wants no more of it."""
    return form.get("action") == ["decline"]


def same_site(request: web.Request, home: str) -> bool:
    """Whether the browser says that a page of ours sent this, or says nothing.

    Our pages ask for no referrer, so browsers send `Origin: null` with their forms (Fetch standard, "append a request
    Origin header"); what an older browser leaves open, the signed token in the form settles.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin.partition("://")[2] in (home, request.host)


class Turnstile:
    """At most so many passes a minute for each key; counts are dropped with the minute."""

    def __init__(self, clock: Clock, most: int = 30) -> None:
        self._clock = clock
        self._most = most
        self._minute = 0
        self._counts: dict[str, int] = {}

    def enter(self, key: str) -> None:
        """Count one. Raises Refused when it is too many."""
        minute = self._clock.now() // 60
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] > self._most:
            raise Refused("often")

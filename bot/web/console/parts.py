"""Forms that bring a whole file or a picture: larger than other forms, and read piece by piece."""

from __future__ import annotations

from typing import Final

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from bot.clock import Clock
from bot.content.edit import FILE_BYTES
from bot.content.media import LIMITS
from bot.web.pages import Form, Refused, same_site

SECONDS: Final = 60
FIELDS: Final = 20

MOST: Final = FILE_BYTES + LIMITS["image"][1]
"""Bytes of a form: all that any page of ours asks for."""

Files = dict[str, tuple[str, bytes]]
"""Field → (name of the file, its bytes)."""


async def read_parts(request: web.Request, clock: Clock, home: str) -> tuple[Form, Files]:
    """The fields of a posted form, and the files in it.

    Raises:
        Refused: not sent by a page of ours, no such form, too much, or too slow.
    """
    if not same_site(request, home):
        raise Refused("foreign")
    try:
        async with clock.timeout(SECONDS):
            return await _parts(request)
    except TimeoutError:
        raise Refused("large") from None
    except (ValueError, BadHttpMessage):
        raise Refused("sense") from None


async def _parts(request: web.Request) -> tuple[Form, Files]:
    form: Form = {}
    files: Files = {}
    number, left = 0, MOST
    async for part in await request.multipart():
        number += 1
        if not isinstance(part, BodyPartReader) or not part.name or number > FIELDS:
            raise Refused("sense")
        data = await _bytes(part, min(left, FILE_BYTES if part.filename is None else MOST))
        left -= len(data)
        if part.filename is not None:
            files[part.name] = part.filename, data
        else:
            form.setdefault(part.name, []).append(data.decode("utf-8", "replace").replace("\0", ""))
    return form, files


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > most:
            raise Refused("large")
    return bytes(data)

"""Forms that bring a whole file or a picture: larger than other forms, and read piece by piece."""

from __future__ import annotations

from typing import Final

from aiohttp import BodyPartReader, web

from bot.clock import Clock
from bot.content.edit import FILE_BYTES
from bot.content.media import LIMITS
from bot.web.pages import Form, Refused, same_site

SECONDS: Final = 60
FIELDS: Final = 20

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
    except ValueError:
        raise Refused("sense") from None


async def _parts(request: web.Request) -> tuple[Form, Files]:
    form: Form = {}
    files: Files = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name or len(form) + len(files) == FIELDS:
            raise Refused("sense")
        if part.filename is not None:
            files[part.name] = part.filename, await _bytes(part, LIMITS["image"][1])
        else:
            words = await _bytes(part, FILE_BYTES)
            form.setdefault(part.name, []).append(words.decode("utf-8", "replace").replace("\0", ""))
    return form, files


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > most:
            raise Refused("large")
    return bytes(data)

"""What fits into one message, by outlet.

Mass sends (developer.work.weixin.qq.com/document/path/92135): text 4,000 bytes, 9 attachments.
Moments (add_moment_task, reference section 5): text 2,000 characters; 9 images, or one video, or one link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from bot.scrm.actions import Attached
from bot.scrm.kind import Outlet

TEXT_BYTES: Final = 4_000
ATTACHMENTS: Final = 9
MOMENT_CHARACTERS: Final = 2_000
MOMENT_KINDS: Final = {"image": 9, "video": 1, "link": 1}
MOMENT_LINK_TITLE_BYTES: Final = 64


def text_fault(outlet: Outlet, text: str) -> str | None:
    """Why a text, with its longest values filled in, is too long for an outlet."""
    if outlet == "朋友圈":
        return f"{len(text):,} 个字，朋友圈上限 {MOMENT_CHARACTERS:,}" if len(text) > MOMENT_CHARACTERS else None
    size = len(text.encode())
    return f"{size:,} 字节，上限 {TEXT_BYTES:,}（一个汉字 3 字节）" if size > TEXT_BYTES else None


def attachment_faults(outlet: Outlet, attached: Sequence[Attached]) -> Iterator[str]:
    """Why these attachments cannot go out together."""
    kinds = Counter(one.kind for one in attached)
    if outlet != "朋友圈":
        if len(attached) > ATTACHMENTS:
            yield f"图片、视频、卡片共 {len(attached)} 个，最多 {ATTACHMENTS} 个"
        return
    if len(kinds) > 1 or any(kind not in MOMENT_KINDS for kind in kinds):
        yield "朋友圈只能是图片、视频、链接中的一种"
    elif any(count > MOMENT_KINDS[kind] for kind, count in kinds.items()):
        yield f"朋友圈最多 {MOMENT_KINDS['image']} 张图片"

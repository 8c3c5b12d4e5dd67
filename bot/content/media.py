"""content/media/: the files that texts go out with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from bot.yamlfile import did_you_mean

MiB = 1024 * 1024

LIMITS = {
    "image": (("png", "jpg", "jpeg"), 10 * MiB),
    "miniprogram": (("png", "jpg", "jpeg"), 10 * MiB),
    "video": (("mp4",), 10 * MiB),
    "file": ((), 20 * MiB),
}
"""Kind → endings and bytes that media/upload takes (developer.work.weixin.qq.com/document/path/90253)."""

MIN_BYTES = 6


@dataclass(slots=True)
class MediaShelf:
    """The files below a folder, and the digests of those that content refers to."""

    folder: Path
    digests: dict[str, str] = field(default_factory=dict)

    def fault(self, path: str, kind: str) -> str | None:
        """Why a file cannot go out as this kind; None when it can, and it is then in `digests`."""
        file = self.folder / path
        if not file.is_file() or not file.resolve().is_relative_to(self.folder.resolve()):
            return f"找不到 {path}{did_you_mean(path, self._names())}"
        endings, most = LIMITS[kind]
        ending = file.suffix.lstrip(".").lower()
        if endings and ending not in endings:
            return f"{path} 不行，要用 {'、'.join(endings)}"
        size = file.stat().st_size
        if not MIN_BYTES <= size <= most:
            return f"{path} 有 {size:,} 字节，要在 {MIN_BYTES} 到 {most:,} 之间"
        self.digests[path] = hashlib.sha256(file.read_bytes()).hexdigest()
        return None

    def _names(self) -> list[str]:
        return [str(file.relative_to(self.folder)) for file in self.folder.rglob("*") if file.is_file()]

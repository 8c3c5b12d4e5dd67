"""A small valid content folder that each test makes wrong in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.content.load import load
from bot.content.snapshot import Content
from bot.yamlfile import Problems

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"

FILES = {
    "content/personas/brand.yaml": """\
id: brand
name: 屿禾
role: 护肤品牌
voice: 先听再说。
never_say: [最有效]
""",
    "content/personas/xiaohe.yaml": """\
id: xiaohe
name: 小禾
role: 私人护肤顾问
extends: brand
guides: [guide-lin]
voice: 先问再答。
never_say: [亲亲]
""",
    "content/tags.yaml": """\
groups:
  - {group: 肤质, pick: 单选, tags: [干性, 敏感肌]}
  - {group: 来源, set_by: 系统, tags: [包裹卡]}
  - {group: 服务, set_by: 人工, tags: [售后中]}
""",
    "content/channels.yaml": """\
channels:
  - id: parcel
    title: 包裹卡
    class: 电商
    way: 联系我
    rota:
      - {hours: 9:00 ~ 18:00, guides: [guide-lin]}
      - {hours: 18:00 ~ 9:00, guides: [guide-wu]}
    tags: [来源/包裹卡]
  - {id: store, title: 门店码, class: 门店, way: 联系我, rota: [{guides: [guide-wu]}]}
""",
    "content/welcome.yaml": """\
welcomes:
  - id: parcel
    channels: [parcel]
    text: |
      你好，我是屿禾{{ guide.name }}。
    images: [card.png]
  - id: default
    text: 你好，我是{{ guide.name }}。
""",
    "templates/messages/guide/note.txt": "{# 可用：customer.name #}\n{{ customer.name }} 来了\n",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """The two folders below a temporary root."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def messages(self) -> Path:
        return self.root / "templates" / "messages"

    def edit(self, name: str, old: str, new: str) -> Folder:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        return self.write(name, text.replace(old, new, 1))

    def write(self, name: str, text: str) -> Folder:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self

    def load(self) -> Content:
        return load(self.content, self.messages)

    def problems(self) -> list[str]:
        """What is said of the folder, errors and warnings."""
        with pytest.raises(Problems) as caught:
            self.load()
        return [str(problem) for problem in caught.value.problems]

    def warnings(self) -> list[str]:
        return [str(problem) for problem in self.load().warnings]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A valid folder."""
    made = Folder(tmp_path)
    for name, text in FILES.items():
        made.write(name, text)
    (made.content / "media").mkdir()
    (made.content / "media" / "card.png").write_bytes(PNG)
    return made

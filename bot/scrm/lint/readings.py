"""How a text may be read besides as written: what is hidden in syllables, or in signs between single characters.

One character for a syllable, the one that is meant where something is hidden: zhuan发, 手man无. Readings stand beside
the text: lists may name spellings of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from bot.scrm.lint.normal import Normal

_TABLE: Final = (
    "ai癌 bai白 ban斑 bao包 bing病 cai财 cao操 ce测 cheng成 chou丑 chu除 chun唇 dai代 dan淡 di第 ding顶 dou痘 "
    "fa发 fan返 fei肥 fen分 fu付 gan敢 gao高 gen根 gou购 gua挂 guan关 guang光 gun滚 guo国 hao好 hei黑 hong红 "
    "hua花 huan换 huang黄 ji级 jian减 jiang奖 jie借 jin金 jing净 jiu九 jun菌 kai开 kang抗 kuai快 kuan款 la拉 lan烂 "
    "lao老 li礼 lian脸 liao疗 ling领 liu流 lou漏 luan乱 ma码 mai买 man慢 mei美 mi密 miao秒 min敏 ming名 nen嫩 "
    "nian年 pang胖 pi皮 pian骗 qian钱 qiang抢 qin亲 qing清 qu祛 quan圈 ren人 sao骚 se色 sha杀 shen身 sheng生 "
    "shou瘦 shu书 shuai衰 si私 song送 suo缩 tou头 tui退 wan万 wang王 wo我 wu无 xian限 xiang享 xiao消 xing性 "
    "xue学 yan炎 yao药 yi一 yin音 yong用 you有 yu愈 yun运 zan赞 zang脏 zeng赠 zhe折 zhen真 zheng证 zhi治 "
    "zhong中 zhou皱 zhu猪 zhuan转 zhuang妆 zi自 zui最 zuo做"
)
_MEANT: Final = {part[:-1]: part[-1] for part in _TABLE.split()}
_MIXED: Final = re.compile(r"(?<=[\u4e00-\u9fff])[a-z]{2,12}(?![a-z0-9])|(?<![a-z0-9])[a-z]{2,12}(?=[\u4e00-\u9fff])")
_APART: Final = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:[,、;:!?…\n][\u4e00-\u9fff]){2,}(?![\u4e00-\u9fff])")
_SYLLABLE: Final = re.compile("|".join(sorted(_MEANT, key=len, reverse=True)))


def readings(plain: Normal) -> Iterator[Normal]:
    """The text as written; then, if that differs, with syllables as characters, and with single characters joined."""
    yield plain
    if (sounds := _read(plain, _MIXED, _aloud)) is not None:
        yield sounds
    if (joined := _read(plain, _APART, _joined)) is not None:
        yield joined


Part = tuple[str, int, int]
"""A character, and where it begins and ends in the original."""


def _read(plain: Normal, runs: re.Pattern[str], read: Callable[[Normal, int, int], list[Part]]) -> Normal | None:
    """The text with some runs read otherwise; None when nothing changes."""
    parts: list[Part] = []
    done = 0
    for run in runs.finditer(plain.text):
        if other := read(plain, *run.span()):
            parts += [*_kept(plain, done, run.start()), *other]
            done = run.end()
    if not parts:
        return None
    letters, starts, ends = zip(*parts, *_kept(plain, done, len(plain.text)), strict=True)
    return Normal("".join(letters), starts, ends)


def _aloud(plain: Normal, start: int, end: int) -> list[Part]:
    """Syllables as the characters meant; nothing for other letters."""
    found = list(_SYLLABLE.finditer(plain.text, start, end))
    whole = sum(len(one[0]) for one in found) == end - start
    return [(_MEANT[one[0]], *plain.span(*one.span())) for one in found] if whole else []


def _joined(plain: Normal, start: int, end: int) -> list[Part]:
    """Without the signs between: 消、炎、杀、菌."""
    return [part for part in _kept(plain, start, end) if part[0].isalnum()]


def _kept(plain: Normal, start: int, end: int) -> Iterator[Part]:
    return zip(plain.text[start:end], plain.positions[start:end], plain.ends[start:end], strict=True)

"""Charts, where a look says more than a table. Each stands beside the words that say the same."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.scrm.kind import KINDS, Kind
from bot.web.console.sheet import Picture

TEXT, GREEN, LIGHT = "#1d1d1f", "#0b7a5a", "#8a8a90"
WIDTH: Final = 360
"""About what a phone has: drawn wider, labels would shrink with the picture until nobody could read them."""

NARROW: Final = 6
"""Pixels by which pygal takes a Chinese character for narrower than it is."""

BY_NIGHT: Final = "inline:@media (prefers-color-scheme: dark) { text { fill: #f2f2f2 !important } }"
STYLE: Final = {
    "background": "transparent",
    "plot_background": "transparent",
    "foreground": TEXT,
    "foreground_strong": TEXT,
    "foreground_subtle": LIGHT,
    "colors": (GREEN, LIGHT),
    "opacity": 1,
    "opacity_hover": 1,
    "font_family": "sans-serif",
    "label_font_size": 15,
    "major_label_font_size": 15,
    "legend_font_size": 15,
    "value_font_size": 15,
    "value_colors": (TEXT, TEXT),
}
"""A green and a grey that stand out on white and on black alike; words change with `BY_NIGHT`."""


def shares(title: str, got: Mapping[Kind, int], target: Mapping[Kind, int]) -> Picture:
    """Percent of each kind, beside what was wanted."""
    upwards = KINDS[::-1]  # drawn from below
    chart = _chart([f"{kind} {got[kind]}%（目标 {target[kind]}%）" for kind in upwards], height=260)
    chart.add("实际 %", [got[kind] for kind in upwards])
    chart.add("目标 %", [target[kind] for kind in upwards])
    said = "，".join(f"{kind} {got[kind]}%（目标 {target[kind]}%）" for kind in KINDS)
    return _picture(chart, f"{title}：{said}")


def bars(title: str, numbers: Sequence[tuple[str, int]]) -> Picture:
    """A number for each name."""
    numbers = numbers[::-1]  # drawn from below
    labels = [f"{name} {number:,}" for name, number in numbers]
    chart = _chart(labels, height=60 + 44 * len(numbers), show_legend=False)
    chart.add(title, [number for _, number in numbers])
    return _picture(chart, f"{title}：" + "，".join(f"{name} {number}" for name, number in numbers[::-1]))


def _chart(labels: Sequence[str], **more: Any) -> Any:
    """Bars beside these labels, which say how much each is: on the bars themselves a number would be half in colour."""
    # Loaded with the first chart: most of a server's time nobody looks at one.
    from pygal.config import Config
    from pygal.graph.horizontalbar import HorizontalBar
    from pygal.style import Style

    # pygal hangs an importer for its map plugins into Python, as one did before 3.4; we have no maps.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    plain = {"js": (), "truncate_label": -1, "margin_left": 8 + NARROW * max(map(_wide, labels))}
    plain |= {"legend_at_bottom": True, "show_x_labels": False, "show_y_guides": False, "show_x_guides": False}
    plain |= {"css": ("file://style.css", "file://graph.css", BY_NIGHT)}
    chart = HorizontalBar(Config(style=Style(**STYLE), width=WIDTH, margin=8, **{**plain, **more}))
    chart.x_labels = list(labels)
    return chart


def _wide(label: str) -> int:
    return sum(character > "\u2e7f" for character in label)


def _picture(chart: Any, words: str) -> Picture:
    return Picture(chart.render_data_uri(), words)

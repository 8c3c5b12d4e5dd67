"""How `plan` shows the steps of sequences."""

from __future__ import annotations

HEAD = ("时间", "序列的一步", "客户", "导购", "结果", "内容", "为什么")
CELLS = ("at", "entry", "people", "guides", "outcome", "item", "because")
ONE_BY_ONE = "序列的每位客户到时还要一个个看（退订、疲劳、先信任……）：main.py explain 客户"

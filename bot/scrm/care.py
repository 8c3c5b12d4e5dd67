"""Our manners, until staff write them in content/care.yaml."""

from __future__ import annotations

from typing import Final

from bot.scrm.week import Hours

QUIET: Final = Hours(21 * 60, 9 * 60)
"""Nobody is reminded then, customer or guide."""

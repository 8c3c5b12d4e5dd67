"""Whether a text may be said: by the law, by the platform's rules, and by the voice that says it.

It knows no words of its own: they come from content/lint/ and from the personas.
"""

from bot.scrm.lint.linter import Linter
from bot.scrm.lint.taboo import Claim, Hit, Severity, Taboo, WordClass

__all__ = ["Claim", "Hit", "Linter", "Severity", "Taboo", "WordClass"]

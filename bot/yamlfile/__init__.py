"""YAML that people write by hand: read strictly, with every problem named in Chinese at its file, line and key.

A leaf: imports nothing of ours. `read` or `parse` a file into a Document, then `validate` it against a pydantic model.
"""

from bot.yamlfile.document import Document, parse, read
from bot.yamlfile.model import Row, validate
from bot.yamlfile.problem import Problem, Problems, any_error, did_you_mean, nearest

__all__ = [
    "Document",
    "Problem",
    "Problems",
    "Row",
    "any_error",
    "did_you_mean",
    "nearest",
    "parse",
    "read",
    "validate",
]

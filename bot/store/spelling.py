"""What is given to a statement at execution is known to it: a column of its table, or a parameter of its own.

SQLAlchemy passes over what it does not know, so a misspelt column of a statement that was composed once would be
silently not written. It is looked at when a statement is compiled, which for each set of names happens once. Of many
rows given at once SQLAlchemy compiles the names of the first: what only a later row has is still passed over, so the
rows of one call have to have the same names.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, Update
from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


@compiles(Insert)
def _insert(statement: Insert, compiler: SQLCompiler, **how: Any) -> str:
    return _known(statement, compiler, compiler.visit_insert(statement, **how))  # type: ignore[no-untyped-call]


@compiles(Update)
def _update(statement: Update, compiler: SQLCompiler, **how: Any) -> str:
    return _known(statement, compiler, compiler.visit_update(statement, **how))


def _known(statement: Insert | Update, compiler: SQLCompiler, text: str) -> str:
    """The text of it. Raises CompileError."""
    unknown = set(compiler.column_keys or ()) - compiler.binds.keys() if statement is compiler.statement else set()
    if unknown:
        raise CompileError(f"{statement.table} has no {', '.join(sorted(unknown))}")
    return text

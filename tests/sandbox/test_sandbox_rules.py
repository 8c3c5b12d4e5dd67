"""The table of rules, the tests and the code's constants say the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from sandbox.rules import RULES, page

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def test_each_rule_names_a_test_that_exists() -> None:
    tests = {
        f"{path.name}::{node.name}"
        for path in HERE.glob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {rule.test for rule in RULES} <= tests


def test_each_constant_of_a_rule_is_in_the_table() -> None:
    files = {f"world.{path.stem}": path for path in (ROOT / "sandbox" / "world").glob("*.py")}
    files["server.callbacks"] = ROOT / "sandbox" / "server" / "callbacks.py"
    held = {f"{module}.{name}" for module, path in files.items() for name in constants_of(path)}
    assert held == {name for rule in RULES for name in rule.constants}


def constants_of(path: Path) -> set[str]:
    """Public names in capitals that the module itself assigns."""
    assigned = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Assign)]
    names = [
        name.id
        for node in assigned
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    ]
    return {name for name in names if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def test_each_rule_has_a_source_and_is_said_once() -> None:
    assert all(re.search(r"\d{5}", rule.source) for rule in RULES)
    assert len({rule.says for rule in RULES}) == len(RULES)


def test_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "sandbox-rules.md").read_text() == page()

"""The container image: what is copied in is let in, and what the program imports is copied."""

from __future__ import annotations

import ast
import re

from demo.stage import ROOT


def copied() -> set[str]:
    """What the Dockerfile takes from this folder."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    return {source for line in lines for source in line.split()}


def imported(folder: str) -> set[str]:
    """The packages of ours that a folder's modules, or a module, import."""
    files = [ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py")
    names: set[str] = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
    return {name for name in names if (ROOT / name).is_dir()}


def test_what_is_copied_is_let_in() -> None:
    """A build sees nothing that .dockerignore does not name."""
    let_in = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    assert copied() <= let_in
    assert all((ROOT / source).exists() for source in copied())


def test_what_is_imported_is_copied() -> None:
    """From main.py on, package by package."""
    seen, ahead = set[str](), {"main.py"}
    while ahead:
        seen |= ahead
        ahead = {name for each in ahead for name in imported(each)} - seen
    assert seen <= copied()

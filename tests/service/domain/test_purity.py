"""The rules are plain Python: they import little, and never ask a clock, the environment or chance."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import service.domain

SOURCES = sorted(Path(service.domain.__file__).parent.glob("*.py"))
OURS = {"models.schema", "models.wording", "models.parsing.identifiers", "service.errors"}
LIBRARIES = {"rfc8785", "uuid_utils"}
OUTSIDE = {
    "os",
    "io",
    "socket",
    "subprocess",
    "time",
    "random",
    "secrets",
    "sqlite3",
    "logging",
    "threading",
    "asyncio",
}
CLOCKS = {"now", "today", "utcnow", "open", "getenv", "environ"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_rule_knows_values_only(source):
    tree = ast.parse(source.read_text("utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    own = {name for name in modules if name.startswith("service.domain")}
    standard = {name for name in modules if name.split(".")[0] in sys.stdlib_module_names - OUTSIDE}
    assert modules - own - standard <= OURS | LIBRARIES
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {getattr(one, "attr", getattr(one, "id", "")) for one in called}
    assert not names & CLOCKS

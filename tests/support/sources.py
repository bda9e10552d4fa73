"""The package as syntax: each module is read once for all the tests of a process that look at it."""

from __future__ import annotations

import ast
import glob
import os
from functools import cache

from tests.support.shell import HOME

PACKAGE = os.path.join(HOME, "fairway_scripts")


@cache
def modules() -> list[str]:
    """The path of every module below the package's folder."""
    found = glob.glob(os.path.join(PACKAGE, "**", "*.py"), recursive=True)
    return sorted(os.path.relpath(path, PACKAGE) for path in found)


@cache
def tree(path: str) -> ast.Module:
    """A module's syntax; the path is one of `modules` or an absolute one."""
    with open(os.path.join(PACKAGE, path), encoding="utf-8") as file:
        return ast.parse(file.read())


@cache
def nodes(path: str) -> tuple[ast.AST, ...]:
    """Every node of a module, the module itself first."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: str) -> set[str]:
    """Every module that a file imports anywhere but for type checking."""
    guards = [node for node in nodes(path) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    typed = {id(node) for guard in guards for part in guard.body for node in ast.walk(part)}
    found: set[str] = set()
    for node in (node for node in nodes(path) if id(node) not in typed):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def mentioned(path: str, name: str) -> bool:
    """Whether a file takes the attribute `name` of anything; one without the word is not parsed for it."""
    with open(path, encoding="utf-8") as file:
        if name not in file.read():
            return False
    return any(isinstance(node, ast.Attribute) and node.attr == name for node in nodes(path))

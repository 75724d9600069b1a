"""The source as syntax trees, for rules that a linter has no name for."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "knowledge", "db", "services", "handlers", "bot")


def files(*packages: str) -> list[Path]:
    """Return the Python files of our packages, migrations left out."""
    found = [path for package in packages or PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert found
    return [path for path in found if "versions" not in path.parts]


def name_of(path: Path) -> str:
    """Return a module's name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def tree_of(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(node: ast.AST) -> str:
    """Return "a.b.c" of an attribute chain, with "" for what is not a name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def mentions(path: Path) -> Iterator[tuple[str, int]]:
    """Give every name or attribute chain of a file, written out with what its imports stand for, and its line."""
    tree = tree_of(path)
    meaning: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            meaning |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            meaning |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node)):
            first, dot, rest = name.partition(".")
            yield meaning.get(first, first) + dot + rest, node.lineno


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Give the last name of everything that is called, such as "commit" of `db.commit()`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
            yield name, node.lineno

"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Module(NamedTuple):
    """One Python file of ours."""

    path: str  # from the root of the checkout, with /
    text: str
    tree: ast.Module


@cache
def our_files() -> tuple[str, ...]:
    """Every file that is tracked or could be, from the root of the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        paths = _python_files()  # a copy without git
    else:
        paths = listed.stdout.split("\0")
    return tuple(path for path in sorted(paths) if path and (ROOT / path).is_file())


def _python_files() -> list[str]:
    folders = ("geodata", "dashboard", "tests")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path.relative_to(ROOT).as_posix() for path in found]


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Python files below these folders."""
    paths = [path for path in our_files() if path.endswith(".py") and path.startswith(folders)]
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in paths}
    return tuple(Module(path, text, ast.parse(text)) for path, text in texts.items())


def imported(tree: ast.AST) -> set[str]:
    """Names of the top-level packages imported anywhere in the file."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text; a call or subscript on the way is written `()` or `[]`."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{dotted(node.value)}.{node.attr}"
        case ast.Call():
            return f"{dotted(node.func)}()"
        case ast.Subscript():
            return f"{dotted(node.value)}[]"
    return "?"


def calls(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and dotted name of every call."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(node.lineno, dotted(node.func)) for node in found]

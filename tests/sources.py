"""The project's own source files, for tests that read code instead of running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("vietnam", "records", "accounts", "beneficiaries", "clusters", "programs", "reports", "khuyencong")
SURFACES = ("views", "api")
LOWER_ROOMS = ("lifecycle", "querysets", "models", "policy", "workflow")


@cache
def modules(*, tooling: bool = False) -> tuple[Path, ...]:
    """Python files of the apps, without migrations; with ``tooling``, of dev/ and deploy/ too."""
    folders = [*APPS, *(["dev", "deploy"] if tooling else [])]
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def templates() -> list[Path]:
    folders = [ROOT / "templates", *(ROOT / app / "templates" for app in APPS)]
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def static_files() -> list[Path]:
    folders = [ROOT / "static", *(ROOT / app / "static" for app in APPS)]
    kinds = {".css", ".js", ".svg", ".html", ".json", ".webmanifest"}
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in kinds]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room(path: Path) -> str:
    """The room a module belongs to: ``programs/views/plans.py`` and ``programs/views.py`` are "views"."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if len(parts) > 1 else parts[0]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, node: ast.AST) -> str:
    return f"{name_of(path)}:{getattr(node, 'lineno', 0)}"

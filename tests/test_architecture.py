"""House rules no linter can state. Each message says what to do instead.

Floors and rooms are import-linter's (pyproject.toml, ``./run check``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db.models import BigIntegerField, Model

from tests import sources
from tests.sources import functions, modules, name_of, place, room, tree

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 40, 80
# Names that XML needs; nothing is fetched from them.
NAMESPACES = ("http://www.w3.org/", "http://schemas.openxmlformats.org/")
WRITES_STATE = {"programs/workflow.py"}
SCOPED_WORDS = "visible_to"


def _report(found: Iterable[str], advice: str) -> None:
    lines = sorted(set(found))
    assert not lines, advice + "\n  " + "\n  ".join(lines)


def test_files_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules(tooling=True)}
    _report(
        (f"{name}: {length} lines" for name, length in lengths.items() if length > FILE_LINES),
        f"Files over {FILE_LINES} lines: make a package with one noun a file.",
    )


def test_functions_stay_short() -> None:
    found = (
        f"{place(path, function)} {function.name}: {length} lines"
        for path in modules(tooling=True)
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    )
    _report(found, f"Functions over {FUNCTION_LINES} lines: name the steps and make each a function.")


def test_templates_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in sources.templates()}
    _report(
        (f"{name}: {length} lines" for name, length in lengths.items() if length > TEMPLATE_LINES),
        f"Templates over {TEMPLATE_LINES} lines: move a piece into templates/components/ or a _partial.html.",
    )


def _writes_state(node: ast.AST) -> bool:
    match node:
        case ast.Assign(value=ast.Attribute(value=ast.Name(id="TrancheState"))):
            return False  # a tranche has a state of its own
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
        case (
            ast.AugAssign(target=ast.Attribute(attr="state"))
            | ast.AnnAssign(target=ast.Attribute(attr="state"))
        ):
            return True
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
            return True
        case ast.Call(func=ast.Attribute(attr="update"), keywords=keywords):
            return any(keyword.arg == "state" for keyword in keywords)
        case ast.Call(func=ast.Attribute(attr="bulk_update"), args=arguments, keywords=keywords):
            values = [*arguments, *(keyword.value for keyword in keywords)]
            return any(
                isinstance(part, ast.Constant) and part.value == "state"
                for each in values
                for part in ast.walk(each)
            )
    return False


def test_only_the_workflow_writes_a_projects_state() -> None:
    found = (
        place(path, node)
        for path in modules()
        if path.parts[-2] == "programs" or "programs" in path.parts
        for node in ast.walk(tree(path))
        if name_of(path) not in WRITES_STATE and _writes_state(node)
    )
    _report(
        found, "A project's state is written by programs.workflow.take alone: call it with the action's name."
    )


@pytest.mark.parametrize(
    "code",
    [
        "project.state = 'X'",
        "setattr(project, 'state', 'X')",
        "Project.objects.filter(pk=1).update(state='X')",
        "Project.objects.bulk_update(rows, ['version', 'state'])",
    ],
)
def test_the_state_rule_sees_every_way_of_writing(code: str) -> None:
    assert any(_writes_state(node) for node in ast.walk(ast.parse(code)))


def _scoped_models() -> set[str]:
    """Models whose vocabulary knows ``visible_to``: rows of one office must not reach another."""
    return {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, SCOPED_WORDS)}


def _unscoped_reads(node: ast.AST, scoped: set[str]) -> bool:
    match node:
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr="objects"), attr=verb):
            return verb == "all" or (name in scoped and verb not in {SCOPED_WORDS, "none"})
        case ast.Call(
            func=ast.Name(id="get_object_or_404" | "get_list_or_404"), args=[ast.Name(id=name), *_]
        ):
            return name in scoped
    return False


def test_pages_and_api_begin_with_what_the_person_may_see() -> None:
    scoped = _scoped_models()
    found = (
        place(path, node)
        for path in modules()
        if room(path) in sources.SURFACES
        for node in ast.walk(tree(path))
        if _unscoped_reads(node, scoped)
    )
    _report(
        found,
        "Views and API start from Model.objects.visible_to(user), never .all() or a bare .filter()/.get().",
    )


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        ("Project.objects.all()", True),
        ("Project.objects.filter(pk=1)", True),
        ("get_object_or_404(Project, pk=1)", True),
        ("Project.objects.visible_to(user).get(pk=1)", False),
        ("Sector.objects.on(day)", False),
        ("Sector.objects.all()", True),
    ],
)
def test_the_scope_rule_tells_scoped_reads_from_others(code: str, bad: bool) -> None:
    assert any(_unscoped_reads(node, {"Project"}) for node in ast.walk(ast.parse(code))) is bad


def test_lower_rooms_know_nothing_of_requests() -> None:
    forbidden = ("django.http", "django.shortcuts", "django.contrib.messages", "rest_framework")
    found = (
        f"{place(path, node)} imports {name}"
        for path in modules()
        if room(path) in sources.LOWER_ROOMS and not name_of(path).startswith("khuyencong/")
        for node in ast.walk(tree(path))
        for name in _imported(node)
        if name.startswith(forbidden)
    )
    _report(
        found, "Models, policy and workflow take keyword arguments and an actor, and raise domain errors."
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_what_a_client_sends_never_names_columns() -> None:
    """``filter(**request.GET)`` and ``order_by(request.GET[…])`` let a client ask about any column."""
    found = (
        place(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"filter", "exclude", "get", "order_by", "values", "annotate"}
        and _takes_request_as_names(node)
    )
    _report(found, "Use an explicit FilterSet or a table of allowed orderings.")


def _takes_request_as_names(call: ast.Call) -> bool:
    spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
    named = call.args if isinstance(call.func, ast.Attribute) and call.func.attr == "order_by" else []
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"GET", "POST", "query_params", "data"}
        for value in [*spread, *named]
        for part in ast.walk(value)
    )


def test_pages_ask_no_other_site_for_anything() -> None:
    address = re.compile(r"""https?://[^\s"'<>)]+|(?:src|href)\s*=\s*["']//[^"']+|url\(\s*["']?//[^)]+""")
    found = (
        f"{name_of(path)}: {match[0]}"
        for path in [*sources.templates(), *sources.static_files()]
        for match in address.finditer(path.read_text(encoding="utf-8"))
        if not match[0].startswith(NAMESPACES)
    )
    _report(found, "Everything a page needs is served from here: put the file into static/.")


def test_output_is_escaped() -> None:
    """``mark_safe`` in Python is ruff's S308: it stays only with a reason on its line."""
    unsafe = re.compile(r"\|\s*safe\b|\{%\s*autoescape\s+off|\|\s*safeseq\b")
    found = [name_of(path) for path in sources.templates() if unsafe.search(path.read_text())]
    _report(found, "Build markup in templates or with format_html, which escape.")


def test_money_is_whole_dong() -> None:
    wrong = (
        f"{model.__name__}.{field.name} is a {type(field).__name__}"
        for model in _our_models()
        for field in model._meta.get_fields()
        if field.name.endswith("_vnd") and not isinstance(field, BigIntegerField)
    )
    _report(wrong, "Money is stored in whole đồng: use vietnam.fields.VndField.")


def _our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in sources.APPS]


def test_every_app_has_its_floor() -> None:
    """The folder list, INSTALLED_APPS and the import contract name the same apps."""
    import tomllib

    project = tomllib.loads((sources.ROOT / "pyproject.toml").read_text())
    floors = project["tool"]["importlinter"]["contracts"][0]["layers"]
    ours = {config.name for config in apps.get_app_configs() if "." not in config.name} & set(floors)
    assert set(floors) == set(sources.APPS) == ours
